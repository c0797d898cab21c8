// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/net/keys.hpp>

namespace bpfxx::net {
/// What stands in the place of an EtherType and is at most 1500: a length, of a frame of IEEE 802.3. EtherTypes begin at
/// 0x0600; what is between is neither.
struct frame_length {};
BPFXX_INLINE constexpr auto matches(frame_length, ether_type key) -> bool { return static_cast<u16>(key) <= 1500; }
BPFXX_INLINE constexpr auto matches(frame_length, be<ether_type> const &key) -> bool {
    return matches(frame_length{}, key.value());
}
/// For walks: the length is of LLC and what it carries, without padding.
BPFXX_INLINE constexpr auto covered_by(frame_length, ether_type key) -> u32 { return static_cast<u16>(key); }

/// LLC header (IEEE 802.2) of an unnumbered frame; numbered ones, whose control field has two bytes, lead nowhere.
struct llc {
    static constexpr auto id = one_of{frame_length{}, link_type{100}};
    lsap dsap, ssap;
    u8 control;

    /// What starts with ff ff is IPX as Novell sent it, without LLC.
    BPFXX_INLINE constexpr auto valid() const -> bool {
        return (static_cast<u8>(dsap) & static_cast<u8>(ssap)) != 0xff;
    }
    BPFXX_INLINE constexpr auto next() const -> lsap { return control == 0x03 ? dsap : lsap{0}; }
    BPFXX_INLINE constexpr auto is_group() const -> bool { return (static_cast<u8>(dsap) & 1) != 0; }
    BPFXX_INLINE constexpr auto is_response() const -> bool { return (static_cast<u8>(ssap) & 1) != 0; }
};
static_assert(header<llc> && sizeof(llc) == 3);
} // namespace bpfxx::net
