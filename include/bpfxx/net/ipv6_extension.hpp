// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/core/cursor.hpp>
#include <bpfxx/net/keys.hpp>

namespace bpfxx::detail {
/// What a step over an extension header asks of its kind, in a byte: by how much its length counts (the bits of 12), and by how
/// far what it says of a fragment is shifted down, so that only of a fragment header something is left. Zero is another protocol.
struct extension_kinds {
    u8 of[256];
};
inline constexpr u8 eights = 8, fours = 4 + 32, fragments = 1;
constexpr auto make_extension_kinds() -> extension_kinds { // below 64, as a step needs it
    extension_kinds kinds{};
    kinds.of[0] = kinds.of[43] = kinds.of[60] = kinds.of[135] = kinds.of[139] = kinds.of[140] = eights;
    kinds.of[51] = fours;
    kinds.of[44] = fragments;
    return kinds;
}
BPFXX_TABLE("ipv6") auto extension_traits = make_extension_kinds();
} // namespace bpfxx::detail

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
    /// Later are the bits that tell a fragment that is not wanted.
    template <u32 Offset, class Expected, u16 Later = 0xfff8>
    BPFXX_INLINE static auto skip(cursor &here, ip_proto &key, u32, auto const &move) -> reason {
        if (__builtin_expect(is_upper(static_cast<u64>(key)), true)) {
            move(0);
            return reason::none;
        }
        // The verifier goes every way through each step, and again for each way that led here: so there are two at most. What a
        // kind asks for is looked up; but the commonest kinds are branched for, or no step would begin before the look-up ended.
        // Seven registers do: with more, all packets would pay for their saving.
        u64 trait = trait_of(key);
        auto *const first = opaque(here.at + Offset + sizeof(ipv6_extension)); // behind 8 bytes of the first one
        // Behind 8 bytes of this one. The shift gives 0, which the verifier does not know: else the packet would have more bytes to
        // it where there are such headers, and it would tell these ways from others for as long as the packet is looked at.
        u8 *at = opaque(first + (opaque(trait) >> 6));
        // Ways out are one, with no such header too: of a difference of pointers the verifier knows nothing.
        auto const reach = [&]() BPFXX_LAMBDA {
            auto const offset = opaque(bpfxx::detail::distance(first, at)) & (farthest & ~3u);
            if (offset > longest) return false;
            here.at = first - sizeof(ipv6_extension) - Offset;
            move(offset);
            return true;
        };
        if (Expected::by(key) || trait == 0) return reach() ? reason::none : reason::too_deep;
        u64 steps = most + 1;
    again: // a step leaves by BPFXX_BACK_TO
        // Opaque, or clang counts by negations, of which kernels before 6.17 do not know what they make of a number.
        steps = opaque(steps - 1);
        if (steps == 0) return reason::too_deep;
        if (at > here.end) return reason::truncated;
        {
            auto const &h = *reinterpret_cast<ipv6_extension const *>(at - sizeof(ipv6_extension));
            u64 size = 0;
            if (__builtin_expect(trait != bpfxx::detail::eights, false)) {
                u64 const wanted = static_cast<u16>(h.offset.wire() & be16{Later}.wire());
                if (opaque(wanted << 1) >> trait != 0) {
                    key = h.next_header;
                    return reach() ? reason::fragment : reason::too_deep;
                }
                size = opaque((trait & 12) * h.length) & 0xffc; // kernels up to 6.1 know no bounds of such a product
            } else
                size = opaque(u64{h.length} << 3);
            key = h.next_header;
            // Both are read before `at` goes on, or it would need another register.
            asm("" : "+r"(at) : "r"(static_cast<u64>(key)), "r"(size));
            at = opaque(at + size + sizeof(ipv6_extension));
        }
        if (!Expected::by(key)) {
            trait = trait_of(key);
            BPFXX_BACK_TO(again, trait);
        }
        return reach() ? reason::none : reason::too_deep;
    }

  private:
    /// TCP, UDP and ICMP: no extension header is among 1 to 42.
    BPFXX_INLINE static constexpr auto is_upper(u64 k) -> bool {
        if (k - 1 < 42) return true;
        in_order();
        return k == 58;
    }
    BPFXX_INLINE static auto trait_of(ip_proto key) -> u64 {
        return bpfxx::detail::extension_traits.of[static_cast<u8>(key)];
    }
};
static_assert(header<ipv6_extension> && sizeof(ipv6_extension) == 8);
} // namespace bpfxx::net
