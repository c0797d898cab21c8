// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// What a rewrite can set: a member of a header, some of its bits, or a word that several headers have in common, each in a
/// member of its own.
#include <bpfxx/core/header.hpp>

namespace bpfxx {
namespace detail {
template <class Owner, class T> auto type_of_member(T Owner::*) -> T;
template <class Owner, class T> auto owner_of_member(T Owner::*) -> Owner;
template <auto Field> using type_of = decltype(type_of_member(Field));
template <auto Field> using owner_of = decltype(owner_of_member(Field));

template <auto A, auto B> inline constexpr bool same_field = false;
template <auto A> inline constexpr bool same_field<A, A> = true;
template <auto Field, class Fields> inline constexpr bool is_in = false;
template <auto Field, auto... Of> inline constexpr bool is_in<Field, fields<Of...>> = (same_field<Field, Of> || ...);
} // namespace detail

/// A field as set() takes it: the value that it has, made of what it is to have.
template <auto Field> struct field {
    using type = detail::type_of<Field>;
    static constexpr auto member = Field;
    static constexpr bool whole = true;
    template <class H> using in = field;
    template <class Value> BPFXX_INLINE static constexpr auto made(type const &, Value const &value) -> type {
        static_assert(is_class<Value> || !is_class<type>, "a wire value is not an integer: set(be16{80})");
        return static_cast<type>(value);
    }
    BPFXX_INLINE static constexpr auto value(type const &now) -> type { return now; }
};
template <auto Field, u32 Shift, u32 Width> struct bits {
    using type = detail::type_of<Field>;
    static constexpr auto member = Field;
    static constexpr bool whole = false;
    static constexpr u32 mask = (Width < 32 ? 1u << Width : 0) - 1;
    template <class H> using in = bits;
    template <class Value> BPFXX_INLINE static constexpr auto made(type const &now, Value const &value) -> type {
        static_assert(!is_class<Value>, "bits are set to a number");
        auto const given = static_cast<u32>(value) & mask;
        if constexpr (is_class<type>) {
            using word = typename type::word;
            auto const old = static_cast<word>(now.wire() & network_order(static_cast<word>(~(mask << Shift))));
            auto result = now;
            result.put(static_cast<word>(old | network_order(static_cast<word>(given << Shift))));
            return result;
        } else
            return static_cast<type>((now & ~(mask << Shift)) | given << Shift);
    }
    BPFXX_INLINE static constexpr auto value(type const &now) -> u32 {
        if constexpr (is_class<type>)
            return now.value() >> Shift & mask;
        else
            return now >> Shift & mask;
    }
};

namespace detail {
/// Words, of which each header may have its own; or the header that it is made from, as with_id is.
template <class Word, class H>
concept word_of = requires {
    requires __is_base_of(owner_of<Word::template in<H>::member>, H);
};
template <class... Word> struct any_word {
    static constexpr u32 words = sizeof...(Word); // as many alternatives has the layer that is meant
    template <class H, class Value> static constexpr bool takes = (word_of<Word, H> || ...);
    template <class H, class First, class... More> static constexpr auto pick() {
        if constexpr (word_of<First, H>)
            return typename First::template in<H>{};
        else
            return pick<H, More...>();
    }
    template <class H> using in = decltype(pick<H, Word...>());
};
template <class T, class Value>
concept made_from = requires(Value const &v) {
    static_cast<T>(v);
};
// What a source or destination is, its type tells: an address, a port.
struct src_word {
    static constexpr u32 words = 1;
    template <class H> using in = field<&H::src>;
    template <class H, class Value> static constexpr bool takes = requires(H const &h) {
        requires made_from<decltype(h.src), Value>;
    };
};
struct dst_word {
    static constexpr u32 words = 1;
    template <class H> using in = field<&H::dst>;
    template <class H, class Value> static constexpr bool takes = requires(H const &h) {
        requires made_from<decltype(h.dst), Value>;
    };
};
} // namespace detail
} // namespace bpfxx
