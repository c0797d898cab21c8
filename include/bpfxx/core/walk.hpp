// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// How a chain is walked: which bounds are checked where, and what is known while compiling. chain.hpp is what is called.
#include <bpfxx/core/layer.hpp>

namespace bpfxx {
namespace detail {
/// The first words of a chain.
struct manner {
    bool exact, ignored;
};
/// What is known of a walk while compiling.
///   offset   where the next header is, seen from the cursor: a step over bytes whose number is known moves nothing
///   room     bytes from there on that a check has covered already
///   exact    bounds are checked header by header
///   open     the last bytes stepped over may lie behind the packet's end
///   limited  a length field has been read, so what is left must not be negative
///   spent    bytes to take off the cursor's `left` for that: a constant, so that it folds into the comparison
///   ignored  no length field is read
struct known {
    u32 offset;
    u32 room;
    bool exact, open, limited;
    i64 spent;
    bool ignored;
};
/// A packet's own start has no length field around it; any other place may have.
template <class Key> constexpr auto at_first(manner m) -> known {
    return {0, 0, m.exact, false, !m.ignored && !__is_same(Key, start), 0, m.ignored};
}
/// Too short for the merged check: truncated, or another reason before that.
inline constexpr auto unclear = static_cast<reason>(reason_count);
template <known K> inline constexpr auto too_short = K.exact ? reason::truncated : unclear;

template <class H>
concept covering = requires(H const &h) {
    h.covers();
};
/// Whether a length field of H limits what is behind it.
template <known K, class H> inline constexpr bool limits = covering<H> && !K.ignored;
template <class H>
concept checked = requires(H const &h) {
    h.valid();
};
/// Whether all that is left to look for need not be there.
template <class... Steps> inline constexpr bool ends_optionally = false;
template <header... H> inline constexpr bool ends_optionally<maybe<H...>> = true;

/// Steps with headers in a row behind them, as IPv6 has. To the verifier each is a loop, on each way that leads to it: so
/// different ways are led to one place before they come to several loops, and from one loop to the next.
template <class Step> inline constexpr bool loops = extended<Step>;
template <header... H> inline constexpr bool loops<either<H...>> = (extended<H> || ...);
template <header... H> inline constexpr bool loops<maybe<H...>> = (extended<H> || ...);
template <class... Steps> inline constexpr bool loops_ahead = (loops<Steps> || ...);
template <class... Steps> inline constexpr bool many_loops_ahead = (u32{loops<Steps>} + ... + 0) > 1;

template <class H>
concept glanced = requires(H const &h) {
    h.glance();
};
/// Whether one key, and so a glance at H, tells that it carries the next step.
template <class H, class... Steps> inline constexpr bool shown = false;
template <glanced H, identified Child, class... More>
inline constexpr bool shown<H, Child, More...> = is_same<decltype(Child::id), next_key<H> const>;
/// Whether a glance at H is the key for all that is asked of its next() until a step must be there.
template <class H, class... Steps> inline constexpr bool judged = false;
template <glanced H, header Child, class... More> inline constexpr bool judged<H, Child, More...> = true;
template <glanced H, header... A, class... More> inline constexpr bool judged<H, either<A...>, More...> = true;
template <glanced H, header... A, class... More>
inline constexpr bool judged<H, maybe<A...>, More...> = expects<More...>::decides;
template <class Key>
concept glance = requires(Key const &key) {
    key.fragment();
};

/// A place where nothing before says what follows.
template <class Key> inline constexpr bool unnamed = __is_same(Key, start) || __is_same(Key, within);
/// Bytes that are checked before a header is looked at.
template <known K, class H, class... Rest>
inline constexpr u32 room_for = K.room >= sizeof(H) ? K.room
                                : K.exact           ? sizeof(H)
                                                    : static_cast<u32>(sizeof(H)) + shortest<Rest...>;
/// Whether bytes were stepped over, or may have been, of which is not known while compiling how many they are.
template <known K> inline constexpr bool deep = K.open || K.limited;
/// `spent` behind a header.
template <known K, header H> inline constexpr i64 spent = (limits<K, H> ? 0 : K.spent) + static_cast<i64>(fixed<H>);
/// What is known behind a header whose variable bytes the cursor has been moved by.
template <known K, header H, class... Rest>
inline constexpr known behind = {K.offset + fixed<H>,
                                 stretches<H> ? 0 : room_for<K, H, Rest...> - static_cast<u32>(sizeof(H)),
                                 K.exact,
                                 stretches<H>,
                                 K.limited || limits<K, H>,
                                 spent<K, H>,
                                 K.ignored};
/// A copy of the cursor that needs no `known` to be understood.
template <known K> BPFXX_INLINE auto plainly(cursor const &here) -> cursor {
    return {here.at + K.offset, here.end, K.limited ? here.left - K.spent : here.left, here.base};
}

/// Checks one header whose fixed bytes are there; n becomes how many of its bytes are not fixed.
template <known K, header H> BPFXX_INLINE auto measure(H const &h, u64 &n) -> reason {
    if (!valid(h)) [[unlikely]]
        return reason::malformed;
    n = 0; // 64 bits, since it is added to a pointer
    if constexpr (sized<H>) {
        n = h.size();
        if (n < sizeof(H)) [[unlikely]]
            return reason::malformed;
    } else if constexpr (optioned<H>)
        n = h.options();
    // What kernels before 6.8 learn of a number from a comparison they do not know of its copy on the stack, and behind other headers
    // registers are so few that one may be made before it and used behind it: there a number is masked, too. So it is everywhere
    // unless the header is frequent: up to 6.1 they know no bounds of a product, nor of what | makes of two numbers.
    if (!__builtin_constant_p(n <= farthest)) {
        // Of a swapped field kernels do not know that it has 16 bits, and before 5.11 they learn that only from a comparison of
        // all 64. Where the compiler sees that n is small, nothing is compared.
        n = opaque(n);
        if (n > farthest) [[unlikely]]
            return reason::truncated;
        n = opaque(n) & farthest;
    } else if constexpr (optioned<H> && (K.open || K.limited || !frequent<H>)) {
        if (!__builtin_constant_p(n)) n = opaque(n) & (__builtin_constant_p(n <= 63) ? 63 : farthest);
    } else if (!__builtin_constant_p(n))
        n = anew(n); // a copy is made behind the comparison at least, as long as registers are left
    return reason::none;
}
/// Moves the cursor by them, and takes them off what is left.
template <known K, header H> BPFXX_INLINE auto advance(H const &h, cursor &here, u64 n) -> void {
    if constexpr (limits<K, H> && K.limited) {
        here.left -= K.spent;
        here.limit(h.covers());
    } else if constexpr (limits<K, H>)
        here.left = static_cast<i64>(h.covers());
    here.at += n;
    if constexpr (K.limited || limits<K, H>) here.left -= static_cast<i64>(n);
}
template <known K, header H> BPFXX_INLINE auto enter(H const &h, cursor &here) -> reason {
    u64 n;
    if (auto const why = measure<K>(h, n); why != reason::none) return why;
    advance<K>(h, here, n);
    return reason::none;
}
/// A key that is read before the cursor moves on: read later, the header's place would need a register beside the cursor's.
template <class Key> BPFXX_INLINE auto read_first(Key const &key, cursor &here, u64 &n) -> Key {
    u64 word = 0;
    if constexpr (requires { key.wire(); })
        word = key.wire();
    else if constexpr (is_enum<Key>)
        word = static_cast<u64>(key);
    asm("" : "+r"(here.at), "+r"(n) : "r"(word));
    return key;
}

/// Whether the packet has all bytes that were stepped over: one check at the end for all variable parts, since what is left
/// only ever becomes less. Distinct: with a branch of its own, where the optimiser would make a number of the sign that is
/// compared, and the verifier would not know what follows from what.
template <known K, bool Distinct = false> BPFXX_INLINE auto whole(cursor const &here) -> reason {
    if constexpr (K.open && Distinct)
        if (!here.holds(K.offset)) [[unlikely]]
            return reason::truncated;
    if constexpr (K.limited)
        if (here.left < K.spent) [[unlikely]] {
            if constexpr (Distinct) in_order();
            return reason::truncated;
        }
    // Last, where it can be: what is left needs a register no more, and the place that is compared does.
    if constexpr (K.open && !Distinct)
        if (!here.holds(K.offset)) [[unlikely]]
            return reason::truncated;
    return reason::none;
}

/// Why a key does not lead on: another protocol, or one tag more than the program allows for.
template <class Outer> struct unexpected {
    BPFXX_INLINE static auto by(auto const &key) -> reason {
        return fragment(key) ? reason::fragment : reason::other_protocol;
    }
};
template <class Before, class H> struct unexpected<after_repeated<Before, H>> {
    template <class Key> BPFXX_INLINE static auto by(Key const &key) -> reason {
        return leads<H>(key) ? reason::too_deep : reason::other_protocol;
    }
};

/// What a walk has come to: the layers, or why there are none.
template <class Out> struct found {
    Out value;
    reason why;
};

template <class Out, known K, class Outer, class... Steps> struct walk {
    template <class Key, class... Done>
    BPFXX_INLINE static auto run(cursor const &here, Key const &, Done const &...done) -> found<Out> {
        if (auto const why = whole<K, true>(here); why != reason::none) return {{}, why};
        return {Out{done...}, reason::none};
    }
};

/// One header.
template <class Out, known K, class Outer, header H, class... Rest> struct walk<Out, K, Outer, H, Rest...> {
    static constexpr u32 room = room_for<K, H, Rest...>;
    static constexpr known after = behind<K, H, Rest...>;

    template <class Key, class... Done>
    BPFXX_INLINE static auto run(cursor here, Key const &key, Done const &...done) -> found<Out> {
        require_order<Outer, H>();
        if (!leads<H>(key)) return {{}, unexpected<Outer>::by(key)};
        // As in whole(). Not in front of a check of the header's own: malformed comes before truncated by a length field.
        if constexpr (K.limited && room != K.room && sizeof...(Rest) == 0 && !stretches<H> && !covering<H> &&
                      !checked<H>)
            if (here.left < after.spent) [[unlikely]]
                return {{}, reason::truncated};
        if constexpr (room != K.room)
            if (!here.holds(K.offset + room)) [[unlikely]]
                return {{}, too_short<K>};
        auto *const h = reinterpret_cast<H *>(here.at + K.offset);
        constexpr bool at_once = shown<H, Rest...>;
        if constexpr (at_once) // before all else: most packets that are not of this form are told by it
            if (auto const seen = h->glance(); !expects<Rest...>::by(seen)) return {{}, unexpected<H>::by(seen)};
        if (auto const why = enter<K>(*h, here); why != reason::none) return {{}, why};
        if constexpr (sizeof...(Rest) == 0) {
            if (auto const why = whole<after>(here); why != reason::none) return {{}, why};
            here.left = opaque(here.left); // or the next comparison with it is made a longer one of a range
            return {Out{done..., layer<H>{h, plainly<after>(here)}}, reason::none};
        } else {
            layer<H> const self{h, plainly<after>(here)};
            if constexpr (at_once)
                return walk<Out, after, start, Rest...>::run(here, start{}, done..., self);
            else if constexpr (judged<H, Rest...>)
                return walk<Out, after, H, Rest...>::run(here, h->glance(), done..., self);
            else {
                auto const up = leave < after.offset, expects<Rest...>, K.limited || K.ignored ? -1 : 0,
                           deep<K> > (*h, here);
                if constexpr (ends_optionally<Rest...>)
                    if (up.why == reason::fragment)
                        return walk<Out, after, H, Rest...>::none(up.to.here, done..., self);
                if (!up) return {{}, up.why};
                return walk<Out, after, H, Rest...>::run(up.to.here, up.to.key, done..., self);
            }
        }
    }
};

/// At most N headers of one kind.
template <class Out, known K, class Outer, u32 N, header H, class... Rest>
struct walk<Out, K, Outer, up_to<N, H>, Rest...> {
    static_assert(!covering<H>, "a header with a length of its own cannot be repeated in one step");
    static constexpr bool covered = !stretches<H> && K.room >= N * sizeof(H);
    static constexpr u32 wanted = sizeof(H) + (K.exact || stretches<H> ? 0 : shortest<Rest...>);
    static constexpr u32 room = covered        ? K.room - N * static_cast<u32>(sizeof(H))
                                : stretches<H> ? 0
                                               : least<K.room, wanted - static_cast<u32>(sizeof(H))>;
    static constexpr known inside = {K.offset, 0, K.exact, K.open, K.limited, K.spent, K.ignored};
    static constexpr bool at_one_place = many_loops_ahead<Rest...>;
    static constexpr known after = {
        K.offset, at_one_place ? 0 : room, K.exact, K.open || stretches<H>, K.limited, K.spent, K.ignored};

