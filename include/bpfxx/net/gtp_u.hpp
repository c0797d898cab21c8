// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/core/compose.hpp>
#include <bpfxx/net/ip_version.hpp>

namespace bpfxx::net {
/// GTP-U header, version 1 (3GPP TS 29.281). Its optional fields and extension headers are stepped over on the way to the
/// user's packet, which is taken for the IP whose version stands there; payload() starts with them.
struct gtp_u {
    static constexpr auto id = udp_port{2152};
    static constexpr u32 most = 3; // extension headers; today's networks send one, the PDU session container
    using extension = gtp_u;
    u8 flags = 0x30, message_type = 255; // version 1 with nothing optional, a user's packet
    be16 length{};
    be32 teid{}; // tunnel endpoint identifier

    BPFXX_INLINE constexpr auto valid() const -> bool { return flags >> 4 == 3; } // version 1, and not GTP'
    BPFXX_INLINE constexpr auto next() const -> ether_type { return no_ether_type; }
    BPFXX_INLINE constexpr auto covers() const -> u32 { return sizeof(gtp_u) + length.value(); }
    BPFXX_INLINE constexpr auto lead_to(ether_type) -> void {} // no field says what is inside
    BPFXX_INLINE constexpr auto complete(carried const &c) -> void {
        length = be16{static_cast<u16>(c.length - sizeof(gtp_u))};
    }
    /// A header of this tunnel. With extension headers, or a sequence number: with_options{gtp_u{.flags = 0x34, .teid = …}, …}.
    BPFXX_INLINE static constexpr auto of(u32 teid) -> gtp_u { return {.teid = be32{teid}}; }

    BPFXX_INLINE constexpr auto is_user_data() const -> bool { return message_type == 255; } // a G-PDU
    /// If any of these is set, four bytes follow: sequence number 2, N-PDU number 1, type of the first extension 1.
    BPFXX_INLINE constexpr auto has_extension() const -> bool { return (flags & 4) != 0; }
    BPFXX_INLINE constexpr auto has_sequence() const -> bool { return (flags & 2) != 0; }
    BPFXX_INLINE constexpr auto has_n_pdu() const -> bool { return (flags & 1) != 0; }

    template <u32 Offset, class Expected>
    BPFXX_INLINE static auto skip(cursor &here, ether_type &key, u32 unknown, auto const &move) -> reason {
        auto *const first = opaque(here.at + Offset);
        auto const &header = *reinterpret_cast<gtp_u const *>(first - sizeof(gtp_u));
        bool const is_user_data = header.is_user_data();
        u32 offset = 0;
        if ((header.flags & 7) != 0) {
            offset = 4;
            if (header.has_extension()) {
                // Each ends with the type of the next, and says its length in its first byte.
                offset = bounded<0xffc>(forgotten(4, unknown));
                BPFXX_ROLLED for (u32 steps = most;; steps--) {
                    auto const *const start = opaque(first + offset);
                    if (here.ends_before(start + 1)) return reason::truncated;
                    if (start[-1] == 0) break;
                    if (steps == 0) return reason::too_deep;
                    if (*start == 0) return reason::malformed;
                    offset = bounded<0xffc>(offset + *start * 4u);
                }
            }
        }
        auto const *const inner = opaque(first + offset);
        if (!here.ends_before(inner + 1)) {
            if (is_user_data) key = ip_version(*inner);
        } else if (is_user_data || here.ends_before(inner)) {
            return reason::truncated;
        }
        move(opaque(u64{offset}));
        // The compiler goes on from here for each version by itself, and where these ways meet it would add the offset up once
        // more: to another pointer, of which the verifier knows no bounds.
        here.at = opaque(here.at);
        return reason::none;
    }
};
static_assert(header<gtp_u> && sizeof(gtp_u) == 8);
} // namespace bpfxx::net
