// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "sockmap.bpf.cpp"
#include <kernel/map/sockets_ask.hpp>

using namespace test;

TEST_CASE("natively there is a socket under an index, or there is none") { check_native(2, 1); }

TEST_CASE("bytes go to the socket under an index: out of it, or in to its reader") { check_connections(2, 1); }