    template <class Key, class... Done>
    BPFXX_INLINE static auto run(cursor here, Key const &key, Done const &...done) -> found<Out> {
        require_order<Outer, H>();
        layer<up_to<N, H>> all{0, nullptr};
        auto next = widen<merged_key<Key, next_key<H>>>(key);
        if constexpr (at_once) {
            typename expects<Rest...>::template told<decltype(next)> told{};
            if (auto const why = step<0>(here, next, all, told); why != reason::none) return {{}, why};
            here.at = opaque(here.at); // or what stands behind each number of headers has a register of its own
            if constexpr (at_one_place)
                if (!here.merge()) return {{}, reason::truncated};
            return walk<Out, after, after_repeated<Outer, H>, Rest...>::run(here, told.key, done..., all);
        } else {
            if (auto const why = step<0>(here, next, all, next); why != reason::none) return {{}, why};
            if constexpr (at_one_place)
                if (!here.merge()) return {{}, reason::truncated};
            return walk<Out, after, after_repeated<Outer, H>, Rest...>::run(here, next, done..., all);
        }
    }

  private:
    // What the rest of the chain asks for is told where it is found, and so is a key that leads nowhere.
    static constexpr bool at_once = expects<Rest...>::decides;
    template <u32 I, class Next>
    BPFXX_INLINE static auto step(cursor &here, Next &next, layer<up_to<N, H>> &all, auto &told) -> reason {
        if constexpr (I == N && !at_once)
            return reason::none;
        else {
            // What the rest of the chain asks for is the common case, so it is asked for first.
            if constexpr (at_once) {
                if (__builtin_expect(told.by(next), true)) return reason::none;
                if (!leads<H>(next)) return reason::other_protocol;
                if constexpr (I == N) return reason::too_deep;
            } else if (!leads<H>(next))
                return reason::none;
            if constexpr (I < N) {
                if constexpr (!covered)
                    if (!here.holds(K.offset + wanted)) [[unlikely]]
                        return too_short<K>;
                auto *const h = reinterpret_cast<H *>(here.at + K.offset);
                if (auto const why = enter<inside>(*h, here); why != reason::none) return why;
                if constexpr (K.limited) here.left -= static_cast<i64>(fixed<H>);
                here.at += fixed<H>;
                all.last = opaque(h); // as in maybe
                ++all.count;
                auto const up = leave<K.offset, expects<Rest...>, -1, deep<K>>(*h, here);
                here = up.to.here;
                next = widen<Next>(up.to.key);
                if (!up) return up.why;
                return step<I + 1>(here, next, all, told);
            }
        }
    }
};

/// One header of several, or none.
template <class Out, known K, class Outer, header... H, class... Rest>
struct walk<Out, K, Outer, maybe<H...>, Rest...> {
    static constexpr bool last = sizeof...(Rest) == 0, stretched = (stretches<H> || ...);
    static constexpr bool at_one_place = many_loops_ahead<Rest...>;
    static constexpr u32 room =
        stretched || at_one_place ? 0 : least<K.room, (room_for<K, H, Rest...> - static_cast<u32>(sizeof(H)))...>;
    static constexpr known after = {K.offset, room, K.exact, K.open || stretched, K.limited || (limits<K, H> || ...), 0,
                                    K.ignored};
    static constexpr known inside = {K.offset, K.room, K.exact, K.open, K.limited, last ? K.spent : 0, K.ignored};
    template <class Key> using next_type = typename merged_all<Key, next_key<H>...>::type;

