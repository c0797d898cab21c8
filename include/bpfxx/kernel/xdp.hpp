// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// XDP programs (Linux 4.8; as documented here 5.10): the packet, the verdict, and the entry point.
#include <bpfxx/core/chain.hpp>
#include <bpfxx/core/verdict.hpp>
#include <bpfxx/kernel/counters.hpp>
#include <bpfxx/kernel/platform.hpp>

namespace bpfxx::xdp {
/// A policy says what becomes of a packet that is not of the asked form: an action for every reason, or a function.
namespace detail {
template <auto Policy> BPFXX_INLINE constexpr auto action_for(reason why) -> action {
    if constexpr (__is_same(decltype(Policy), action))
        return Policy;
    else
        return Policy(why);
}
template <auto Policy, u32... Reason>
inline constexpr bool
    same = ((action_for<Policy>(static_cast<reason>(Reason)) == action_for<Policy>(reason::truncated)) && ...);
template <class T>
concept policy = __is_same(T, action) || requires(T p, reason r, action &a) {
    a = p(r);
};
template <class T> inline constexpr bool is_failure = false;
template <class Result> inline constexpr bool is_failure<failure<Result>> = true;
template <class T>
concept answer = __is_same(T, action) || __is_same(T, reason) || is_failure<T>;
/// Whether the action is the same for all reasons, so that the reason need not be found.
template <auto Policy> inline constexpr bool indifferent = same<Policy, 1, 2, 3, 4, 5, 6>;
static_assert(reason_count == 7, "a new reason belongs into `indifferent`");
} // namespace detail

/// What a program answers: an action, or the reason why it has none.
template <auto Policy = pass, bool Counted = false> struct verdict {
    static_assert(detail::policy<decltype(Policy)>, "a policy is an action, or a function from a reason to an action");
    action code;
    reason why = reason::none;

    BPFXX_INLINE constexpr verdict(action a) : code{a} {}
    template <class Other>
        requires(!detail::answer<Other>)
    __attribute__((unavailable("an XDP program answers with xdp::pass, xdp::drop, xdp::tx ... or a reason"))) //
    verdict(Other const &);
    BPFXX_INLINE constexpr verdict(reason r) : code{detail::action_for<Policy>(r)}, why{r} {}
    template <class Result> BPFXX_INLINE constexpr verdict(failure<Result> const &f) : code{pass} {
        if constexpr (detail::indifferent<Policy> && !Counted)
            code = detail::action_for<Policy>(reason::truncated);
        else
            *this = verdict{reason{f}};
    }
};

/// In the order in which BPFXX_XDP knows them.
template <bool Counted, auto Policy = pass> using verdict_of = verdict<Policy, Counted>;

/// A frame as the driver hands it over: its linear part.
class packet {
    context *context_;

  public:
    BPFXX_INLINE explicit packet(context *c) : context_{c} {}
    /// The headers that the packet starts with.
    template <class... Steps> BPFXX_INLINE auto parse() const { return packet_chain<Steps...>::at(first(), start{}); }
    /// All its bytes.
    BPFXX_INLINE auto payload() const -> bytes { return bytes{first()}; }
    BPFXX_INLINE auto interface_index() const -> u32 { return context_->ingress_ifindex; }
    BPFXX_INLINE auto queue() const -> u32 { return context_->rx_queue_index; }

  private:
    BPFXX_INLINE auto first() const -> cursor { return {begin(*context_), end(*context_), unlimited}; }
};
} // namespace bpfxx::xdp

/// BPFXX_XDP(name)(xdp::packet packet) { … }, or BPFXX_XDP(name, xdp::drop)(…): what becomes of packets of another form.
#define BPFXX_XDP(name, ...)                                                                                           \
    static_assert(sizeof(#name) <= 16, "the kernel keeps 15 characters of a program's name: " #name);                  \
    struct name##_tag {};                                                                                              \
    using name##_verdict = bpfxx::xdp::verdict_of<bpfxx::detail::counted<name##_tag> __VA_OPT__(, ) __VA_ARGS__>;      \
    static auto name##_body(bpfxx::xdp::packet)->name##_verdict;                                                       \
    BPFXX_PROGRAM("xdp", name, bpfxx::xdp::context *context) {                                                         \
        auto const answer = name##_body(bpfxx::xdp::packet{context});                                                  \
        bpfxx::count<name##_tag>(answer);                                                                              \
        return answer.code;                                                                                            \
    }                                                                                                                  \
    [[gnu::always_inline]] static inline name##_verdict name##_body
