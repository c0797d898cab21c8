// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Writes that keep the packet right: a change of a field counts for every checksum that covers it. All that changes in one
/// rewrite is added up, and each checksum is updated once, at its end (RFC 1624). It knows no protocol.
#include <bpfxx/core/checksum.hpp>
#include <bpfxx/core/field.hpp>
#include <bpfxx/core/layer.hpp>

namespace bpfxx {
/// In place of a layer: nothing behind the header before has a checksum that covers its addresses. Later fragments have
/// none, and GRE, ESP and SCTP have none over addresses.
struct no_checksum_behind {};

/// How checksums in the packet are updated: in its bytes. A source whose kernel keeps sums of its own has another one, such
/// as tc::sums, with `kernels` true and what that asks for.
template <class Packet> struct in_place {
    static constexpr bool kernels = false;
    Packet packet;
    BPFXX_INLINE auto result() const -> Packet { return packet; }
    BPFXX_INLINE auto finish() -> void {}
};

namespace detail {
template <class T> struct bare { using type = T; };
template <class T> struct bare<T &> : bare<T> {};
template <class T> struct bare<T const> : bare<T> {};
template <class T> using plain_type = typename bare<T>::type;
template <u32 I, class First, class... More> struct nth_of : nth_of<I - 1, More...> {};
template <class First, class... More> struct nth_of<0, First, More...> { using type = First; };
template <u32 I, class... T> using nth = typename nth_of<I, T...>::type;

template <class H> struct pseudo_of { using type = fields<>; };
template <class H>
    requires requires { typename H::pseudo; }
struct pseudo_of<H> {
    using type = typename H::pseudo;
};
template <class H> struct built_of { using type = fields<>; };
template <class H>
    requires requires { typename H::built; }
struct built_of<H> {
    using type = typename H::built;
};

/// What a header says of its checksum.
struct unsummed {
    static constexpr bool exists = false, carried = false, pseudo = false, incremental = true, by_link = false;
};
template <class Sum> struct sum_facts;
template <sum_over What> struct sum_facts<not_incremental<What>> : unsummed {
    static constexpr bool incremental = false, carried = What != sum_over::header, pseudo = What == sum_over::pseudo;
};
template <> struct sum_facts<summed_by_link> : unsummed { static constexpr bool by_link = true; };
template <auto Field, sum_over What, zero Zero> struct sum_facts<summed<Field, What, Zero>> {
    static constexpr bool exists = true, carried = What != sum_over::header, pseudo = What == sum_over::pseudo,
                          incremental = true, by_link = false, optional = Zero == zero::means_none;
    static constexpr auto field = Field;
};
template <class H> struct sum_of : unsummed {};
template <class H>
    requires requires { typename H::sum; }
struct sum_of<H> : sum_facts<typename H::sum> {};

template <class Id> inline constexpr bool under_sum = key_of_summed<Id>;
template <class Key> inline constexpr bool under_sum<any<Key>> = key_of_summed<Key>;
template <class... Keys> inline constexpr bool under_sum<one_of<Keys...>> = (under_sum<Keys> || ...);

template <class... H> struct list {};
/// A part of a rewrite: a layer, or the statement that there is none.
template <class Part> struct part_facts;
template <class... H> struct part_of {
    using headers = list<H...>;
    template <class Word, class Value> static constexpr u32 takers = (u32{Word::template takes<H, Value>} + ... + 0);
    static constexpr bool summed = (sum_of<H>::exists || ...), carried = (sum_of<H>::carried || ...),
                          incremental = (sum_of<H>::incremental && ...),
                          fixed_addresses = ((sum_of<H>::pseudo && !sum_of<H>::incremental) || ...);
    static constexpr u32 alternatives = sizeof...(H);
    static constexpr bool may_miss = false; // there may be no such header in the packet
};
template <header H> struct part_facts<layer<H>> : part_of<H> {};
template <u32 Most, header H> struct part_facts<layer<up_to<Most, H>>> : part_of<H> {
    static constexpr bool may_miss = true;
};
template <header... H> struct part_facts<layer<maybe<H...>>> : part_of<H...> { static constexpr bool may_miss = true; };
template <header... H> struct part_facts<layer<either<H...>>> : part_of<H...> {};
template <> struct part_facts<no_checksum_behind> : part_of<> {};

template <class Outer, class Headers> inline constexpr bool leads_to = false;
template <class Outer, class... H>
inline constexpr bool leads_to<Outer, list<H...>> = (follows<Outer, H>::value && ...);

/// Bytes to the packet in as few words as possible.
template <u32 Size> BPFXX_INLINE auto copy_words(u8 *to, u8 const *from) -> void {
    if constexpr (Size >= 8)
        store(to, load<u64>(from)), copy_words<Size - 8>(to + 8, from + 8);
    else if constexpr (Size >= 4)
        store(to, load<u32>(from)), copy_words<Size - 4>(to + 4, from + 4);
    else if constexpr (Size >= 2)
        store(to, load<u16>(from)), copy_words<Size - 2>(to + 2, from + 2);
    else if constexpr (Size == 1)
        *to = *from;
}
/// 8 if the bytes at `at` lie at an odd distance behind `start`, where they count for a sum with their halves exchanged.
BPFXX_INLINE auto half(u8 const *at, u8 const *start) -> u32 {
    auto const known = reinterpret_cast<u64>(at) - reinterpret_cast<u64>(start);
    if (__builtin_constant_p(known & 1)) return (known & 1) * 8;
    return static_cast<u32>(distance(start, at) & 1) * 8;
}

template <class... Parts> struct parts {};
template <class Part, class... More> struct parts<Part, More...> {
    Part part;
    u64 packet, pseudo; // differences: of what its checksum covers in the packet, and of its pseudo header
    u32 offset, flags;  // where the kernel finds its checksum, and how it is to treat it; 0 if there is none
    parts<More...> more;
    BPFXX_INLINE explicit parts(Part const &p, More const &...m)
        : part{p}, packet{0}, pseudo{0}, offset{0}, flags{0}, more{m...} {}

    template <u32 I> BPFXX_INLINE auto at() -> auto & {
        if constexpr (I == 0)
            return *this;
        else
            return more.template at<I - 1>();
    }
};
} // namespace detail

/// Changes to some layers of a packet, outer ones first. The bytes change at once; the checksums when it ends.
template <class Sums, class... Layers> class [[nodiscard]] rewriting {
    static constexpr u32 count = sizeof...(Layers);
    Sums sums_;
    detail::parts<Layers...> parts_;

    bool open_ = true;

  public:
    BPFXX_INLINE explicit rewriting(Sums const &sums, Layers const &...layers) : sums_{sums}, parts_{layers...} {}
    rewriting(rewriting const &) = delete;
    BPFXX_INLINE ~rewriting() { end(); }

    /// The packet as it is now, with all checksums right.
    BPFXX_INLINE auto done() {
        end();
        return sums_.result();
    }

    /// A field gets a value, or what a function makes of the one it has: set<&ipv4::ttl>(63). Where a layer is one of several
    /// headers, the field of each: set<&ipv4::ttl, &ipv6::hop_limit>(63).
    template <auto... Field, class Value> BPFXX_INLINE auto set(Value const &value) -> rewriting & {
        return change<detail::any_word<field<Field>...>>(value);
    }
    /// The same for some bits, or for a word that headers have in common: set<vlan::identifier_field>(7), set<hops>(63).
    template <class First, class... More> BPFXX_INLINE auto set(auto const &value) -> rewriting & {
        return change<detail::any_word<First, More...>>(value);
    }
    /// Source and destination of the layer that has one of this type: an address, a port.
    template <class Value> BPFXX_INLINE auto source(Value const &value) -> rewriting & {
        return change<detail::src_word>(value);
    }
    template <class Value> BPFXX_INLINE auto destination(Value const &value) -> rewriting & {
        return change<detail::dst_word>(value);
    }
    /// Bytes of what the last layer carries; gives back those that were there.
    template <class T> BPFXX_INLINE auto write(u32 offset, T const &value) -> result<T> {
        constexpr u32 last = count - 1;
        return write_to(parts_.template at<last>().part.behind, offset, value,
                        [&](u8 *at, u64 d) BPFXX_LAMBDA { this->template pass_out<count>(at, d); });
    }
    /// The same for the options of the last layer: rewrite(ip, segment).write_option(2, be16{1400}).
    template <class T> BPFXX_INLINE auto write_option(u32 offset, T const &value) -> result<T> {
        constexpr u32 last = count - 1;
        auto const &own = parts_.template at<last>().part;
        static_assert(
            requires { own.options(); }, "the last layer named is no header that has options");
        return write_to(own.behind_struct(), offset, value, [&](u8 *at, u64 d) BPFXX_LAMBDA {
            if constexpr (facts<last>::summed)
                parts_.template at<last>().packet += d << detail::half(at, own.start());
            else
                this->template pass_out<last>(at, d);
        });
    }

  private:
    template <u32 Size, class T> BPFXX_INLINE static auto replace(u8 *at, T const &before, T const &after) -> u64 {
        auto const *const made = reinterpret_cast<u8 const *>(&after);
        auto const d = detail::difference<Size>(reinterpret_cast<u8 const *>(&before), made);
        detail::copy_words<Size>(at, made);
        return d;
    }

    template <class T, class Count>
    BPFXX_INLINE static auto write_to(cursor const &here, u32 offset, T const &value, Count const &count_in)
        -> result<T> {
        static_assert(alignof(T) == 1 && __is_standard_layout(T),
                      "bytes of a packet have no alignment and no byte order: write a be16, le16 or a struct of such");
        outermost_is_known();
        u8 *at;
        if (!here.reaches<sizeof(T)>(offset, at)) return reason::truncated;
        T const before = *reinterpret_cast<T const *>(at), after = value;
        count_in(at, replace<sizeof(T)>(at, before, after));
        return before;
    }

    template <u32 I> using facts = detail::part_facts<detail::nth<I, Layers...>>;
    template <class Word, class Value, u32 I = 0> static constexpr auto taker() -> u32 {
        if constexpr (I == count)
            return count;
        else if constexpr (facts<I>::template takers<Word, Value> > 0 && facts<I>::alternatives >= Word::words)
            return I;
        else
            return taker<Word, Value, I + 1>();
    }
    template <class H> static constexpr auto known_outermost(detail::list<H> *) -> bool {
        if constexpr (detail::identified<H>)
            return !detail::under_sum<detail::plain_type<decltype(H::id)>>;
        else
            return true;
    }
    template <class... H> static constexpr auto known_outermost(detail::list<H...> *) -> bool {
        return (known_outermost(static_cast<detail::list<H> *>(nullptr)) && ...);
    }
    BPFXX_INLINE static auto outermost_is_known() -> void {
        static_assert(
            known_outermost(static_cast<typename facts<0>::headers *>(nullptr)),
            "the checksum of the header before covers this one: name that layer too, rewrite(datagram, message)");
    }

    template <class Word, class Value> BPFXX_INLINE auto change(Value const &value) -> rewriting & {
        constexpr auto i = taker<Word, Value>();
        static_assert(i < count, "none of these layers has such a field, or not of this type");
        if constexpr (i < count) {
            static_assert(facts<i>::template takers<Word, Value> == facts<i>::alternatives,
                          "each alternative needs its field: set<&ipv4::ttl, &ipv6::hop_limit>(63)");
            outermost_is_known();
            parts_.template at<i>().part.change(detail::write_access{}, [&](auto &h) BPFXX_LAMBDA {
                using H = detail::plain_type<decltype(h)>;
                this->template change_in<i, typename Word::template in<H>>(h, value);
            });
        }
        return *this;
    }
    template <u32 I, class Field, class H, class Value> BPFXX_INLINE auto change_in(H &h, Value const &value) -> void {
        constexpr auto member = Field::member;
        using type = typename Field::type;
        using sum = detail::sum_of<H>;
        static_assert(sum::incremental,
                      "the checksum of this header is none that a change could be added to (SCTP has a CRC32c)");
        static_assert(!Field::whole || !detail::is_in<member, typename detail::built_of<H>::type>,
                      "this field says how the packet is built: it changes only together with what it describes");
        if constexpr (sum::exists)
            static_assert(!detail::same_field<member, sum::field>,
                          "a checksum follows from what it covers: it is not set");
        constexpr bool in_pseudo = detail::is_in<member, typename detail::pseudo_of<H>::type>;

        auto &place = h.*member;
        auto *const at = reinterpret_cast<u8 *>(&place);
        type const before = place;
        type const after = [&]() BPFXX_LAMBDA -> type {
            if constexpr (requires { value(Field::value(before)); })
                return Field::made(before, value(Field::value(before)));
            else
                return Field::made(before, value);
        }();
        auto const d = replace<sizeof(type)>(at, before, after);
        if constexpr (sum::exists)
            parts_.template at<I>().packet += d << detail::half(at, reinterpret_cast<u8 *>(&h));
        else if (!outside<I, sum::by_link>(reinterpret_cast<u8 *>(&h)))
            pass_out<I>(at, d);
        if constexpr (in_pseudo) {
            static_assert(I + 1 < count,
                          "what this header carries may have a checksum that covers this field: name that layer "
                          "too, rewrite(ip, segment), or rewrite(ip, no_checksum_behind{})");
            if constexpr (I + 1 < count) {
                static_assert(detail::leads_to<H, typename facts<I + 1>::headers>,
                              "the next layer named has to be the one directly behind this header: its checksum covers "
                              "this field");
                static_assert(!facts<I + 1>::fixed_addresses,
                              "the checksum of the next layer covers this field, and is none "
                              "that a change could be added to");
                parts_.template at<I + 1>().pseudo += d;
            }
        }
    }
    /// What the kernel's sum over the packet does not cover: the frame's own header.
    template <u32 I, bool ByLink> BPFXX_INLINE auto outside(u8 const *start) const -> bool {
        if constexpr (ByLink && I == 0 && Sums::kernels)
            return sums_.starts_at(start);
        else
            return false;
    }
    /// The layer before `Before` whose checksum covers what the layers from there on are; `count` if there is none.
    template <u32 Before> static constexpr auto covering() -> u32 {
        if constexpr (Before == 0)
            return count;
        else if constexpr (facts<Before - 1>::carried)
            return Before - 1;
        else
            return covering<Before - 1>();
    }
    /// A difference at an address counts for the next sum outwards.
    template <u32 From> BPFXX_INLINE auto pass_out(u8 const *at, u64 d) -> void {
        constexpr auto outer = covering<From>();
        if constexpr (outer != count) {
            static_assert(
                facts<outer>::incremental,
                "the checksum of a layer before covers this one, and is none that a change could be added to");
            auto &to = parts_.template at<outer>();
            if constexpr (facts<outer>::may_miss)
                if (!to.part) return pass_out<outer>(at, d);
            to.packet += d << detail::half(at, to.part.start());
        } else if constexpr (Sums::kernels)
            sums_.count(at, d);
    }

    /// Checksums of the layers before `Before`, inner ones first: an outer one may cover them.
    template <u32 Before> BPFXX_INLINE auto settle() -> void {
        if constexpr (Before > 0) {
            if constexpr (facts<Before - 1>::summed)
                parts_.template at<Before - 1>().part.change(detail::write_access{}, [&](auto &h) BPFXX_LAMBDA {
                    if constexpr (detail::sum_of<detail::plain_type<decltype(h)>>::exists)
                        this->template settle_one<Before - 1>(h);
                    else if constexpr (facts<Before - 1>::carried) // by another of the alternatives
                        this->template pass_out<Before - 1>(reinterpret_cast<u8 *>(&h),
                                                            parts_.template at<Before - 1>().packet);
                });
            settle<Before - 1>();
        }
    }
    template <u32 I, class H> BPFXX_INLINE auto settle_one(H &h) -> void {
        using sum = detail::sum_of<H>;
        auto &own = parts_.template at<I>();
        u64 const packet = own.packet, pseudo = sum::pseudo ? own.pseudo : 0;
        if (__builtin_constant_p(packet + pseudo == 0) && packet + pseudo == 0) return;
        auto &checksum = h.*sum::field;
        auto const before = checksum.wire();
        bool none = false;
        if constexpr (sum::optional) none = before == 0;
        if constexpr (sum::carried && Sums::kernels) {
            own.offset = sums_.offset_of(reinterpret_cast<u8 *>(&checksum));
            own.flags = Sums::template flags<sum::optional>;
        } else if (!none) {
            if constexpr (sum::optional)
                checksum.put(checksum_changed_nonzero(before, packet + pseudo));
            else
                checksum.put(checksum_changed(before, packet + pseudo));
        }
        // To a sum farther out, a header and what it carries are what they were as far as its own checksum has made up for
        // the change: for all but what changed in the pseudo header, which lies elsewhere.
        if constexpr (sum::carried && (covering<I>() != count || Sums::kernels)) {
            auto *const start = reinterpret_cast<u8 *>(&h);
            if (none) return pass_out<I>(start, packet);
            if constexpr (covering<I>() != count) {
                if (__builtin_constant_p(pseudo == 0) && pseudo == 0) return;
                pass_out<I>(start, detail::negated(pseudo));
                if constexpr (Sums::kernels) sums_.count(start, pseudo); // its helper takes it off at once
            }
        }
    }
    template <u32 I = 0> BPFXX_INLINE auto hand_over() -> void {
        if constexpr (I < count) {
            if constexpr (facts<I>::carried) {
                auto const &own = parts_.template at<I>();
                if (own.offset != 0) sums_.replace(own.offset, own.flags, own.packet, own.pseudo);
            }
            hand_over<I + 1>();
        }
    }
    BPFXX_INLINE auto end() -> void {
        if (!open_) return;
        open_ = false;
        settle<count>();
        if constexpr (Sums::kernels) hand_over(); // behind this no layer is where it was
        sums_.finish();
    }
};

namespace detail {
template <class Step> BPFXX_INLINE auto layer_of(layer<Step> const &l) -> layer<Step> const & { return l; }
template <class Step> BPFXX_INLINE auto layer_of(layers<Step> const &l) -> layer<Step> const & { return l.a; }
BPFXX_INLINE auto layer_of(no_checksum_behind const &n) -> no_checksum_behind const & { return n; }
/// What a packet's rewrite() gives: `sums` says how its checksums are updated.
template <class Sums, class... Layers> BPFXX_INLINE auto rewritten(Sums const &sums, Layers const &...layers) {
    return rewriting<Sums, plain_type<decltype(layer_of(layers))>...>{sums, layer_of(layers)...};
}
} // namespace detail
} // namespace bpfxx