    template <class Key, class... Done>
    BPFXX_INLINE static auto run(cursor here, Key const &key, Done const &...done) -> found<Out> {
        (require_order<Outer, H>(), ...);
        auto next = [&]() BPFXX_LAMBDA {
            if constexpr (last)
                return nothing{}; // nobody asks what follows
            else if constexpr (glance<Key>)
                return typename expects<Rest...>::choice_type{};
            else
                return widen<next_type<Key>>(key);
        }();
        // Of a key that leads to none the verifier keeps nothing: the optimiser is not to ask for it again instead of this.
        layer<maybe<H...>> one{nullptr, opaque(layer<maybe<H...>>::none)};
        // Once for all ways, and opaque: added up with what each way takes off, it would be done once more on each.
        if constexpr (K.limited && !last) here.left = opaque(here.left - K.spent);
        if (auto const why = branch<0, H...>(here, key, next, one); why != reason::none) return {{}, why};
        if constexpr (at_one_place)
            if (!here.merge()) return {{}, reason::truncated};
        if constexpr (last)
            return {Out{done..., one}, reason::none};
        else
            return walk<Out, after, after_optional<Outer, either<H...>>, Rest...>::run(here, next, done..., one);
    }
    /// The end of a chain in a later fragment.
    template <class... Done> BPFXX_INLINE static auto none(cursor const &here, Done const &...done) -> found<Out> {
        if (auto const why = whole<K, true>(here); why != reason::none) return {{}, why};
        return {Out{done..., layer<maybe<H...>>{nullptr, opaque(layer<maybe<H...>>::none)}}, reason::none};
    }

