// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// The only code that checks a packet's bounds. It knows no protocol.
#include <bpfxx/core/memory.hpp>
#include <bpfxx/core/verifier.hpp>

namespace bpfxx {
/// What no length field has limited.
inline constexpr i32 unlimited = 0x7fffffff;

/// Offsets that are not known while compiling end here: a packet pointer of the kernel can move by 65535 bytes in all,
/// and the headers before may have taken their part.
inline constexpr u32 farthest = 0x3fff;

/// A place in a packet. The end of the packet and the innermost length field are two independent bounds, and neither is
/// trusted for the other; `left` is how many bytes from here the length fields allow (negative: they lie).
struct cursor {
    u8 *at, *end;
    i32 left;
    u8 *base = nullptr; ///< the packet's first byte; null where the bytes are not in a packet as the kernel has it

    BPFXX_INLINE auto moved(u32 n) const -> cursor { return {at + n, end, left, base}; }
    BPFXX_INLINE auto limit(u32 length) -> void {
        if (static_cast<i32>(length) < left) left = static_cast<i32>(length);
    }
    /// Whether the packet has n bytes from here. This very comparison is what every verifier understands.
    BPFXX_INLINE auto holds(u32 n) const -> bool { return !(at + n > end); }
    /// Bytes from here to the packet's end. The subtraction needs CAP_PERFMON in the kernel; root has it.
    BPFXX_INLINE auto remaining() const -> u64 { return distance(at, end); }
    /// Bytes from the packet's first one to here.
    BPFXX_INLINE auto offset() const -> u64 { return distance(base, at); }

  private:
    BPFXX_INLINE static auto distance(u8 const *from, u8 const *to) -> u64 {
#if defined(__bpf__)
        auto n = reinterpret_cast<u64>(to);
        asm("%0 -= %1" : "+r"(n) : "r"(from)); // clang would rather negate one of the two, which no verifier allows
        return n;
#else
        return static_cast<u64>(to - from);
#endif
    }
};
/// All bytes of a packet.
BPFXX_INLINE auto whole_packet(u8 *first, u8 *end) -> cursor { return {first, end, unlimited, first}; }
} // namespace bpfxx
