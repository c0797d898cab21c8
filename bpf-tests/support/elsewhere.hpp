// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// What BPF_PROG_TEST_RUN of other kernels and architectures does otherwise, for answers that were recorded on a
/// little-endian machine.
#include <algorithm>
#include <bit>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <cstddef>
#include <string>
#include <support/requirement.hpp>
#include <utility>
#include <vector>

namespace bpfxx::test {
inline constexpr bool big = std::endian::native == std::endian::big;

/// What it cannot do with programs of this type, as a sentence.
inline auto not_here(u32 type) -> std::string {
    if (type == BPF_PROG_TYPE_CGROUP_SKB && this_kernel().version < release{6, 16})
        return "BPF_PROG_TEST_RUN shows cgroup_skb programs an empty packet before Linux 6.16";
    return {};
}
/// The longest packet of which a program sees all: what the kernel keeps behind it grows with its cache lines.
inline auto longest_packet() -> std::size_t { return this_kernel().machine == "s390x" ? 3328 : 3520; }

/// Keys of a flow dissector are of the machine's byte order, except for what was copied from the packet.
inline auto as_recorded(std::vector<u8> &keys) -> void {
    if (!big || keys.size() < sizeof(bpf_flow_keys)) return;
    for (u32 const at : {0u, 2u, 4u}) std::swap(keys[at], keys[at + 1]);
    std::reverse(keys.begin() + offsetof(bpf_flow_keys, flags), keys.begin() + offsetof(bpf_flow_keys, flags) + 4);
}
/// Before 6.1 it only says whether a flow dissector has answered BPF_OK: 1 if it has, else 0.
inline auto as_recorded(u32 verdict, u32 recorded) -> u32 {
    return this_kernel().version < release{6, 1} && (verdict == 1) == (recorded == BPF_OK) ? recorded : verdict;
}
} // namespace bpfxx::test