  private:
    /// What the next step is told, or, behind a header that one glance has judged, which of its headers it is.
    template <class Above, class Next>
    BPFXX_INLINE static auto note(auto const &key, reason why, Next &next) -> reason {
        if constexpr (requires { next.find(key); }) {
            if (why != reason::none) return why;
            return next.find(key) ? reason::none : unexpected<Above>::by(key);
        } else {
            next = widen<Next>(key);
            return why;
        }
    }
    template <u32 I, header A, header... More, class Key, class Next>
    BPFXX_INLINE static auto branch(cursor &here, Key const &key, Next &next, layer<maybe<H...>> &one) -> reason {
        // The common case is the step behind these headers; at the end of a chain it is the first of them.
        if (__builtin_expect(expects<Rest...>::by(key), true) || __builtin_expect(!leads<A>(key), !last)) {
            if constexpr (sizeof...(More) > 0) {
                in_order();
                return branch<I + 1, More...>(here, key, next, one);
            }
            if constexpr (last) return whole<K, true>(here);
            if constexpr (glance<Key>)
                return note<Outer>(key, reason::none, next);
            else
                return reason::none;
        }
        if constexpr (room_for<K, A, Rest...> != K.room)
            if (!here.holds(K.offset + room_for<K, A, Rest...>)) [[unlikely]] {
                if constexpr (last && !K.exact)
                    in_order(); // or one comparison becomes several, and the verifier goes all ways
                return too_short<K>;
            }
        auto *const h = reinterpret_cast<A *>(here.at + K.offset);
        u64 n;
        if (auto const why = measure<inside>(*h, n); why != reason::none) return why;
        constexpr bool moves = stretches<A> && parent<A> && !extended<A>;
        auto const above = [&]() BPFXX_LAMBDA {
            if constexpr (moves && !last)
                return read_first(h->next(), here, n);
            else
                return nothing{};
        }();
        advance<inside>(*h, here, n);
        if constexpr (last)
            one = {reinterpret_cast<u8 *>(h), I}; // what is done with each alternative goes on where it was found
        else
            one = {reinterpret_cast<u8 *>(h), opaque(u64{I})};
        constexpr known entered = behind<inside, A>;
        if constexpr (last)
            return whole<entered, true>(here);
        else {
            here.at += fixed<A>;
            if constexpr (entered.limited) here.left -= entered.spent;
            if constexpr (moves) {
                return note<A>(above, fragment(*h) ? reason::fragment : reason::none, next);
            } else {
                auto const up = leave<K.offset, expects<Rest...>, -1, deep<K>>(*h, here);
                here = up.to.here;
                return note<A>(up.to.key, up.why, next);
            }
        }
    }
};

/// One header of several. All branches leave at one offset, so that the rest exists once.
template <class Out, known K, class Outer, header... H, class... Rest>
struct walk<Out, K, Outer, either<H...>, Rest...> {
    static constexpr u32 end = K.offset + least<fixed<H>...>;
    static constexpr bool last = sizeof...(Rest) == 0, stretched = (stretches<H> || ...);
    static constexpr known after = {end,
                                    stretched ? 0 : least<(room_for<K, H, Rest...> - static_cast<u32>(sizeof(H)))...>,
                                    K.exact,
                                    stretched,
                                    K.limited || (limits<K, H> || ...),
                                    least<spent<K, H>...>,
                                    K.ignored};
    using key_type = typename layer<either<H...>>::key;

