// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Walks over whatever headers a packet has, in order (Linux 5.10, with BTF). A step is a function of its own, which the
/// verifier walks through once: inside a loop it would do so for each way through all steps before.
#include <bpfxx/core/dispatch.hpp>
#include <bpfxx/kernel/platform.hpp>

namespace bpfxx {
/// A header that a walk has come to.
template <class Set, class Packet> class walked;
template <header... H, class Packet> class walked<protocols<H...>, Packet> {
    Packet const &packet_;
    u32 index_, offset_, size_, depth_;

  public:
    BPFXX_INLINE walked(Packet const &packet, u32 index, u32 offset, u32 size, u32 depth)
        : packet_{packet}, index_{index}, offset_{offset}, size_{size}, depth_{depth} {}
    BPFXX_INLINE auto index() const -> u32 { return index_; }   ///< in the set of protocols
    BPFXX_INLINE auto offset() const -> u32 { return offset_; } ///< from the packet's start
    BPFXX_INLINE auto size() const -> u32 { return size_; }     ///< options included
    BPFXX_INLINE auto depth() const -> u32 { return depth_; }   ///< how many headers are before it
    template <header A> BPFXX_INLINE auto is() const -> bool {
        static_assert((__is_same(A, H) || ...), "this protocol is not in the set that is walked over");
        return index_ == detail::index_of<A, H...>;
    }
    /// Calls use(header) if it is this one.
    template <header A, class Use> BPFXX_INLINE auto then(Use const &use) const -> bool {
        return is<A>() && packet_.payload().template read<A>(offset_).then(use) == reason::none;
    }
    /// For numbers that a visitor counts up, behind that: `if (found.template is<net::vlan>()) ++tags; found.forget(tags);`.
    /// They stay what they are. But the verifier walks through the rest of the walk for each value that it can tell from
    /// others, and gives up where these are many: four counts of a walk of 12 headers.
    template <class... Number> BPFXX_INLINE auto forget(Number &...numbers) const -> void {
        (bpfxx::forget(numbers, anew(packet_.whole().remaining())), ...);
    }
    /// Calls use(header), whichever it is. Each use is a branch of its own.
    template <class Use> BPFXX_INLINE auto visit(Use const &use) const -> void { (then<H>(use) || ...); }
};

namespace detail {
template <class... H> struct set_from { using type = protocols<H...>; };
template <class... H> struct set_from<protocols<H...>> { using type = protocols<H...>; };
template <class... H> using set_of = typename set_from<H...>::type;

template <class Packet> BPFXX_INLINE auto place_in(Packet const &packet, u32 offset, u32 left) -> cursor {
    auto here = packet.whole();
    here.at = opaque(here.at + bounded<farthest>(offset));
    here.left = static_cast<i64>(left & step::most_left);
    return here;
}
template <class Set, class Packet>
BPFXX_INLINE auto step_in(Packet const &packet, u32 offset, u32 key, u32 left) -> u64 {
    return dispatch<Set>::rare_at(place_in(packet, offset, left), key);
}
} // namespace detail

/// Where a walk has ended, and why: `none` where payload or nothing at all follows.
struct walk_end {
    reason why;
    u32 depth;  // headers that were found
    u32 offset; // what is behind the last one
    u32 left;   // bytes that the length fields allow there; the packet may have fewer
};

/// Calls visit(walked) for each of the first Depth headers; a visitor that answers false ends the walk, with the reason
/// `none`. The packet starts with the set's header number `first`, or with the one that Walker::key_of(key) leads to, at
/// this offset.
template <u32 Depth, class Walker, class Packet, class Visit>
BPFXX_INLINE auto walk(Packet const &packet, Visit const &visit, u32 first = 0, u32 offset = 0) -> walk_end {
    static_assert(Depth > 0 && Depth <= 32, "a walk is bounded: state how many headers to look at, at most 32");
    if (offset > farthest) return {reason::truncated, 0, offset, 0};
    u32 key = first, left = step::most_left, depth = 0;
    auto why = reason::too_deep;
    auto const once = [&]() BPFXX_LAMBDA {
        step s;
        auto const near =
            detail::dispatch<typename Walker::set>::frequent_at(detail::place_in(packet, offset, left), key, s);
        if (near == detail::elsewhere) {
            s = step::unpacked(Walker::step(packet.raw(), offset, key, left));
            if (s.index == step::none) {
                why = static_cast<reason>(s.trimmed().size);
                return false;
            }
        } else if (near != reason::none) {
            why = near;
            return false;
        }
        // From what the visitor does not see: where it compares the size that it is told, this would tell that way from
        // others, in each step anew.
        auto const behind = anew(offset + bounded<farthest>(s.size)) & farthest_place;
        s = s.trimmed();
        if (depth == Depth) return false;
        bool more = true;
        walked<typename Walker::set, Packet> const found{packet, s.index, offset, s.size, depth};
        if constexpr (__is_same(decltype(visit(found)), bool))
            more = visit(found);
        else
            visit(found);
        depth = opaque(depth + 1); // or clang may count in a way in which a verifier does not see an end
        left = s.left;
        key = s.key;
        offset = behind;
        if (!more)
            why = reason::none;
        else if (offset > farthest)
            why = reason::truncated;
        else
            return true;
        return false;
    };
    // Two in a round: a verifier keeps few states of a loop, which it tells by where they are, and would go some ways again.
    BPFXX_ROLLED while (once()) if (!once()) break;
    return {why, depth, offset, left};
}
} // namespace bpfxx

/// BPFXX_WALKER(name, xdp, net::ethernet, net::vlan …), or BPFXX_WALKER(name, xdp, set) with a set of protocols<…>: what
/// walk<12, name>(packet, visit) walks over, for packets of this type of program. Packets start with the first of them,
/// unless walk() is told otherwise.
#define BPFXX_WALKER(name, kind, ...)                                                                                  \
    extern "C" [[gnu::noinline]] bpfxx::u64 name##_step(bpfxx::kind::context *context, bpfxx::u32 offset,              \
                                                        bpfxx::u32 key, bpfxx::u32 left) {                             \
        return bpfxx::detail::step_in<bpfxx::detail::set_of<__VA_ARGS__>>(bpfxx::kind::packet{context}, offset, key,   \
                                                                          left);                                       \
    }                                                                                                                  \
    struct name {                                                                                                      \
        using set = bpfxx::detail::set_of<__VA_ARGS__>;                                                                \
        template <class Key> BPFXX_INLINE static auto key_of(Key const &key) -> bpfxx::u32 {                           \
            return bpfxx::detail::dispatch<set>::code::of(key);                                                        \
        }                                                                                                              \
        BPFXX_INLINE static auto step(bpfxx::kind::context *context, bpfxx::u32 offset, bpfxx::u32 key,                \
                                      bpfxx::u32 left) -> bpfxx::u64 {                                                 \
            return name##_step(context, offset, key, left);                                                            \
        }                                                                                                              \
    }
