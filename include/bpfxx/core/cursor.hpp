// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// The only code that checks a packet's bounds. It knows no protocol.
#include <bpfxx/core/memory.hpp>
#include <bpfxx/core/verifier.hpp>

namespace bpfxx {
/// What no length field has limited.
inline constexpr i64 unlimited = 0x7fffffff;

/// Offsets that are not known while compiling end here: a packet pointer of the kernel can move by 65535 bytes in all,
/// and the headers before may have taken their part.
inline constexpr u32 farthest = 0x3fff;

namespace detail {
/// How many bytes of a packet lie between two places of it.
BPFXX_INLINE auto distance(u8 const *from, u8 const *to) -> u64 {
#if defined(__bpf__)
    auto n = reinterpret_cast<u64>(to);
    asm("%0 -= %1" : "+r"(n) : "r"(from)); // clang would rather negate one of the two, which no verifier allows
    return n;
#else
    return static_cast<u64>(to - from);
#endif
}
} // namespace detail

/// Places before a loop, of which the verifier does not know how far in the packet they are, end here.
inline constexpr u32 farthest_place = 2 * farthest | 1;

/// A place in a packet. The end of the packet and the innermost length field are two independent bounds, and neither is
/// trusted for the other; `left` is how many bytes from here the length fields allow (negative: they lie).
struct cursor {
    u8 *at, *end;
    i64 left;
    u8 *base = at; ///< the first byte of the packet, as far as it is known

    BPFXX_INLINE auto moved(u32 n) const -> cursor { return {at + n, end, left, base}; }
    BPFXX_INLINE auto limit(u64 length) -> void {
        if (static_cast<i64>(length) < left) left = static_cast<i64>(length);
    }
    /// Whether the packet has n bytes from here. This very comparison is what every verifier understands.
    BPFXX_INLINE auto holds(u32 n) const -> bool { return !ends_before(at + n); }
    /// Whether the packet ends before this place. Of one that does the verifier lets nothing be read any more, so the place is
    /// compared and nothing else: a header that stands there has a register of its own.
    BPFXX_INLINE auto ends_before(u8 const *place) const -> bool {
        asm("" : "+r"(place) : "r"(end)); // not as opaque() has it, or the two would be one register after all
        return place > end;
    }
    /// Bytes from here to the packet's end. The subtraction needs CAP_PERFMON in the kernel; root has it.
    BPFXX_INLINE auto remaining() const -> u64 { return detail::distance(at, end); }

    /// This place, of which the verifier knows no more how far in the packet it is: all ways to here become one. False where
    /// it lies farther than an offset may.
    BPFXX_INLINE auto merge() -> bool {
        auto const offset = opaque(detail::distance(base, at));
        if (offset > farthest) return false;
        at = opaque(base + offset);
        return true;
    }
    /// Whether Size bytes are there at this offset, and where. An offset that is not known while compiling may be a loop's, or
    /// computed from what tells one way from another: the verifier forgets that, and what a round finds out about the bounds.
    template <u32 Size> BPFXX_INLINE auto reaches(u32 offset, u8 *&place) const -> bool {
        if (offset > farthest) return false;
        auto const far = bounded<farthest>(__builtin_constant_p(offset) ? offset : detached(offset));
        if (left < static_cast<i64>(far + Size)) return false;
        // The one address that is checked and used; and a compiler would conclude from it that less is there as well.
        place = opaque(at + far);
        return !ends_before(place + Size);
    }
    /// Moves by n, which is at most `farthest`. A packet pointer of the kernel can move by 65535 bytes in all: so moves that are not
    /// known while compiling do not add up, each is one from the packet's beginning. False where it is farther than a place may be.
    BPFXX_INLINE auto skip(u32 n) -> bool {
        auto const known = __builtin_constant_p(n);
        auto const offset = static_cast<u32>(detail::distance(base, at)) + n;
        auto const far = known ? offset : detached(offset);
        if (far > farthest_place) return false;
        at = known && n < 256 ? at + n : opaque(base + bounded<farthest_place>(far));
        return true;
    }
    /// Before a loop: this place becomes one of which the verifier knows nothing but that it is in the packet, so all ways to
    /// the loop are one, and are one from there on. False where there is no byte, and none is left then. What starts further
    /// in the packet than a place can be settled is not there any more either.
    BPFXX_INLINE auto settle() -> bool {
        if (left < 1) return false;
        if (!holds(1)) {
            left = 0; // so the next loop is not reached
            return false;
        }
        auto const offset = opaque(detail::distance(base, at));
        auto const near = chosen(same(static_cast<u32>(offset >> 15), 0), ~0u, 0);
        at = opaque(base + (offset & farthest_place));
        left = static_cast<i64>(forgotten(static_cast<u32>(left), static_cast<u32>(offset)) & near);
        return true;
    }
    /// The same place, of which the verifier does not know that it is the same. What a loop over it finds out about the
    /// bounds it forgets behind the loop, so the ways out of one are one.
    BPFXX_INLINE auto apart() const -> cursor {
        auto const any = unknown();
        auto n = left;
        forget(n, u64{any});
        return {opaque(at + bounded<1>(forgotten(0, any))), end, n, base};
    }
    /// A number that may be any, for all that the verifier knows: with less, one that is forgotten keeps a range that tells
    /// it from others. Each loop has one of its own.
    BPFXX_INLINE auto unknown() const -> u32 { return static_cast<u32>(anew(remaining())); }
};
/// All bytes of a packet.
BPFXX_INLINE auto whole_packet(u8 *first, u8 *end) -> cursor { return {first, end, unlimited, first}; }
} // namespace bpfxx
