// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// One step of a walk over whatever headers are there: which of a set of protocols a key leads to, and what lies behind.
#include <bpfxx/core/bytes.hpp>
#include <bpfxx/core/steps.hpp>

namespace bpfxx {
/// The protocols that a walk knows. What is not among them ends it.
template <header... H> struct protocols { static constexpr u32 count = sizeof...(H); };

namespace detail {
// --- key spaces by number: 1, 2 ... in the order in which the set's headers name them
template <class... Spaces> struct spaces {};
template <class Space, class... All> inline constexpr u32 space_number = 0;
template <class Space, class First, class... More>
inline constexpr u32 space_number<Space, First, More...> = __is_same(Space, First) ? 1
                                                           : space_number<Space, More...> == 0
                                                               ? 0
                                                               : 1 + space_number<Space, More...>;
template <class List, class Key> struct with_key { using type = List; };
template <class... S, class Key>
    requires(is_enum<Key> &&space_number<Key, S...> == 0)
struct with_key<spaces<S...>, Key> {
    using type = spaces<S..., Key>;
};
template <class... S, class Key> struct with_key<spaces<S...>, be<Key>> : with_key<spaces<S...>, Key> {};
template <class... S, class A, class B>
struct with_key<spaces<S...>, any_key<A, B>> : with_key<typename with_key<spaces<S...>, A>::type, B> {};
template <class List, class... H> struct spaces_of { using type = List; };
template <class List, class First, class... More>
struct spaces_of<List, First, More...> : spaces_of<typename with_key<List, next_key<First>>::type, More...> {};

// --- a key of any space in 24 bits
/// No key: the walk ends behind this header, for a reason.
inline constexpr u32 stopped = 0xff'ff00;
BPFXX_INLINE constexpr auto stop_for(reason why) -> u32 { return stopped | static_cast<u32>(why); }
template <class Id> inline constexpr bool is_one_of = false;
template <class... Keys> inline constexpr bool is_one_of<one_of<Keys...>> = true;
template <class List> struct codes;
template <class... S> struct codes<spaces<S...>> {
    template <class Key> static constexpr u32 base = space_number<Key, S...> << 16;

    template <class Key>
    requires is_enum<Key> BPFXX_INLINE static constexpr auto of(Key key) -> u32 {
        return base<Key> | static_cast<u32>(key);
    }
    template <class Key> BPFXX_INLINE static constexpr auto of(be<Key> const &key) -> u32 { return of(key.value()); }
    template <class A, class B> BPFXX_INLINE static constexpr auto of(any_key<A, B> const &key) -> u32 {
        return key.second ? of(key.b) : of(key.a);
    }

    /// Whether an id is meant. Plain ids are compared as one number, so that the compiler searches among all of them.
    template <class Id> BPFXX_INLINE static constexpr auto fits(Id const &id, u32 code) -> bool {
        if constexpr (is_enum<Id>)
            return base<Id> != 0 && code == of(id);
        else if constexpr (is_one_of<Id>)
            return fits_one(id, code);
        else
            return (fits_in<S>(id, code) || ...);
    }
    /// What a key says of the length of the header that it leads to and of all behind it, where it is such a length.
    template <class Id> BPFXX_INLINE static constexpr auto limit(Id const &id, u32 code) -> u32 {
        u32 least = static_cast<u32>(unlimited);
        (limit_in<S>(id, code, least), ...);
        return least;
    }
    BPFXX_INLINE static constexpr auto is_hinted(u32 code) -> bool {
        return ((is_hint<S> && code >> 16 == base<S> >> 16) || ...);
    }

  private:
    template <class Space, class Id> BPFXX_INLINE static constexpr auto limit_in(Id const &id, u32 code, u32 &least) {
        if constexpr (is_one_of<Id>)
            limit_in_one<Space>(id, code, least);
        else if constexpr (requires { covered_by(id, Space{}); })
            if ((code & 0xff'0000) == base<Space>) least = covered_by(id, static_cast<Space>(code & 0xffff));
    }
    template <class Space, class First, class... Rest>
    BPFXX_INLINE static constexpr auto limit_in_one(one_of<First, Rest...> const &ids, u32 code, u32 &least) -> void {
        limit_in<Space>(ids.key, code, least);
        if constexpr (sizeof...(Rest) > 0) limit_in_one<Space>(ids.rest, code, least);
    }
    template <class First, class... Rest>
    BPFXX_INLINE static constexpr auto fits_one(one_of<First, Rest...> const &ids, u32 code) -> bool {
        if constexpr (sizeof...(Rest) == 0)
            return fits(ids.key, code);
        else
            return fits(ids.key, code) || fits_one(ids.rest, code);
    }
    template <class Space, class Id> BPFXX_INLINE static constexpr auto fits_in(Id const &id, u32 code) -> bool {
        if constexpr (requires { matches(id, Space{}); })
            return code >> 16 == base<Space> >> 16 && matches(id, static_cast<Space>(code & 0xffff));
        else
            return false;
    }
};
} // namespace detail

/// What a step came to: a header of the set, or why there is none. It travels in one register.
struct step {
    static constexpr u32 none = 0x7f;
    u32 index; // of the header in the set; `none`: the walk ends
    u32 size;  // of the header, options included; at the end the reason
    u32 left;  // bytes behind it that the length fields allow
    u32 key;   // of what follows

    static constexpr u32 most_left = 0x7'ffff;
    BPFXX_INLINE static constexpr auto end(reason why) -> u64 {
        return u64{none} << 24 | u64{static_cast<u32>(why)} << 31;
    }
    BPFXX_INLINE constexpr auto packed() const -> u64 {
        return key | u64{index} << 24 | u64{size} << 31 | u64{left} << 45;
    }
    /// What `trimmed` takes off may be there still.
    BPFXX_INLINE static constexpr auto unpacked(u64 all) -> step {
        return {static_cast<u32>(all) >> 24 & 0x7f, static_cast<u32>(all >> 31), static_cast<u32>(all >> 45),
                static_cast<u32>(all)};
    }
    /// With no more bits than each can have.
    BPFXX_INLINE constexpr auto trimmed() const -> step {
        return {index, bounded<farthest>(size), bounded<most_left>(left), bounded<0xff'ffff>(key)};
    }
};

namespace detail {
/// Not a reason: another has to look.
inline constexpr auto elsewhere = static_cast<reason>(reason_count);
/// Headers that look at the bytes behind them, not at headers that follow.
template <class H> inline constexpr bool looking = false;
template <extended H> inline constexpr bool looking<H> = __is_same(typename H::extension, H);
template <class Set> struct dispatch;
template <header... H> struct dispatch<protocols<H...>> {
    static_assert(sizeof...(H) < step::none, "a walk knows at most 126 protocols");
    using list = typename spaces_of<spaces<>, H...>::type;
    using code = codes<list>;

    /// The header that the key leads to, at a place that the length fields leave `here.left` bytes of, if it is one that most
    /// packets have; else `elsewhere`. A key below 65536 is the number of a header in the set: how a walk starts.
    BPFXX_INLINE static auto frequent_at(cursor const &here, u32 key, step &out) -> reason {
        return try_frequent<0, H...>(here, key, out);
    }
    /// The same for the others: a step, packed, or why there is none.
    BPFXX_INLINE static auto rare_at(cursor const &here, u32 key) -> u64 { return try_rare<0, H...>(here, key); }

  private:
    template <u32 I, header A, header... More> BPFXX_INLINE static auto try_rare(cursor const &here, u32 key) -> u64 {
        if constexpr (!frequent<A>)
            if (leads_to<I, A>(key)) {
                step s;
                auto const why = enter<I, A>(limited<A>(here, key), s);
                return why == reason::none ? s.packed() : step::end(why);
            }
        if constexpr (sizeof...(More) > 0)
            return try_rare<I + 1, More...>(here, key);
        else if (key >= stopped)
            return step::end(static_cast<reason>(key - stopped));
        else
            return step::end(code::is_hinted(key) ? reason::none : reason::other_protocol);
    }
    template <u32 I, header A, header... More>
    BPFXX_INLINE static auto try_frequent(cursor const &here, u32 key, step &out) -> reason {
        if constexpr (frequent<A>)
            if (leads_to<I, A>(key)) {
                static_assert(sizeof(A) >= 4, "a walk steps in place over headers of at least 4 bytes: not `frequent`");
                auto const from = limited<A>(here, key);
                if (auto const why = enter<I, A>(from, out); why != reason::none) return why;
                // To the verifier one state, whichever header it was, or each way through all steps would be another.
                auto const zero = forgotten(0, load<u32>(from.at));
                out.size += zero;
                out.key += zero;
                return reason::none;
            }
        if constexpr (sizeof...(More) > 0)
            return try_frequent<I + 1, More...>(here, key, out);
        else
            return elsewhere;
    }
    template <u32 I, header A> BPFXX_INLINE static auto leads_to(u32 key) -> bool {
        if constexpr (identified<A>)
            return key == I || code::fits(A::id, key);
        else
            return key == I;
    }
    template <header A> BPFXX_INLINE static auto limited(cursor here, u32 key) -> cursor {
        if constexpr (identified<A>) here.limit(code::limit(A::id, key));
        return here;
    }
    template <header A> BPFXX_INLINE static auto next_of(A const &h) {
        if constexpr (requires { h.next_of_walk(); })
            return h.next_of_walk();
        else
            return h.next();
    }
    template <u32 I, header A> BPFXX_INLINE static auto enter(cursor const &here, step &out) -> reason {
        if (!here.holds(sizeof(A)) || here.left < static_cast<i64>(sizeof(A))) return reason::truncated;
        auto const &h = *reinterpret_cast<A const *>(here.at);
        if (!valid(h)) return reason::malformed;
        u64 size = sizeof(A);
        if constexpr (sized<A>) {
            size = h.size();
            if (size < sizeof(A)) return reason::malformed;
        } else if constexpr (optioned<A>)
            size += h.options();
        u32 left = static_cast<u32>(here.left);
        if constexpr (requires { h.covers(); }) left = lesser(left, static_cast<u32>(h.covers()));
        if constexpr (sized<A> || optioned<A>) {
            if (size > farthest) return reason::truncated;
            size = opaque(size) & farthest;
            if (here.ends_before(here.at + size)) return reason::truncated;
        }
        if (left < size) return reason::truncated;
        left -= static_cast<u32>(size);
        u32 key = stopped;
        if constexpr (looking<A>) {
            // Its next header is told by what lies behind it. IPv6 extension headers are headers of their own here.
            u64 more = 0;
            auto next = h.next();
            auto behind = cursor{here.at + size, here.end, static_cast<i64>(left), here.base};
            auto const why = A::template skip<0, expected_at<expects<>, false>>(behind, next, load<u32>(&h),
                                                                                [&](u64 n) BPFXX_LAMBDA { more = n; });
            if (why != reason::none || more > left || size + more > farthest)
                key = stop_for(why != reason::none ? why : reason::truncated);
            else {
                key = code::of(next);
                size += more;
                left -= static_cast<u32>(more);
            }
        } else if constexpr (parent<A>)
            key = code::of(next_of(h));
        if constexpr (requires { h.fragment_bits(); })
            key = chosen(opaque(0 - h.fragment_bits()) >> 31, stop_for(reason::fragment), key);
        else if (fragment(h))
            key = stop_for(reason::fragment);
        out = {I, static_cast<u32>(size), left, key};
        return reason::none;
    }
};
} // namespace detail
} // namespace bpfxx
