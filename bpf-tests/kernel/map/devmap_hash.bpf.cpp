// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/kernel/map/devmap_hash.hpp>
#define BPFXX_TEST_KIND spec::devmap_hash
#include <kernel/map/target_serve.hpp>
