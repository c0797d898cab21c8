// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// The internet checksum: over bytes (RFC 1071) and after a change (RFC 1624). All words as they lie in memory, since the
/// sum does not care about byte order.
#include <bpfxx/core/bytes.hpp>

namespace bpfxx {
namespace detail {
/// In bits 32 to 47 the two halves of a sum below 2^32 added up, and the carry of that: the three copies of the sum in the
/// product lie 16 bits apart, so halves meet, and what one meeting carries the next one gets. To the product may be added.
BPFXX_INLINE constexpr auto halves_met(u64 sum) -> u64 { return sum * 0x1'0001'0001u; }
} // namespace detail

/// A one's complement sum that is being added up. Its parts begin at even distances from each other.
class checksum {
    u64 sum_ = 0; // 32 bits of carries: room for 2^32 words

  public:
    constexpr checksum() = default;

    BPFXX_INLINE constexpr auto add(u16 word) -> checksum & {
        sum_ += word;
        return *this;
    }
    template <class T> BPFXX_INLINE constexpr auto add(be<T> const &field) -> checksum & {
        static_assert(sizeof(T) == 2 || sizeof(T) == 4, "a field of whole words");
        if constexpr (sizeof(T) == 2)
            sum_ += static_cast<u16>(field.wire());
        else
            sum_ += (field.wire() & 0xffff) + (field.wire() >> 16);
        return *this;
    }
    /// Words that were added up elsewhere.
    BPFXX_INLINE constexpr auto add_folded(u64 words) -> checksum & {
        sum_ += (words & 0xffff'ffff) + (words >> 32);
        return *this;
    }
    BPFXX_INLINE constexpr auto add(checksum const &other) -> checksum & {
        sum_ += other.sum_;
        return *this;
    }
    /// A header or part of one whose size is known and even.
    template <header H> BPFXX_INLINE auto add(H const &h) -> checksum & {
        static_assert(sizeof(H) % 2 == 0, "an odd byte would stand in the wrong half of its word");
        auto const *const at = reinterpret_cast<u8 const *>(&h);
        BPFXX_UNROLLED for (u32 i = 0; i < sizeof(H); i += 2) sum_ += load<u16>(at + i);
        return *this;
    }
    /// At most the first Most bytes of a payload; an odd last byte is followed by a zero (RFC 1071).
    template <u32 Most> BPFXX_INLINE auto add_bytes(bytes const &data) -> checksum & {
        static_assert(Most % 2 == 0 && Most <= 2048, "a sum is bounded: state an even number of bytes, at most 2048");
        data.for_each_word<Most>([&](u16 word) BPFXX_LAMBDA { sum_ += word; });
        return *this;
    }

    /// The value of a checksum field: the complement of the folded sum.
    BPFXX_INLINE constexpr auto value() const -> u16 {
        auto s = (sum_ & 0xffff'ffff) + (sum_ >> 32);
        s = (s & 0xffff) + (s >> 16);
        return static_cast<u16>(~(detail::halves_met(s) >> 32));
    }
};

namespace detail {
/// What changes in a sum where Size bytes, the first of them at an even place, have others in their stead: the old words
/// and the complements of the new ones, as in eqn. 3 of RFC 1624. Never negative, so differences just add up.
template <u32 Size> BPFXX_INLINE auto difference(u8 const *before, u8 const *after) -> u64 {
    if constexpr (Size >= 4)
        return u64{load<u32>(before)} + static_cast<u32>(~load<u32>(after)) +
               difference<Size - 4>(before + 4, after + 4);
    else if constexpr (Size >= 2) {
        auto const changed = u64{load<u16>(before)} + 0xffff - load<u16>(after);
        if (changed >> 17 != 0) __builtin_unreachable(); // which the compiler does not see from a difference
        return changed + difference<Size - 2>(before + 2, after + 2);
    } else if constexpr (Size == 1) {
        constexpr u32 shift = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 8 : 0;
        return (u64{*before} << shift) + ((u32{*after} << shift) ^ 0xffff);
    } else
        return 0;
}
/// A difference in 32 bits, as the kernel's helpers know it: new words less old ones.
BPFXX_INLINE constexpr auto kernels_difference(u64 difference) -> u32 {
    difference = (difference & 0xffff'ffff) + (difference >> 32);
    return static_cast<u32>(~((difference & 0xffff'ffff) + (difference >> 32)));
}
/// What takes a difference back.
BPFXX_INLINE constexpr auto negated(u64 difference) -> u64 { return kernels_difference(difference); }
/// Below 2^32 and with the same checksum. As far as the compiler knows that it is so already, this is shorter.
BPFXX_INLINE constexpr auto shortened(u16 sum, u64 difference) -> u64 {
    if (__builtin_constant_p(difference >> 31 == 0) && difference >> 31 == 0) return sum + static_cast<u32>(difference);
    auto const s = sum + difference;
    return (s & 0xffff) + (s >> 16);
}
} // namespace detail

/// A checksum after all that is in a difference. The sum of all words is never zero, so the checksum is never ffff.
BPFXX_INLINE constexpr auto checksum_changed(u16 sum, u64 difference) -> u16 {
    auto const one = 0x1'0000u; // so that ffff carries too, and becomes 0
    return static_cast<u16>((detail::halves_met(detail::shortened(sum, difference)) + one) >> 32);
}
/// The same where zero means that there is no checksum (UDP): of the two zeros this form gives ffff.
BPFXX_INLINE constexpr auto checksum_changed_nonzero(u16 sum, u64 difference) -> u16 {
    return static_cast<u16>(detail::halves_met(detail::shortened(sum, difference)) >> 32);
}

/// A checksum after one word under it has changed.
BPFXX_INLINE constexpr auto checksum_update(u16 sum, u16 before, u16 after) -> u16 {
    auto const s = u32{static_cast<u16>(~sum)} + static_cast<u16>(~before) + after;
    return static_cast<u16>(~(detail::halves_met(s) >> 32));
}
/// The same where zero means that there is no checksum (UDP): never zero. HC + m + ~m' is eqn. 3 of RFC 1624 without its
/// outer complements; they differ only in which of the two zeros comes out, and this form gives 0xffff.
BPFXX_INLINE constexpr auto checksum_update_nonzero(u16 sum, u16 before, u16 after) -> u16 {
    return static_cast<u16>(detail::halves_met(u32{sum} + before + (after ^ 0xffffu)) >> 32);
}
} // namespace bpfxx
