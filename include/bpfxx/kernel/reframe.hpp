// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Packets that are put together anew: other headers in front of a part of what was there. Nothing of a packet is changed
/// until it is known that all of it can be.
#include <bpfxx/core/compose.hpp>
#include <bpfxx/core/result.hpp>
#include <bpfxx/core/verifier.hpp>

namespace bpfxx::detail {
/// What is summed up at most: for UDP over IPv6, where a checksum over all that a tunnel carries has to be.
inline constexpr u32 most_summed = 9216;

/// Adds `size` bytes to a sum; false if they are too many, or not all there.
BPFXX_INLINE auto add_all(u8 *at, u8 *end, u32 size, checksum &sum) -> bool {
    if (at + 1 > end) return size == 0;
    // The verifier knows nothing of the offset but its bound, so that all ways out of the loop are one.
    u32 offset = bounded<farthest>(forgotten(0, *at));
    u64 words = 0;
    BPFXX_ROLLED for (u32 i = 0; i < most_summed / 32; i++) {
        if (offset + 32 > size) break;
        auto *const p = opaque(at + offset);
        if (p + 32 > end) return false;
        for (u32 k = 0; k < 32; k += 4) words += load<u32>(p + k);
        offset = bounded<farthest>(offset + 32);
    }
    BPFXX_ROLLED for (u32 i = 0; i < 16; i++) {
        if (offset + 2 > size) break;
        auto *const p = opaque(at + offset);
        if (p + 2 > end) return false;
        words += load<u16>(p);
        offset = bounded<farthest>(offset + 2);
    }
    if (offset + 1 == size) {
        auto *const p = opaque(at + offset);
        if (p + 1 > end) return false;
        words += static_cast<u16>(__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? *p << 8 : *p);
        ++offset;
    }
    if (offset != size) return false;
    sum.add_folded(words);
    return true;
}

// Why a packet is put together anew: what a network stack is told differs.
struct encapsulating {};
struct decapsulating {};
struct translating {};

template <class First, class... More>
BPFXX_INLINE auto last_of(First const &first, More const &...more) -> auto const & {
    if constexpr (sizeof...(More) == 0)
        return first;
    else
        return last_of(more...);
}

/// A packet with these headers in front of what the last part keeps. Packet::reshape makes it longer or shorter at its
/// start, and says whether it could; seen from the packet's end nothing moves that is kept.
template <class How, class Packet, class... Parts>
BPFXX_INLINE auto reframed(Packet const &packet, Parts const &...parts) -> result<Packet> {
    using all = composition<Parts...>;
    if constexpr (Packet::copies_link && all::keeps == outer_kind::ethernet)
        return reframed<How>(packet, parts..., bpfxx::behind(last_of(parts...)));
    else {
        all made{parts...};
        auto const whole = packet.whole();
        auto const kept = made.from();
        auto const offset = how_far(kept.at, whole.at);
        if constexpr (all::template measured<nowhere>) {
            // Of two bounds the lower one: what the length fields say, and where the packet ends.
            auto size = static_cast<i64>(packet.length()) - offset;
            if (kept.left < size) size = kept.left;
            if (size < 0) return reason::truncated;
            if (size > 0xffff - static_cast<i64>(all::size)) return reason::no_room;
            checksum sum;
            constexpr bool summed = all::template sealed<nowhere>;
            if constexpr (summed)
                if (!add_all(kept.at, whole.end, static_cast<u32>(size), sum)) return reason::no_room;
            made.template complete<summed>(nowhere{}, static_cast<u32>(size), sum);
        } else {
            checksum none;
            made.template complete<false>(nowhere{}, 0, none);
        }
        auto const growth = static_cast<i32>(all::size) - static_cast<i32>(offset);
        if (!Packet::template reshape<How>(packet.raw(), growth, made)) return reason::no_room;
        Packet const now{packet.raw()};
        auto const start = now.whole();
        if (!start.holds(all::size)) return reason::truncated; // never: so many bytes there are now; the verifier asks
        made.write(start.at);
        return now;
    }
}
} // namespace bpfxx::detail
