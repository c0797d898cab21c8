// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/kernel/map/stack.hpp>
#define BPFXX_TEST_KIND spec::stack
#include <kernel/map/line_serve.hpp>
