// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Maps of sockets, as the kernel has them.
#include <bpfxx/kernel/platform.hpp>

namespace bpfxx::test {
struct sockmap {
    int (*type)[BPF_MAP_TYPE_SOCKMAP];
    u32 *key;
    u64 *value;
    int (*max_entries)[4];
};
struct sockarray {
    int (*type)[BPF_MAP_TYPE_REUSEPORT_SOCKARRAY];
    u32 *key;
    u64 *value;
    int (*max_entries)[4];
};
} // namespace bpfxx::test
BPFXX_MAP(sockets, bpfxx::test::sockmap);
BPFXX_MAP(group, bpfxx::test::sockarray);
