// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/kernel/map/xskmap.hpp>
#define BPFXX_TEST_KIND spec::xskmap
#include <kernel/map/target_serve.hpp>
