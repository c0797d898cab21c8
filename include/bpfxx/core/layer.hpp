// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Headers found in a packet, each with all that lies behind it.
#include <bpfxx/core/bytes.hpp>
#include <bpfxx/core/steps.hpp>

namespace bpfxx {
/// A place in a packet, and the key of what is there as the header before says it.
template <class Key> struct position {
    cursor here;
    Key key;
};
/// Where the header above starts, or why it does not start in this packet. The key is right even then.
template <class Key> struct rise {
    position<Key> to;
    reason why;
    BPFXX_INLINE explicit operator bool() const { return why == reason::none; }
};

template <class Outer, bool Ignored, class Key, class... Steps> class parsed;
/// Walks on from a place: Outer is the header that it lies behind.
template <class Outer, class... Steps, class Key> BPFXX_INLINE auto parse_from(rise<Key> const &from);

/// From a header that was entered to the place and the key of the next. Taken: where H's own length field is the only one
/// that limits what is left, bytes that are off it already. Then what is left is read again behind the extension headers:
/// among them no register is to spare. Deep: how far in the packet H stands is not known while compiling.
template <u32 Offset, class Expected, i64 Taken = -1, bool Deep = true, header H>
BPFXX_INLINE auto leave(H const &h, cursor here) -> rise<next_key<H>> {
    if constexpr (!parent<H>)
        return {{here, {}}, reason::none};
    else if constexpr (extended<H>) {
        auto key = h.next();
        auto const move = [&here](u64 bytes) BPFXX_LAMBDA {
            if constexpr (Taken >= 0 && !sized<H> && !optioned<H> && requires { h.covers(); }) {
                auto const *const again = reinterpret_cast<H const *>(here.at + Offset) - 1;
                here.left = static_cast<i64>(again->covers()) - Taken;
            }
            here.at += bytes;
            here.left -= static_cast<i64>(bytes);
        };
        using expected = detail::expected_at<Expected, Deep>;
        auto const why = H::extension::template skip<Offset, expected>(here, key, load<u32>(&h), move);
        return {{here, key}, why};
    } else
        return {{here, h.next()}, fragment(h) ? reason::fragment : reason::none};
}

namespace detail {
/// Who may write: packet sources whose packets can be written.
struct write_access {};
} // namespace detail

template <class Step> struct layer {
    static constexpr bool is_word = __is_same(Step, exactly) || __is_same(Step, ignoring_lengths);
    static_assert(!is_word,
                  "`exactly` and `ignoring_lengths` are first words: they stand in front of a chain's headers");
    static_assert(is_word || header<Step>,
                  "a header is a struct of bytes and wire values (u8, be16 ...): its alignment is 1");
};

/// Headers are read through their layer, and written through the packet: rewrite() keeps checksums right (rewrite.hpp).
template <header H> struct layer<H> {
    H const *header;
    cursor behind;

    BPFXX_INLINE auto operator->() const -> H const * { return header; }
    BPFXX_INLINE auto operator*() const -> H const & { return *header; }
    /// Calls use(header) with the header to write to: for packet.raw() and packet.rewrite().
    template <class Use> BPFXX_INLINE auto change(detail::write_access, Use const &use) const -> void {
        use(*const_cast<H *>(header));
    }
    BPFXX_INLINE auto payload() const -> bytes { return bytes{behind}; }
    /// The bytes of this header behind its struct.
    BPFXX_INLINE auto options() const -> bytes requires(sized<H> || optioned<H>) { return bytes{behind_struct()}; }
    BPFXX_INLINE auto behind_struct() const -> cursor requires(sized<H> || optioned<H>) {
        // Read anew: of the number that a chain has checked and moved a pointer by there must be no copy from before the check.
        auto const *const h = opaque(header);
        u32 size = 0;
        if constexpr (sized<H>)
            size = h->size() - static_cast<u32>(sizeof(H));
        else
            size = static_cast<u32>(h->options());
        return {start() + sizeof(H), behind.end, static_cast<i64>(size), behind.base};
    }
    BPFXX_INLINE auto source() const { return header->source(); }
    BPFXX_INLINE auto destination() const { return header->destination(); }
    /// Where the next header starts, and its key.
    BPFXX_INLINE auto upper() const -> rise<next_key<H>> { return leave<0, detail::expects<>>(*header, behind); }
    /// The chain goes on: the headers behind this one.
    template <class... Steps> BPFXX_INLINE auto next() const { return parse_from<H, Steps...>(upper()); }
    BPFXX_INLINE auto start() const -> u8 * { return reinterpret_cast<u8 *>(const_cast<H *>(header)); }
};

/// At most so many equal headers.
template <u32 Most, header H> struct layer<up_to<Most, H>> {
    u32 count;
    H *last; // null if there is none: it is reached through then()
    __attribute__((unavailable("there may be none: .then([](auto const &h) { ... }) is called if there is"))) //
    auto
    operator->() const -> H *;

    BPFXX_INLINE explicit operator bool() const { return count != 0; }
    /// Calls use(header) for the innermost one, if there is any.
    template <class Use> BPFXX_INLINE auto then(Use const &use) const -> bool {
        if (!last) return false;
        use(static_cast<H const &>(*last));
        return true;
    }
    template <class Use> BPFXX_INLINE auto change(detail::write_access, Use const &use) const -> void {
        if (last) use(*last);
    }
    BPFXX_INLINE auto start() const -> u8 * { return reinterpret_cast<u8 *>(last); }
};

/// One header of several, or none.
template <header... H> struct layer<maybe<H...>> {
    static constexpr u64 none = sizeof...(H);
    u8 *at;    // it is reached through then()
    u64 which; // or `none`; 64 bits: a register that is spilled whole keeps its value for the verifier

    BPFXX_INLINE explicit operator bool() const { return which != none; }
    template <header A> BPFXX_INLINE auto is() const -> bool {
        static_assert((__is_same(A, H) || ...), "this is none of the alternatives");
        return which == detail::index_of<A, H...>;
    }
    /// Calls use(header) with the header that is there; whether there is one.
    template <class Use> BPFXX_INLINE auto then(Use const &use) const -> bool { return call<Use, H const...>(use); }
    template <class Use> BPFXX_INLINE auto change(detail::write_access, Use const &use) const -> void {
        call<Use, H...>(use);
    }
    BPFXX_INLINE auto start() const -> u8 * { return at; }

  private:
    template <class Use, class A, class... More> BPFXX_INLINE auto call(Use const &use) const -> bool {
        if (which == sizeof...(H) - sizeof...(More) - 1) {
            use(*reinterpret_cast<A *>(at));
            return true;
        }
        if constexpr (sizeof...(More) > 0)
            return call<Use, More...>(use);
        else
            return false;
    }
};

namespace detail {
template <class... H> struct some_of;
}
/// One header of several. Behind it the branches have met again.
template <header... H> struct layer<either<H...>> {
    using key = typename detail::merged_all<next_key<H>...>::type;
    u8 *at;
    u64 which; // 64 bits: a register that is spilled whole keeps its value for the verifier
    cursor behind;
    rise<key> above;

    template <header A> BPFXX_INLINE auto is() const -> bool {
        static_assert((__is_same(A, H) || ...), "this is none of the alternatives");
        return which == detail::index_of<A, H...>;
    }
    /// Calls use(header) with the header that is there; all answers are of one type.
    template <class Use> BPFXX_INLINE auto visit(Use const &use) const { return visit_from<Use, H const...>(use); }
    template <class Use> BPFXX_INLINE auto change(detail::write_access, Use const &use) const -> void {
        visit_from<Use, H...>(use);
    }
    /// What the alternatives have in common: addresses of IP, ports of TCP and UDP.
    BPFXX_INLINE auto source() const {
        return visit([](auto const &h) BPFXX_LAMBDA { return h.source(); });
    }
    BPFXX_INLINE auto destination() const {
        return visit([](auto const &h) BPFXX_LAMBDA { return h.destination(); });
    }
    BPFXX_INLINE auto payload() const -> bytes { return bytes{behind}; }
    __attribute__((unavailable("visit([](auto const &h) { ... }) has the header that is there"))) //
    auto
    operator->() const -> detail::some_of<H...> *;
    BPFXX_INLINE auto upper() const -> rise<key> const & { return above; }
    template <class... Steps> BPFXX_INLINE auto next() const { return parse_from<either<H...>, Steps...>(above); }
    BPFXX_INLINE auto start() const -> u8 * { return at; }

  private:
    template <class Use, class A, class... More> BPFXX_INLINE auto visit_from(Use const &use) const {
        if constexpr (sizeof...(More) > 0)
            if (which != sizeof...(H) - sizeof...(More) - 1) return visit_from<Use, More...>(use);
        return use(*reinterpret_cast<A *>(at));
    }
};

// Aggregates, so that structured bindings need nothing of std.
template <class... Steps> struct layers {
    static_assert(sizeof...(Steps) <= 12, "a chain has at most 12 headers: go on with next<>()");
};
template <class A> struct layers<A> {
    layer<A> a;
    // A chain of one is its layer: auto eth = BPFXX_TRY(packet.parse<ethernet>()) goes without brackets.
    BPFXX_INLINE auto operator->() const { return a.operator->(); }
    BPFXX_INLINE auto operator*() const -> decltype(auto) { return *a; }
    BPFXX_INLINE operator layer<A> const &() const { return a; } // functions of one's own take a layer
    BPFXX_INLINE auto payload() const { return a.payload(); }
    BPFXX_INLINE auto options() const { return a.options(); }
    BPFXX_INLINE auto source() const { return a.source(); }
    BPFXX_INLINE auto destination() const { return a.destination(); }
    template <class B> BPFXX_INLINE auto is() const -> bool { return a.template is<B>(); }
    template <class Use> BPFXX_INLINE auto visit(Use const &use) const { return a.visit(use); }
    template <class Use> BPFXX_INLINE auto then(Use const &use) const -> bool { return a.then(use); }
    template <class... Steps> BPFXX_INLINE auto next() const { return a.template next<Steps...>(); }
};
template <class A, class B> struct layers<A, B> {
    layer<A> a;
    layer<B> b;
};
template <class A, class B, class C> struct layers<A, B, C> {
    layer<A> a;
    layer<B> b;
    layer<C> c;
};
template <class A, class B, class C, class D> struct layers<A, B, C, D> {
    layer<A> a;
    layer<B> b;
    layer<C> c;
    layer<D> d;
};
template <class A, class B, class C, class D, class E> struct layers<A, B, C, D, E> {
    layer<A> a;
    layer<B> b;
    layer<C> c;
    layer<D> d;
    layer<E> e;
};
template <class A, class B, class C, class D, class E, class F> struct layers<A, B, C, D, E, F> {
    layer<A> a;
    layer<B> b;
    layer<C> c;
    layer<D> d;
    layer<E> e;
    layer<F> f;
};
template <class A, class B, class C, class D, class E, class F, class G> struct layers<A, B, C, D, E, F, G> {
    layer<A> a;
    layer<B> b;
    layer<C> c;
    layer<D> d;
    layer<E> e;
    layer<F> f;
    layer<G> g;
};
template <class A, class B, class C, class D, class E, class F, class G, class H>
struct layers<A, B, C, D, E, F, G, H> {
    layer<A> a;
    layer<B> b;
    layer<C> c;
    layer<D> d;
    layer<E> e;
    layer<F> f;
    layer<G> g;
    layer<H> h;
};
template <class A, class B, class C, class D, class E, class F, class G, class H, class I>
struct layers<A, B, C, D, E, F, G, H, I> {
    layer<A> a;
    layer<B> b;
    layer<C> c;
    layer<D> d;
    layer<E> e;
    layer<F> f;
    layer<G> g;
    layer<H> h;
    layer<I> i;
};
template <class A, class B, class C, class D, class E, class F, class G, class H, class I, class J>
struct layers<A, B, C, D, E, F, G, H, I, J> {
    layer<A> a;
    layer<B> b;
    layer<C> c;
    layer<D> d;
    layer<E> e;
    layer<F> f;
    layer<G> g;
    layer<H> h;
    layer<I> i;
    layer<J> j;
};
template <class A, class B, class C, class D, class E, class F, class G, class H, class I, class J, class K>
struct layers<A, B, C, D, E, F, G, H, I, J, K> {
    layer<A> a;
    layer<B> b;
    layer<C> c;
    layer<D> d;
    layer<E> e;
    layer<F> f;
    layer<G> g;
    layer<H> h;
    layer<I> i;
    layer<J> j;
    layer<K> k;
};
template <class A, class B, class C, class D, class E, class F, class G, class H, class I, class J, class K, class L>
struct layers<A, B, C, D, E, F, G, H, I, J, K, L> {
    layer<A> a;
    layer<B> b;
    layer<C> c;
    layer<D> d;
    layer<E> e;
    layer<F> f;
    layer<G> g;
    layer<H> h;
    layer<I> i;
    layer<J> j;
    layer<K> k;
    layer<L> l;
};
} // namespace bpfxx
