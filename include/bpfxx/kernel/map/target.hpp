// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// The one body of all kinds that an XDP program sends packets to.
#include <bpfxx/core/verdict.hpp>
#include <bpfxx/kernel/map/declare.hpp>

namespace bpfxx::map {
BPFXX_MAP_FIELDS_BEGIN
template <u32 Kind, u32 Capacity, u64 Options> struct target {
    int (*type)[Kind];
    u32 *key, *value;
    int (*max_entries)[Capacity];
    BPFXX_MAP_OPTIONS(Options);

    /// `return ports.redirect(3);`: xdp::redirect if there is a target under this number, else the other action
    /// (Linux 5.3), which may be aborted, drop, pass or tx.
    BPFXX_INLINE auto redirect(u32 to, xdp::action otherwise = xdp::pass) -> xdp::action {
        return static_cast<xdp::action>(helper::redirect_map(this, to, static_cast<u64>(otherwise)));
    }
    /// A copy to every interface of the map (Linux 5.14), perhaps to all but the one that it came from.
    BPFXX_INLINE auto broadcast(bool also_back = false) -> xdp::action {
        static_assert(Kind == BPF_MAP_TYPE_DEVMAP || Kind == BPF_MAP_TYPE_DEVMAP_HASH,
                      "interfaces only have broadcast");
        auto const flags = BPF_F_BROADCAST | (also_back ? 0 : BPF_F_EXCLUDE_INGRESS);
        return static_cast<xdp::action>(helper::redirect_map(this, 0, static_cast<u64>(flags)));
    }
};
BPFXX_MAP_FIELDS_END
} // namespace bpfxx::map
