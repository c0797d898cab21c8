// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/kernel/map/declare.hpp>

namespace bpfxx::map {
/// BPF_MAP_TYPE_CGROUP_ARRAY (Linux 4.8): control groups to ask about. There are none on the host.
BPFXX_MAP_FIELDS_BEGIN
template <u32 Capacity, u64 Options> struct cgroup_array {
    int (*type)[BPF_MAP_TYPE_CGROUP_ARRAY];
    u32 *key, *value;
    int (*max_entries)[Capacity];
    BPFXX_MAP_OPTIONS(Options);

    /// Whether the packet is of a socket below that group; only of packets that leave.
    template <class Packet> BPFXX_INLINE auto holds(Packet const &packet, u32 index) -> bool {
        static_assert(
            context_itself<Packet> || requires { typename Packet::of_a_cgroup; },
            "only TC and LWT programs ask for the group of a packet");
        return helper::skb_under_cgroup(context_of(packet), this, index) == 1;
    }
    /// Whether the process that the program runs in is below that group: of tracing programs.
    BPFXX_INLINE auto holds_current(u32 index) -> bool { return helper::current_task_under_cgroup(this, index) == 1; }
};
BPFXX_MAP_FIELDS_END
} // namespace bpfxx::map

namespace bpfxx {
template <u32 Capacity, map_options O>
auto declared(map_spec<map_kind::cgroup_array, u32, u32, Capacity, O> *) -> map::cgroup_array<Capacity, O.code()>;
} // namespace bpfxx
