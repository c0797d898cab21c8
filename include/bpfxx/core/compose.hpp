// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Headers as values, to stand before a part of a packet: each is told what it carries, and fills in what follows from
/// that. The headers themselves know how; this knows no protocol, and changes no packet.
#include <bpfxx/core/checksum.hpp>
#include <bpfxx/core/layer.hpp>
#include <bpfxx/core/rewrite.hpp>

namespace bpfxx {
/// What a header is completed from.
struct carried {
    u32 length = 0;  // bytes of the header and all that it carries
    u32 options = 0; // of these, behind its struct
    checksum sum{};  // of the options
};

/// A header and the options behind its struct: with_options{net::gre{.flags = 0x20}, be32{7}}. A field for their length is
/// filled in, where the header has one.
template <header H, class Options> struct with_options {
    static_assert(alignof(Options) == 1 && __is_standard_layout(Options) && sizeof(Options) % 4 == 0,
                  "options are bytes and wire values, in whole words of 4 bytes");
    H head;
    Options more;
};
template <class H, class Options> with_options(H, Options) -> with_options<H, Options>;

/// A header that is written as it is: nothing is filled in, and nothing is asked of its order.
template <header H> struct as_is { H head; };
template <class H> as_is(H) -> as_is<H>;

/// What lies behind a header, whatever it is: the last part of a packet that is put together anew.
template <header H> struct rest_of { layer<H> outer; };
template <header H> BPFXX_INLINE auto behind(layer<H> const &outer) -> rest_of<H> { return {outer}; }
template <header H> BPFXX_INLINE auto behind(layers<H> const &outer) -> rest_of<H> { return {outer.a}; }
/// What lies after a header's struct, its options too: behind as_is{…}, a header that stands for the one that was there.
template <header H> struct after_struct { layer<H> outer; };
template <header H> BPFXX_INLINE auto after(layer<H> const &outer) -> after_struct<H> { return {outer}; }
template <header H> BPFXX_INLINE auto after(layers<H> const &outer) -> after_struct<H> { return {outer.a}; }

namespace detail {
/// The same as distance(), where it is often known.
BPFXX_INLINE auto how_far(u8 const *at, u8 const *start) -> i64 {
    auto const known = reinterpret_cast<u64>(at) - reinterpret_cast<u64>(start);
    return static_cast<i64>(__builtin_constant_p(known) ? known : distance(start, at));
}
template <class T> struct space { using type = T; };
template <class T> struct space<T const> : space<T> {};
template <class T> struct space<be<T>> { using type = T; };
/// The key space in which a header names what it carries.
template <class H> using space_behind = typename space<next_key<H>>::type;

/// The first key of this space among those of an id.
template <class Key, class Id> BPFXX_INLINE constexpr auto key_in(Id const &id) -> Key {
    if constexpr (is_same<Key, Id>)
        return id;
    else if constexpr (requires { id.key; }) {
        if constexpr (is_same<Key, typename space<decltype(id.key)>::type>)
            return id.key;
        else
            return key_in<Key>(id.rest);
    } else
        return Key{}; // any<Key>: the program says which
}
template <class H, class Key>
concept leading = requires(H &h, Key k) {
    h.lead_to(k);
};
template <class Id> inline constexpr bool is_any = false;
template <class Key> inline constexpr bool is_any<any<Key>> = true;

/// Makes a header name the one that it carries, unless it does already.
template <header Inner, header H> BPFXX_INLINE constexpr auto connect(H &outer) -> void {
    require_order<H, Inner>();
    if constexpr (identified<Inner> && follows<H, Inner>::value) {
        using key = space_behind<H>;
        using id = plain_type<decltype(Inner::id)>;
        if constexpr (leading<H, key>) {
            if constexpr (!is_any<id>)
                if (!leads<Inner>(outer.next())) outer.lead_to(key_in<key>(Inner::id));
        } else if constexpr (!leads<Inner>(H{}.next()))
            impossible<H, Inner>();
    }
}

/// A header that is written, whatever part it came from.
template <class Part> struct written { using type = Part; };
template <header H> struct written<layer<H>> { using type = H; };
template <header H> struct written<layers<H>> { using type = H; };
template <header H> struct written<as_is<H>> { using type = H; };
template <header H, class Options> struct written<with_options<H, Options>> { using type = H; };
template <class Part> using header_of = typename written<Part>::type;

template <class H> constexpr auto kind_of() -> outer_kind {
    if constexpr (requires { H::kind; })
        return H::kind;
    else
        return outer_kind::other;
}
/// Whether a header has a checksum over what it carries that has to be computed behind this parent.
template <class Outer, class H> constexpr auto seals() -> bool {
    if constexpr (!requires(H & h) { h.seal(checksum{}, checksum{}); })
        return false;
    else if constexpr (requires { H::checksum_is_optional; })
        return !Outer::checksums_are_optional;
    else
        return true;
}

/// The last part: what stays of the packet, from a place on.
struct place {
    u8 *at;
    i64 left; // bytes from there that the length fields allow
};
template <class Last> struct kept {
    static_assert(sizeof(Last) == 0,
                  "the last word is what stays of the packet: a layer of it, behind(layer) or after(layer)");
    static constexpr auto kind = outer_kind::other;
    static auto from(Last const &) -> place;
    template <class Outer> static auto name(Last const &, Outer &) -> void;
};
template <header H> struct kept<layer<H>> {
    static constexpr auto kind = kind_of<H>();
    BPFXX_INLINE static auto from(layer<H> const &l) -> place {
        auto *const at = l.start();
        return {at, i64{l.behind.left} + how_far(l.behind.at, at)};
    }
    template <header Outer> BPFXX_INLINE static auto name(layer<H> const &, Outer &outer) -> void { connect<H>(outer); }
};
template <class Step> struct kept<layers<Step>> : kept<layer<Step>> {
    BPFXX_INLINE static auto from(layers<Step> const &l) -> place { return kept<layer<Step>>::from(l.a); }
    template <header Outer> BPFXX_INLINE static auto name(layers<Step> const &l, Outer &outer) -> void {
        kept<layer<Step>>::name(l.a, outer);
    }
};
template <header... H> struct kept<layer<either<H...>>> {
    static constexpr auto kind = outer_kind::other;
    BPFXX_INLINE static auto from(layer<either<H...>> const &l) -> place {
        return {l.at, i64{l.behind.left} + how_far(l.behind.at, l.at)};
    }
    template <header Outer> BPFXX_INLINE static auto name(layer<either<H...>> const &l, Outer &outer) -> void {
        l.visit([&outer](auto const &h) BPFXX_LAMBDA {
            connect<plain_type<decltype(h)>>(outer);
            return 0;
        });
    }
};
template <header H> struct kept<rest_of<H>> {
    static constexpr auto kind = outer_kind::other;
    BPFXX_INLINE static auto from(rest_of<H> const &r) -> place { return {r.outer.behind.at, r.outer.behind.left}; }
    template <header Outer> BPFXX_INLINE static auto name(rest_of<H> const &r, Outer &outer) -> void {
        using key = space_behind<H>;
        static_assert(is_same<space_behind<Outer>, key>,
                      "what lies behind that header is named in another way behind this one");
        if constexpr (leading<Outer, key> && !is_hint<key>) {
            if constexpr (requires { r.outer->next().value(); })
                outer.lead_to(r.outer->next().value());
            else
                outer.lead_to(r.outer->next());
        }
    }
};
template <header H> struct kept<after_struct<H>> {
    static constexpr auto kind = outer_kind::other;
    BPFXX_INLINE static auto from(after_struct<H> const &r) -> place {
        auto *const at = r.outer.start() + sizeof(H);
        return {at, i64{r.outer.behind.left} + how_far(r.outer.behind.at, at)};
    }
    template <header Outer> BPFXX_INLINE static auto name(after_struct<H> const &, Outer &) -> void {
        static_assert(is_same<Outer, H> && !is_same<Outer, H>, "what lies after a struct stands behind as_is{…} only");
    }
};

template <class H>
concept completing = requires(H &h) {
    h.complete(carried{});
};

/// One header of the list.
template <class Part> struct part {
    static constexpr u32 size = sizeof(Part), options = 0;
    static constexpr bool is_new = true, fixed_order = true;
    Part head;

    BPFXX_INLINE explicit part(Part const &p) : head{p} {}
    BPFXX_INLINE auto complete(u32 length) -> void {
        if constexpr (completing<Part>) head.complete(carried{length, 0, {}});
    }
    BPFXX_INLINE auto seal(checksum const &pseudo, checksum const &behind) -> void { head.seal(pseudo, behind); }
    BPFXX_INLINE auto add_to(checksum &sum) const -> void { sum.add(head); }
    BPFXX_INLINE auto write(u8 *at) const -> void { *reinterpret_cast<Part *>(at) = head; }
};
/// A header that the packet has already.
template <header H> struct part<layer<H>> : part<H> {
    static constexpr bool is_new = false;
    BPFXX_INLINE explicit part(layer<H> const &l) : part<H>{*l.header} {
        static_assert(!sized<H> && !optioned<H>,
                      "of a header that may have options a copy would leave them out: give its fields, or keep it");
    }
};
template <header H> struct part<layers<H>> : part<layer<H>> {
    BPFXX_INLINE explicit part(layers<H> const &l) : part<layer<H>>{l.a} {}
};
template <header H> struct part<as_is<H>> : part<H> {
    static constexpr bool fixed_order = false;
    BPFXX_INLINE explicit part(as_is<H> const &a) : part<H>{a.head} {}
    BPFXX_INLINE auto complete(u32) -> void {}
};
template <header H, class Options> struct part<with_options<H, Options>> : part<H> {
    static constexpr u32 options = sizeof(Options), size = sizeof(H) + options;
    Options more;

    BPFXX_INLINE explicit part(with_options<H, Options> const &w) : part<H>{w.head}, more{w.more} {}
    BPFXX_INLINE auto complete(u32 length) -> void {
        checksum sum;
        add_words(sum);
        if constexpr (completing<H>) this->head.complete(carried{length, options, sum});
    }
    BPFXX_INLINE auto seal(checksum const &pseudo, checksum behind) -> void {
        add_words(behind);
        this->head.seal(pseudo, behind);
    }
    BPFXX_INLINE auto add_to(checksum &sum) const -> void {
        sum.add(this->head);
        add_words(sum);
    }
    BPFXX_INLINE auto write(u8 *at) const -> void {
        part<H>::write(at);
        *reinterpret_cast<Options *>(at + sizeof(H)) = more;
    }

  private:
    BPFXX_INLINE auto add_words(checksum &sum) const -> void {
        auto const *const at = reinterpret_cast<u8 const *>(&more);
        BPFXX_UNROLLED for (u32 i = 0; i < options; i += 2) sum.add(load<u16>(at + i));
    }
};

/// A list of parts: headers, and at its end what is kept.
template <class... Parts> struct composition;
template <class Last> struct composition<Last> {
    static constexpr u32 size = 0, count = 0;
    static constexpr bool any_new = false;
    static constexpr auto keeps = kept<Last>::kind;
    static constexpr auto network = outer_kind::other;
    template <outer_kind> static constexpr bool has = false;
    template <class Outer> static constexpr bool sealed = false;
    template <class Outer> static constexpr bool measured = false;
    Last const &last;

    BPFXX_INLINE explicit composition(Last const &l) : last{l} {}
    BPFXX_INLINE auto from() const -> place { return kept<Last>::from(last); }
    template <header Outer> BPFXX_INLINE auto name(Outer &outer) const -> void { kept<Last>::name(last, outer); }
    template <bool Summed, class Outer> BPFXX_INLINE auto complete(Outer const &, u32 length, checksum &) const -> u32 {
        return length;
    }
    BPFXX_INLINE auto write(u8 *) const -> void {}
};
template <class First, class... Rest>
    requires(sizeof...(Rest) > 0)
struct composition<First, Rest...> {
    using head_type = header_of<First>;
    using rest_type = composition<Rest...>;
    static constexpr u32 size = part<First>::size + rest_type::size, count = 1 + rest_type::count;
    static constexpr bool any_new = part<First>::is_new || rest_type::any_new;
    static constexpr auto keeps = rest_type::keeps;
    static constexpr auto own = kind_of<head_type>();
    /// Of the outermost IP header.
    static constexpr auto network = own == outer_kind::ipv4 || own == outer_kind::ipv6 ? own : rest_type::network;
    template <outer_kind Kind> static constexpr bool has = own == Kind || rest_type::template has<Kind>;
    /// Whether some header has a checksum over all that follows.
    template <class Outer>
    static constexpr bool
        sealed = (part<First>::fixed_order && seals<Outer, head_type>()) || rest_type::template sealed<head_type>;
    /// Whether some header has to know how long it is with all that follows.
    template <class Outer>
    static constexpr bool
        measured = sealed<Outer> ||
                   (part<First>::fixed_order && completing<head_type>) || rest_type::template measured<head_type>;
    part<First> first;
    rest_type rest;

    BPFXX_INLINE explicit composition(First const &f, Rest const &...r) : first{f}, rest{r...} {}
    BPFXX_INLINE auto from() const -> place { return rest.from(); }
    template <header Outer> BPFXX_INLINE auto name(Outer &outer) const -> void {
        if constexpr (part<First>::fixed_order) connect<head_type>(outer);
    }
    /// All lengths, keys and checksums, innermost first; `length` is of what is kept, and `sum` its sum.
    template <bool Summed, class Outer>
    BPFXX_INLINE auto complete(Outer const &outer, u32 length, checksum &sum) -> u32 {
        if constexpr (part<First>::fixed_order) rest.name(first.head);
        length = rest.template complete<Summed>(first.head, length, sum) + part<First>::size;
        first.complete(length);
        if constexpr (part<First>::fixed_order && seals<Outer, head_type>())
            first.seal(outer.pseudo_header(length), sum);
        if constexpr (Summed) first.add_to(sum);
        return length;
    }
    BPFXX_INLINE auto write(u8 *at) const -> void {
        first.write(at);
        rest.write(at + part<First>::size);
    }
};
/// Around the outermost header there is none.
struct nowhere {
    static constexpr bool checksums_are_optional = true;
};
} // namespace detail
} // namespace bpfxx
