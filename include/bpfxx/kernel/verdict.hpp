// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// What a program answers: an action of its type, or the reason why it has none, which its policy turns into an action.
#include <bpfxx/core/reason.hpp>
#include <bpfxx/core/result.hpp>
#include <bpfxx/core/verifier.hpp>

namespace bpfxx {
/// A policy says what becomes of a packet that is not of the asked form: an action for every reason, or a function.
namespace detail {
template <class Action, auto Policy> BPFXX_INLINE constexpr auto action_for(reason why) -> Action {
    if constexpr (__is_same(decltype(Policy), Action))
        return Policy;
    else
        return Policy(why);
}
template <class Action, auto Policy, u32... Reason>
inline constexpr bool same_action =
    ((action_for<Action, Policy>(static_cast<reason>(Reason)) == action_for<Action, Policy>(reason::truncated)) && ...);
template <class T, class Action>
concept policy = __is_same(T, Action) || requires(T p, reason r, Action &a) {
    a = p(r);
};
template <class T> inline constexpr bool is_failure = false;
template <class Result> inline constexpr bool is_failure<failure<Result>> = true;
template <class T, class Action>
concept answer = __is_same(T, Action) || __is_same(T, reason) || is_failure<T>;
/// Whether the action is the same for all reasons, so that the reason need not be found.
template <class Action, auto Policy>
inline constexpr bool indifferent = same_action<Action, Policy, 1, 2, 3, 4, 5, 6, 7>;
static_assert(reason_count == 8, "a new reason belongs into `indifferent`");
} // namespace detail

template <class Action, auto Policy, bool Counted = false> struct verdict {
    static_assert(detail::policy<decltype(Policy), Action>,
                  "a policy is an action, or a function from a reason to an action");
    Action code;
    reason why = reason::none;

    BPFXX_INLINE constexpr verdict(Action a) : code{a} {}
    template <class Other>
        requires(!detail::answer<Other, Action>)
    __attribute__((
        unavailable("a program answers with an action of its type (xdp::drop, tc::shot ...) or a reason"))) //
    verdict(Other const &);
    BPFXX_INLINE constexpr verdict(reason r) : code{detail::action_for<Action, Policy>(r)}, why{r} {}
    template <class Result> BPFXX_INLINE constexpr verdict(failure<Result> const &f) : code{} {
        if constexpr (detail::indifferent<Action, Policy> && !Counted)
            code = detail::action_for<Action, Policy>(reason::truncated);
        else {
            *this = verdict{reason{f}};
            // A constant that many ways out have in common would be in r0 from the program's first instruction on, and what the
            // headers need would be in a register that is saved for each packet.
            if constexpr (!detail::indifferent<Action, Policy>)
                if (constexpr auto usual = detail::action_for<Action, Policy>(reason::truncated); code == usual)
                    [[unlikely]]
                    code = static_cast<Action>(opaque(static_cast<u32>(usual)));
        }
    }
};
} // namespace bpfxx
