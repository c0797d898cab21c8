// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// The words of a chain, and which of them may follow which: a question of types alone.
#include <bpfxx/core/header.hpp>
#include <bpfxx/core/verifier.hpp>

namespace bpfxx {
/// At most Most headers of one kind, none also being right: up_to<2, vlan>.
template <u32 Most, header H> struct up_to {};
/// One header, or one of several, or none: maybe<gre>. At the end of a chain a later fragment has none either.
template <header... H> struct maybe {};
/// One header of several: either<ipv4, ipv6>. What follows it exists once in the program.
template <header... H> struct either {};

/// First word of a chain: each header is checked for itself, and the reason of a failure is known at once. Without it the
/// first check asks for all bytes that the shortest such packet has, which is faster; if a packet is shorter and somebody
/// asks for the reason, a second walk finds it. For programs that tell reasons apart.
struct exactly {};

/// First word of a chain, or behind `exactly`: length fields limit nothing, and what stands behind the headers ends where the
/// packet ends. For programs that look at headers alone, as the kernel's own flow dissector does; and for segments of more than
/// 64 KiB on their way to or from a network card, whose IP header says 0. Padding is payload then, and a lie is believed.
struct ignoring_lengths {};

struct start {};   ///< key of a packet's first header: anything may stand there
struct within {};  ///< the same inside another packet, whose length fields go on to count
struct nothing {}; ///< key behind a header that has no next()
template <header H> BPFXX_INLINE constexpr auto matches(H const &, start) -> bool { return true; }

/// One of two keys of different spaces (behind maybe<gre>: an ip_proto or an ether_type).
template <class A, class B> struct any_key {
    bool second;
    A a;
    B b;
};

namespace detail {
template <class T> auto some() -> T const &; // declared only
template <class T> struct plain { using type = T; };
template <class T> struct plain<T const &> { using type = T; };
template <class H> struct next_key_of { using type = nothing; };
template <parent H> struct next_key_of<H> { using type = typename plain<decltype(some<H>().next())>::type; };

/// Whether a key of type K is one of those that Set may hold.
template <class Set, class K> inline constexpr bool holds_key = is_same<Set, K>;
template <class A, class B, class K>
inline constexpr bool holds_key<any_key<A, B>, K> = is_same<any_key<A, B>, K> || holds_key<A, K> || holds_key<B, K>;

template <class A, class B, bool Covers = holds_key<A, B>> struct merged { using type = any_key<A, B>; };
template <class A, class B> struct merged<A, B, true> { using type = A; };
template <class A, class B> using merged_key = typename merged<A, B>::type;
template <class... K> struct merged_all;
template <class A> struct merged_all<A> { using type = A; };
template <class A, class B, class... More> struct merged_all<A, B, More...> : merged_all<merged_key<A, B>, More...> {};

template <class To, class From> BPFXX_INLINE constexpr auto widen(From const &key) -> To {
    if constexpr (is_same<To, From>)
        return key;
    else if constexpr (holds_key<decltype(To::a), From>)
        return To{false, widen<decltype(To::a)>(key), {}};
    else
        return To{true, {}, widen<decltype(To::b)>(key)};
}

template <class A, class First, class... More>
inline constexpr u32 index_of = __is_same(A, First) ? 0 : 1 + index_of<A, More...>;
template <class A, class Last> inline constexpr u32 index_of<A, Last> = 0;
template <auto First, auto... More> inline constexpr auto least = First < least<More...> ? First : least<More...>;
template <auto Last> inline constexpr auto least<Last> = Last;
} // namespace detail
template <class H> using next_key = typename detail::next_key_of<H>::type;

/// Whether a header can stand behind a key: both are of one key space.
template <class Key, class H> struct follows_key {
    static constexpr bool value = requires(Key key) { matches(H::id, key); };
};
template <class H> struct follows_key<start, H> { static constexpr bool value = true; };
template <class A, class B, class H> struct follows_key<any_key<A, B>, H> {
    static constexpr bool value = follows_key<A, H>::value || follows_key<B, H>::value;
};

/// Whether Inner can stand behind Outer. A trait, so that a failed static_assert prints both names.
template <class Outer, class Inner> struct follows {
    static constexpr bool value = follows_key<next_key<Outer>, Inner>::value;
};
/// The same behind alternatives, and behind a header that may be missing: behind it, or behind what was before it.
template <class Inner, class... H> struct follows<either<H...>, Inner> {
    static constexpr bool value = (follows<H, Inner>::value || ...);
};
template <class Before, class After> struct after_optional {};
template <class Before, class After, class Inner> struct follows<after_optional<Before, After>, Inner> {
    static constexpr bool value = follows<Before, Inner>::value || follows<After, Inner>::value;
};
/// Behind as many as there may be of one header, or what was before them.
template <class Before, class H> struct after_repeated {};
template <class Before, class H, class Inner> struct follows<after_repeated<Before, H>, Inner> {
    static constexpr bool value = follows<Before, Inner>::value || follows<H, Inner>::value;
};
template <class Inner> struct follows<start, Inner> { static constexpr bool value = true; };

namespace detail {
// Called where a chain is impossible. Not a static_assert: of that, the first line of g++ names no header.
template <class Outer, class Inner>
__attribute__((unavailable("the second header cannot stand directly behind the first"))) auto impossible() -> void;
template <class Header>
__attribute__((unavailable("a header that stands behind another needs an id"))) auto impossible_without_id() -> void;
template <class H>
concept identified = requires {
    H::id;
};

template <class Outer, class Inner> BPFXX_INLINE constexpr auto require_order() -> void {
    if constexpr (!__is_same(Outer, start) && !identified<Inner>)
        impossible_without_id<Inner>();
    else if constexpr (!follows<Outer, Inner>::value)
        impossible<Outer, Inner>();
}
} // namespace detail

/// Whether this very key leads to the header.
template <class H, class Key> BPFXX_INLINE constexpr auto leads(Key const &key) -> bool {
    if constexpr (__is_same(Key, start) || __is_same(Key, within))
        return true;
    else if constexpr (follows_key<Key, H>::value)
        return matches(H::id, key);
    else
        return false; // a static_assert has said so already
}
template <class H, class A, class B> BPFXX_INLINE constexpr auto leads(any_key<A, B> const &key) -> bool {
    if (key.second) {
        if constexpr (follows_key<B, H>::value)
            return leads<H>(key.b);
        else
            return false;
    }
    if constexpr (follows_key<A, H>::value)
        return leads<H>(key.a);
    else
        return false;
}

namespace detail {
/// Bytes of a header that are known while compiling: all of it, or nothing if it says its own size.
template <header H> inline constexpr u32 fixed = sized<H> ? 0 : sizeof(H);
template <class H>
concept stretches = sized<H> || optioned<H> || extended<H>;

/// Bytes without which no packet is of the asked form.
template <class... Steps> inline constexpr u32 shortest = 0;
template <header H, class... Rest> inline constexpr u32 shortest<H, Rest...> = sizeof(H) + shortest<Rest...>;
template <u32 N, header H, class... Rest> inline constexpr u32 shortest<up_to<N, H>, Rest...> = shortest<Rest...>;
template <header... H, class... Rest> inline constexpr u32 shortest<maybe<H...>, Rest...> = shortest<Rest...>;
template <header... H, class... Rest>
inline constexpr u32 shortest<either<H...>, Rest...> = least<sizeof(H)...> + shortest<Rest...>;

/// Which of several headers stands here.
template <header... H> struct choice {
    u64 which;
    /// Whether a key leads to one of them.
    template <class Key> BPFXX_INLINE constexpr auto find(Key const &key) -> bool { return search<0, Key, H...>(key); }

  private:
    template <u32 I, class Key, class A, class... More> BPFXX_INLINE constexpr auto search(Key const &key) -> bool {
        which = I;
        if (leads<A>(key)) return true;
        if constexpr (sizeof...(More) > 0) {
            in_order();
            return search<I + 1, Key, More...>(key);
        } else
            return false;
    }
};

/// Whether a key leads to the first of these steps, if they say which that is; `told` is the key for that step then: of
/// several headers it says which one, so nobody asks again.
template <class... Steps> struct expects {
    static constexpr bool decides = false;
    BPFXX_INLINE static constexpr auto by(auto const &) -> bool { return false; }
};
template <header H, class... Rest> struct expects<H, Rest...> {
    static constexpr bool decides = true;
    using choice_type = choice<H>;
    template <class Key> struct told {
        Key key;
        BPFXX_INLINE constexpr auto by(Key const &k) -> bool {
            key = k;
            return leads<H>(k);
        }
    };
    template <class Key> BPFXX_INLINE static constexpr auto by(Key const &key) -> bool { return leads<H>(key); }
};
template <header... H, class... Rest> struct expects<either<H...>, Rest...> {
    static constexpr bool decides = true;
    using choice_type = choice<H...>;
    template <class Key> struct told {
        choice<H...> key;
        BPFXX_INLINE constexpr auto by(Key const &k) -> bool { return key.find(k); }
    };
    template <class Key> BPFXX_INLINE static constexpr auto by(Key const &key) -> bool {
        return (leads<H>(key) || ...);
    }
};
/// The same behind a header; Deep: how far in the packet that one is was not known while compiling.
template <class Expected, bool Deep> struct expected_at : Expected { static constexpr bool deep = Deep; };
} // namespace detail
template <class A, header... H> BPFXX_INLINE constexpr auto leads(detail::choice<H...> const &key) -> bool {
    return key.which == detail::index_of<A, H...>;
}
} // namespace bpfxx
