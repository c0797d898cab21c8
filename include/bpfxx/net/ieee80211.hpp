// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/core/verifier.hpp>
#include <bpfxx/net/keys.hpp>
#include <bpfxx/net/mac_address.hpp>

namespace bpfxx::net {
/// Header of a Wi-Fi frame (IEEE 802.11) of data, which LLC follows, or of management, which leads nowhere. Those of
/// control are shorter, and malformed here. Behind the struct, where they exist: address 4, QoS control, HT control.
/// Aggregates (A-MSDU) are not taken apart.
struct ieee80211 {
    static constexpr auto id = link_type{105};
    u8 type, flags;
    le16 duration;
    mac_address address1, address2, address3; // receiver, transmitter, and one that to_ds() and from_ds() tell
    le16 sequence_control;                    // fragment 4, sequence number 12 bits

    BPFXX_INLINE constexpr auto valid() const -> bool { return (type & 0x07) == 0; } // version 0
    BPFXX_INLINE constexpr auto options() const -> u64 {
        auto const data = opaque(u64{type}) >> 3 & 1, qos = data & type >> 7, ht = (qos | (data ^ 1)) & flags >> 7;
        return (opaque(u64{flags}) & flags >> 1 & data) * 6 + qos * 2 + ht * 4;
    }
    /// To LLC. What is encrypted, or has no data, leads nowhere.
    BPFXX_INLINE constexpr auto next() const -> link_type {
        return is_protected() || !has_data() ? no_link_type : link_type{100};
    }
    BPFXX_INLINE constexpr auto fragment() const -> bool { return (sequence_control.raw[0] & 0x0f) != 0; }

    BPFXX_INLINE constexpr auto to_ds() const -> bool { return (flags & 0x01) != 0; }
    BPFXX_INLINE constexpr auto from_ds() const -> bool { return (flags & 0x02) != 0; }
    BPFXX_INLINE constexpr auto more_fragments() const -> bool { return (flags & 0x04) != 0; }
    BPFXX_INLINE constexpr auto is_retry() const -> bool { return (flags & 0x08) != 0; }
    BPFXX_INLINE constexpr auto is_protected() const -> bool { return (flags & 0x40) != 0; }
    BPFXX_INLINE constexpr auto is_management() const -> bool { return (type & 0x08) == 0; }
    BPFXX_INLINE constexpr auto is_qos() const -> bool { return (type & 0x88) == 0x88; }
    BPFXX_INLINE constexpr auto has_data() const -> bool { return (type & 0x48) == 0x08; }
    BPFXX_INLINE constexpr auto has_address4() const -> bool { return (flags & 0x03) == 0x03 && !is_management(); }
    BPFXX_INLINE constexpr auto sequence() const -> u16 { return sequence_control.value() >> 4; }
};
static_assert(header<ieee80211> && sizeof(ieee80211) == 24);
} // namespace bpfxx::net
