// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "sockhash.bpf.cpp"
#include <kernel/map/sockets_ask.hpp>

using namespace test;

TEST_CASE("natively there is a socket under a key, or there is none") { check_native(4711, 4710); }

TEST_CASE("bytes go to the socket under a key: out of it, or in to its reader") { check_connections(4711, 4710); }
