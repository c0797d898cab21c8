// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/kernel/map/per_cpu_hash.hpp>
#define BPFXX_TEST_KIND spec::per_cpu_hash
#include <kernel/map/table_serve.hpp>
