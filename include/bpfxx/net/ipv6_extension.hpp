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
inline constexpr u8 extension_protocols[] = {0, 43, 44, 51, 60, 135, 139, 140};
constexpr auto make_extension_kinds() -> extension_kinds { // below 64, as a step needs it
    extension_kinds kinds{};
    for (auto const protocol : extension_protocols) kinds.of[protocol] = eights;
    kinds.of[44] = fragments;
    kinds.of[51] = fours;
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
        // What a kind asks for is looked up; but the commonest kinds are branched for, or no step would begin before the look-up
        // ended. Six registers do: with more, all packets would pay for their saving.
        u64 trait = trait_of(key), steps, none = 0;
        u8 *first, *at; // behind 8 bytes of the first one, and of this one
        // Ways out are one: of a difference of pointers the verifier knows nothing.
        auto const reach = [&]() BPFXX_LAMBDA {
            auto const offset = opaque(bpfxx::detail::distance(first, at)) & (farthest & ~3u);
            if (offset > longest) [[unlikely]]
                return false;
            here.at = first - sizeof(ipv6_extension) - Offset;
            move(offset);
            return true;
        };
        if constexpr (Expected::deep) {
            // Each way from here is gone once more for each way that led here. So the way without such headers moves as well, by
            // nothing, of which the verifier does not know that; what it knows of the way with them, gone first, covers it.
            none = opaque(opaque(trait) * 20) & 0x7fc;
            BPFXX_LATER_AT(upper, trait, none);
        } else if (trait == 0) [[likely]]
            goto upper;
        if constexpr (asked<Expected>)
            if (Expected::by(key)) {
                none = 0;
                goto upper;
            }
        first = opaque(here.at + Offset + sizeof(ipv6_extension));
        // The shift gives 0, which the verifier does not know: else the packet would have more bytes to it where there are such
        // headers, and it would tell these ways from others for as long as the packet is looked at.
        at = opaque(first + (opaque(trait) >> 6));
        steps = most + 1;
    again: // a step leaves by BPFXX_BACK_TO
        // Opaque, or clang counts by negations, of which kernels before 6.17 do not know what they make of a number.
        steps = opaque(steps - 1);
        if (steps == 0) [[unlikely]]
            return reason::too_deep;
        if (at > here.end) [[unlikely]]
            return reason::truncated;
        {
            auto const &h = *reinterpret_cast<ipv6_extension const *>(at - sizeof(ipv6_extension));
            u64 size = 0;
            if (trait != bpfxx::detail::eights) {
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
        trait = trait_of(key);
        if constexpr (asked<Expected>)
            if (Expected::by(key)) trait = 0;
        BPFXX_BACK_TO(again, trait);
        return reach() ? reason::none : reason::too_deep;
    upper:
        move(none);
        return reason::none;
    }

  private:
    /// Whether an extension header itself is asked for.
    template <class Expected> static constexpr auto asks() -> bool {
        for (auto const protocol : bpfxx::detail::extension_protocols)
            if (Expected::by(static_cast<ip_proto>(protocol))) return true;
        return false;
    }
    template <class Expected> static constexpr bool asked = asks<Expected>();
    BPFXX_INLINE static auto trait_of(ip_proto key) -> u64 {
        return bpfxx::detail::extension_traits.of[static_cast<u8>(key)];
    }
};
static_assert(header<ipv6_extension> && sizeof(ipv6_extension) == 8);
} // namespace bpfxx::net