    template <class Key, class... Done>
    BPFXX_INLINE static auto run(cursor here, Key const &key, Done const &...done) -> found<Out> {
        (require_order<Outer, H>(), ...);
        layer<either<H...>> one{here.at + K.offset, 0, {}, {}};
        if (auto const why = branch<0, H...>(here, key, one); why != reason::none) return {{}, why};
        if constexpr (last)
            return {Out{done..., one}, reason::none};
        else {
            auto const &above = one.above;
            if constexpr (ends_optionally<Rest...>)
                if (above.why == reason::fragment)
                    return walk<Out, after, either<H...>, Rest...>::none(above.to.here, done..., one);
            if (!above) return {{}, above.why};
            auto onward = above.to.here;
            if constexpr (loops<either<H...>> && loops_ahead<Rest...>)
                if (!onward.merge()) return {{}, reason::truncated};
            return walk<Out, after, either<H...>, Rest...>::run(onward, above.to.key, done..., one);
        }
    }

  private:
    template <u32 I, header A, header... More, class Key>
    BPFXX_INLINE static auto branch(cursor &here, Key const &key, layer<either<H...>> &one) -> reason {
        constexpr bool undecided = unnamed<Key> && sizeof...(More) > 0; // its own bytes say which one it is
        if (!leads<A>(key)) {
            if constexpr (sizeof...(More) == 0)
                return unexpected<Outer>::by(key);
            else
                return branch<I + 1, More...>(here, key, one);
        }
        if constexpr (room_for<K, A, Rest...> != K.room)
            if (!here.holds(K.offset + room_for<K, A, Rest...>)) [[unlikely]] {
                if constexpr (undecided && sizeof(A) > least<sizeof(A), sizeof(More)...>)
                    if (branch<I + 1, More...>(here, key, one) == reason::none) return reason::none;
                return too_short<K>;
            }
        auto *const h = reinterpret_cast<A *>(here.at + K.offset);
        if constexpr (undecided)
            if (!begins(*h)) return branch<I + 1, More...>(here, key, one);
        if (auto const why = enter<K>(*h, here); why != reason::none) return why;
        constexpr known entered = behind<K, A, Rest...>;
        one.which = opaque(u64{I});
        if constexpr (last) // each branch for itself: what need not be checked here is not
            if (auto const why = whole<entered>(here); why != reason::none) return why;
        one.behind = plainly<entered>(here);
        // As the last step, what is above starts a walk of its own; otherwise this walk goes on from there.
        if constexpr (last)
            here = one.behind;
        else {
            here.at += K.offset + fixed<A> - end;
            if constexpr (entered.limited) here.left -= entered.spent - after.spent;
        }
        constexpr i64 taken = K.limited || K.ignored ? -1 : last ? entered.spent : entered.spent - after.spent;
        auto const up = leave < last ? 0 : end, expects<Rest...>, taken, deep<K> > (*h, here);
        // The chain ends here, and at once. One by one: clang threads no jumps through what becomes of `||`.
        if constexpr (extended<A> && !last) {
            if (up.why == reason::truncated) return reason::truncated;
            if (up.why == reason::too_deep) return reason::too_deep;
        }
        one.above = {{up.to.here, widen<key_type>(up.to.key)}, up.why};
        return reason::none;
    }
};
} // namespace detail
} // namespace bpfxx
