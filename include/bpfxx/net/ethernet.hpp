// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/net/keys.hpp>
#include <bpfxx/net/mac_address.hpp>

namespace bpfxx::net {
/// Ethernet II frame header (IEEE 802.3 clause 3). A type below 0x0600 is a length, and leads to none of these headers.
struct ethernet {
    static constexpr auto id = ether_type{0x6558}; // transparent bridging: what GRE calls it
    static constexpr auto kind = outer_kind::ethernet;
    mac_address dst{}, src{};
    be<ether_type> type{};

    using sum = summed_by_link;

    BPFXX_INLINE constexpr auto next() const { return type; }
    BPFXX_INLINE constexpr auto lead_to(ether_type t) -> void { type = be{t}; }
};
static_assert(header<ethernet> && sizeof(ethernet) == 14);
} // namespace bpfxx::net
