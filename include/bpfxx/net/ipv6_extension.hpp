// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/core/cursor.hpp>
#include <bpfxx/net/keys.hpp>

namespace bpfxx::net {
/// What IPv6 extension headers have in common (RFC 8200 section 4; RFC 4302, 6275, 7401, 5533).
struct ipv6_extension {
    static constexpr u32 most = 6; // headers
    /// Bytes of all of them. A packet pointer of the kernel can move by 65535 bytes in all: so there may be twelve times IPv6
    /// in a chain, and then offsets that are not known while compiling.
    static constexpr u32 longest = 2560;
    ip_proto next_header;
    u8 length;   // in 8 bytes, without the first 8; AH: in 4 bytes, without the first 8; fragment header: reserved
    be16 offset; // fragment header alone: offset in 8 bytes << 3 | more fragments
    be32 rest;

    /// Steps over extension headers; `key` becomes the protocol above them, and move(bytes) is called once if they end.
    /// Offset is where they start, seen from the cursor; Expected knows keys at which there is nothing to step over;
    /// `unknown` is any word that the verifier knows nothing of; Later are the bits that tell a fragment that is not wanted.
    template <u32 Offset, class Expected, u16 Later = 0xfff8>
    BPFXX_INLINE static auto skip(cursor &here, ip_proto &key, u32 unknown, auto const &move) -> reason {
        if (__builtin_expect(is_upper(static_cast<u64>(key)), true)) {
            move(0);
            return reason::none;
        }
        // The verifier takes the offset for any number from the start, so all ways to a step are one way to it, and the
        // ways out are one too.
        u64 offset = bounded<farthest & ~3u>(forgotten(0, unknown));
        auto *const first = opaque(here.at + Offset + sizeof(ipv6_extension)); // behind 8 bytes of the first one
        // Behind 8 bytes of this one: at first of the IPv6 header's own, from its next header on, which stands as far in it.
        u8 *at = opaque(first - 42 + sizeof(ipv6_extension));
        u64 steps = most;
        auto const reach = [&]() BPFXX_LAMBDA {
            here.at = first - sizeof(ipv6_extension) - Offset;
            move(opaque(offset));
        };
        // The verifier goes every way through each step, and again for each way that led here: so there is one. What a kind
        // asks for is looked up, and not branched for.
    again: // a step leaves by BPFXX_BACK_TO
        key = *reinterpret_cast<ip_proto const *>(at - sizeof(ipv6_extension));
        {
            auto const k = static_cast<u64>(key);
            auto const place = opaque(k * 87 >> 3 & 56);
            if (Expected::by(key) || (opaque(kinds) >> place & 0xff) != k) {
                if (offset > longest) return reason::too_deep;
                reach();
                return reason::none;
            }
            if (steps == 0) return reason::too_deep;
            // Opaque, or clang counts by negations, of which kernels before 6.17 do not know what they make of a number.
            steps = opaque(steps - 1);
            at = opaque(first + offset);
            if (at > here.end) return reason::truncated;
            auto const &h = *reinterpret_cast<ipv6_extension const *>(at - sizeof(ipv6_extension));
            auto const trait = opaque(opaque(traits) >> place);
            if (h.offset.wire() & (trait >> 7 & 1) * be16{Later}.wire()) {
                if (offset > longest) return reason::too_deep;
                key = h.next_header;
                reach();
                return reason::fragment;
            }
            offset = opaque(offset + h.length * (trait & 12) + 8) & (farthest & ~3u);
        }
        BPFXX_BACK_TO(again, offset);
        return reason::too_deep;
    }

  private:
    /// TCP, UDP and ICMP: no extension header is among 1 to 42.
    BPFXX_INLINE static constexpr auto is_upper(u64 k) -> bool {
        if (k - 1 < 42) return true;
        in_order();
        return k == 58;
    }
    /// In the byte that k * 87 >> 3 & 56 shifts down: 0, 60, 43, 44, 139, 51, 140 and 135, of all that there are; and by how much
    /// the length of such a one counts, or that it is a fragment header, whose length is reserved.
    static constexpr u64 kinds = 0x87'8c'33'8b'2c'2b'3c'00, traits = 0x08'08'04'08'80'08'08'08;
};
static_assert(header<ipv6_extension> && sizeof(ipv6_extension) == 8);
} // namespace bpfxx::net
