// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// The checked chain: a header is reached only if the one before says so, its bytes are there, and it is valid.
#include <bpfxx/core/walk.hpp>

namespace bpfxx {
/// The layers of a packet, or why it is not of this form. They come out through BPFXX_TRY or then() only, so nobody can
/// touch a layer that was not checked.
template <class Outer, bool Ignored, class Key, class... Steps> class [[nodiscard]] parsed {
    position<Key> from_;
    layers<Steps...> value_;
    reason found_;

  public:
    BPFXX_INLINE parsed(position<Key> const &from, layers<Steps...> const &value, reason found)
        : from_{from}, value_{value}, found_{found} {}
    BPFXX_INLINE explicit operator bool() const { return found_ == reason::none; }
    /// What is wrong; of several things, one. Where a packet is too short for a merged check, a second walk finds it.
    BPFXX_INLINE auto why() const -> reason {
        if (found_ != detail::unclear) return found_;
        constexpr auto k = detail::at_first<Key>({true, Ignored});
        auto const why = detail::walk<layers<Steps...>, k, Outer, Steps...>::run(from_.here, from_.key).why;
        return why == reason::none ? reason::truncated : why; // never none, which the compiler has to be told
    }
    /// Calls use(layers) if there are any; gives back the reason.
    template <class Use> BPFXX_INLINE auto then(Use const &use) const -> reason {
        if (found_ != reason::none) return why();
        use(value_);
        return reason::none;
    }
    BPFXX_UNCHECKED
    template <class Result> friend auto detail::unchecked(Result const &r) -> auto const &;
};

namespace detail {
template <class Outer, manner M, class... Steps> struct chain {
    template <class Key> using parsed_from = parsed<Outer, M.ignored, Key, Steps...>;
    template <class Key> BPFXX_INLINE static auto at(cursor here, Key const &key) -> parsed_from<Key> {
        if constexpr (M.ignored) here.left = unlimited;
        auto const r = walk<layers<Steps...>, at_first<Key>(M), Outer, Steps...>::run(here, key);
        return {{here, key}, r.value, r.why};
    }
    template <class Key> BPFXX_INLINE static auto from(rise<Key> const &from) -> parsed_from<Key> {
        if (!from) return {from.to, {}, from.why};
        return at(from.to.here, from.to.key);
    }
};
template <class Outer, manner M, class... Steps>
struct chain<Outer, M, exactly, Steps...> : chain<Outer, manner{true, M.ignored}, Steps...> {};
template <class Outer, manner M, class... Steps>
struct chain<Outer, M, ignoring_lengths, Steps...> : chain<Outer, manner{M.exact, true}, Steps...> {};
} // namespace detail

template <class Outer, class... Steps, class Key> BPFXX_INLINE auto parse_from(rise<Key> const &from) {
    return detail::chain<Outer, detail::manner{}, Steps...>::from(from);
}

/// A packet from its first byte: any header may stand there.
template <class... Steps> using packet_chain = detail::chain<start, detail::manner{}, Steps...>;
template <class... Steps> BPFXX_INLINE auto bytes::assume() const {
    return detail::chain<bpfxx::start, detail::manner{}, Steps...>::at(here_, within{});
}
} // namespace bpfxx
