// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/net/keys.hpp>

namespace bpfxx::net {
/// DCCP generic header (RFC 4340 section 5.1) as far as its two forms agree. options() is the rest of it up to the data:
/// of the extended form the lower sequence number first, then what the type adds, then options.
struct dccp {
    static constexpr auto id = ip_proto{33};
    be16 src, dst;
    u8 data_offset; // in 4 bytes
    u8 ccval_cscov;
    be16 checksum;
    u8 type_extended;
    u8 sequence_top; // of 24 bits the upper 8; extended: reserved
    be16 sequence;   // of 24 bits the lower 16; extended: of 48 bits the upper 16

    using sum = not_incremental<sum_over::pseudo>; // how much it covers of the data, each packet says

    BPFXX_INLINE constexpr auto size() const -> u32 { return data_offset * 4u; }
    /// Types 10 to 15 are reserved; only data, ack and data-ack (2 to 4) have the short form.
    BPFXX_INLINE constexpr auto valid() const -> bool {
        return is_extended() ? type() < 10 && size() >= 16 : type() - 2u < 3;
    }

    BPFXX_INLINE constexpr auto type() const -> u32 { return type_extended >> 1 & 0xfu; }
    BPFXX_INLINE constexpr auto is_extended() const -> bool { return (type_extended & 1) != 0; }
    BPFXX_INLINE constexpr auto source() const -> be16 { return src; }
    BPFXX_INLINE constexpr auto destination() const -> be16 { return dst; }
};
static_assert(header<dccp> && sizeof(dccp) == 12);
} // namespace bpfxx::net
