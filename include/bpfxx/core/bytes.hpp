// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// What a header carries: bytes up to the packet's end or to what the length fields around it say, whichever is first.
#include <bpfxx/core/cursor.hpp>
#include <bpfxx/core/header.hpp>

namespace bpfxx {
/// The first 8 bytes of a payload in one word, zeros behind its end: to be compared with several short texts.
class prefix {
    u64 word_;

  public:
    /// By how much the i-th byte in memory is shifted in a word.
    BPFXX_INLINE static constexpr auto shift(u32 i) -> u32 {
        return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 56 - 8 * i : 8 * i;
    }
    BPFXX_INLINE explicit prefix(u64 word) : word_{word} {}

    /// Whether it starts with one of these texts of 1 to 8 characters.
    template <u32... N> BPFXX_INLINE auto starts_with(char const (&...texts)[N]) const -> bool {
        static_assert(((N > 1 && N <= 9) && ...), "a prefix is 8 bytes long: compare it with 1 to 8 characters");
        return (starts_with_one(texts) || ...);
    }

  private:
    template <u32 N> BPFXX_INLINE auto starts_with_one(char const (&text)[N]) const -> bool {
        u64 expected = 0;
        __builtin_memcpy(&expected, text, N - 1); // of a literal: a constant
        if constexpr (N == 5 && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
            return static_cast<u32>(word_) == static_cast<u32>(expected);
        constexpr u32 others = 64 - 8 * (N - 1);
        constexpr u64 mask = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? ~u64{0} << others : ~u64{0} >> others;
        return (word_ & mask) == expected;
    }
};

class bytes {
    mutable cursor here_;

  public:
    BPFXX_INLINE bytes() : here_{nullptr, nullptr, 0} {}
    BPFXX_INLINE explicit bytes(cursor const &here) : here_{here} {}

    BPFXX_INLINE auto size() const -> u32 {
        auto const room = here_.remaining();
        if (here_.left < 0) return 0;
        auto const allowed = static_cast<u32>(here_.left);
        return room < allowed ? static_cast<u32>(room) : allowed;
    }
    BPFXX_INLINE auto empty() const -> bool { return !has(1); }

    template <u32 N> BPFXX_INLINE auto starts_with(char const (&text)[N]) const -> bool {
        return has(N - 1) && equal_bytes<N - 1>(here_.at, text);
    }

    BPFXX_INLINE auto start() const -> prefix {
        if (has(8)) return prefix{load<u64>(here_.at)};
        u64 word = 0;
        auto const own = here_.apart();
        BPFXX_ROLLED for (u32 i = 0; i < 7; i++) {
            auto *const at = opaque(own.at + i); // the one address that is checked, and read
            if (own.left <= static_cast<i64>(i) || own.ends_before(at + 1)) break;
            word |= u64{*at} << prefix::shift(i);
        }
        return prefix{word};
    }

    /// The T at this offset. Its type says the byte order: be16, le32, u8, or a struct of such.
    template <class T> BPFXX_INLINE auto read(u32 offset = 0) const -> result<T> {
        static_assert(alignof(T) == 1 && __is_standard_layout(T),
                      "bytes of a packet have no alignment and no byte order: read a be16, le16 or a struct of such");
        u8 *at;
        if (!here_.reaches<sizeof(T)>(offset, at)) return reason::truncated;
        return *reinterpret_cast<T const *>(at);
    }

    /// Where a text starts first, among the first Most offsets.
    template <u32 Most, u32 N> BPFXX_INLINE auto find(char const (&text)[N]) const -> result<u32> {
        constexpr u32 size = N - 1;
        static_assert(size > 0, "every place holds the empty text");
        static_assert(Most > 0 && Most <= 4096, "a search is bounded: state how many offsets to look at, at most 4096");
        if (!settle()) return reason::not_found;
        auto const own = here_.apart();
        BPFXX_ROLLED for (u32 i = 0; i < Most; i++) {
            if (own.left < static_cast<i64>(i + size)) break;
            auto *const at = opaque(own.at + i);
            if (own.ends_before(at + size)) break;
            if (equal_bytes<size>(at, text)) return bounded<farthest>(forgotten(i, here_.unknown()));
        }
        return reason::not_found;
    }

    template <class Text>
    __attribute__((unavailable("a search is bounded: find<64>(\"text\") looks at the first 64 offsets"))) //
    auto
    find(Text const &) const -> result<u32> {
        return reason::not_found;
    }

    /// Copies what there is, at most N bytes, and fills the rest with zeros. How many bytes there were.
    template <u32 N> BPFXX_INLINE auto copy_to(u8 (&out)[N]) const -> u32 {
        static_assert(N <= 256, "a program's memory is small: copy at most 256 bytes");
        if (has(N)) {
            __builtin_memcpy(out, here_.at, N);
            return N;
        }
        __builtin_memset(out, 0, N);
        if (!settle()) return 0;
        auto const own = here_.apart();
        u32 n = 0;
        BPFXX_ROLLED for (; n < N; n++) {
            auto *const at = opaque(own.at + n); // the one address that is checked, and read
            if (own.left < static_cast<i64>(n + 1) || own.ends_before(at + 1)) break;
            out[n] = *at;
        }
        return bounded<511>(forgotten(n, here_.unknown()));
    }

    /// Calls use(word) for the 16-bit words of the first Most bytes, as they lie in memory; a last odd byte comes with a zero.
    template <u32 Most, class Use> BPFXX_INLINE auto for_each_word(Use const &use) const -> void {
        if (!settle()) return;
        auto const own = here_.apart();
        BPFXX_ROLLED for (u32 i = 0; i < Most; i += 2) {
            // Opaque, or the offset is counted from -2, which a kernel from 7.0 on takes for an offset without bounds.
            auto *const at = opaque(own.at + i);
            if (own.left < static_cast<i64>(i + 2) || own.ends_before(at + 2)) {
                if (own.left > static_cast<i64>(i) && !own.ends_before(at + 1))
                    use(static_cast<u16>(__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? *at << 8 : *at));
                break;
            }
            use(load<u16>(at));
        }
    }

    /// What lies behind the first n bytes.
    BPFXX_INLINE auto after(u32 n) const -> result<bytes> {
        if (n > farthest || here_.left < static_cast<i64>(n)) return reason::truncated;
        auto next = here_;
        if (!next.skip(n) || next.ends_before(next.at)) return reason::truncated;
        next.left -= static_cast<i64>(n);
        return bytes{next};
    }

    /// The first n bytes, if there are so many.
    BPFXX_INLINE auto first(u32 n) const -> result<bytes> {
        if (n > farthest || here_.left < static_cast<i64>(n)) return reason::truncated;
        auto const far = bounded<farthest>(__builtin_constant_p(n) ? n : detached(n));
        if (here_.ends_before(here_.at + far)) return reason::truncated;
        // A compiler would conclude from this that less is there as well; a verifier would not.
        return bytes{cursor{opaque(here_.at), here_.end, static_cast<i64>(far), here_.base}};
    }

    /// The bytes as a packet that starts with these headers, though no header has said that it does.
    template <class... Steps> BPFXX_INLINE auto assume() const;

  private:
    BPFXX_INLINE auto settle() const -> bool { return here_.settle(); }
    BPFXX_INLINE auto has(u32 n) const -> bool { return here_.left >= static_cast<i64>(n) && here_.holds(n); }
};
} // namespace bpfxx
