// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/kernel/map/lru_hash.hpp>
#define BPFXX_TEST_KIND spec::lru_hash
#include <kernel/map/table_serve.hpp>
