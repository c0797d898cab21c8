// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// A value or the reason why there is none. The value comes out through BPFXX_TRY, then() or value_or() only, so nobody
/// can use what was not checked.
#include <bpfxx/core/reason.hpp>

namespace bpfxx {
namespace detail {
struct unchecked_layer;
template <class Result> BPFXX_INLINE auto unchecked(Result const &r) -> auto const & {
    return r.value_;
} // for BPFXX_TRY
/// What stands in a result that has no value.
template <class T> BPFXX_INLINE constexpr auto blank() -> T {
    if constexpr (requires { T{}; })
        return T{};
    else
        return T{nullptr};
}
} // namespace detail

/// Gives an object away: what changes a packet's geometry takes the packet, and gives back another one.
template <class T> BPFXX_INLINE constexpr auto move(T &value) -> T && { return static_cast<T &&>(value); }

/// A failed result on its way out of a function. Whoever takes it decides whether the reason is worth finding.
template <class Result> struct failure {
    Result const &of;
    BPFXX_INLINE constexpr operator reason() const { return of.why(); }
};
template <class Result> failure(Result const &) -> failure<Result>;

// So that the first error line says what to do.
#define BPFXX_UNCHECKED                                                                                                \
    __attribute__((unavailable("not checked yet: take it apart with BPFXX_TRY(...) or .then(...)"))) auto              \
    operator->() const->bpfxx::detail::unchecked_layer *;

/// A T, or the reason why there is none.
template <class T> class [[nodiscard]] result {
    T value_;
    reason why_;

  public:
    BPFXX_INLINE constexpr result(T const &value) : value_{value}, why_{reason::none} {}
    BPFXX_INLINE constexpr result(reason why) : value_{detail::blank<T>()}, why_{why} {}
    template <class Other>
    BPFXX_INLINE constexpr result(failure<Other> const &f) : value_{detail::blank<T>()}, why_{f} {}

    BPFXX_INLINE constexpr explicit operator bool() const { return why_ == reason::none; }
    BPFXX_INLINE constexpr auto why() const -> reason { return why_; }
    BPFXX_INLINE constexpr auto value_or(T const &otherwise) const -> T {
        return why_ == reason::none ? value_ : otherwise;
    }
    /// Calls use(value) if there is one; gives back the reason.
    template <class Use> BPFXX_INLINE constexpr auto then(Use const &use) const -> reason {
        if (why_ == reason::none) use(value_);
        return why_;
    }
    BPFXX_UNCHECKED
    template <class Result> friend auto detail::unchecked(Result const &r) -> auto const &;
};

/// The value of a result; without one, the enclosing function returns the failure.
#define BPFXX_TRY(...)                                                                                                 \
    __extension__({                                                                                                    \
        auto const bpfxx_result = (__VA_ARGS__);                                                                       \
        if (!bpfxx_result) return bpfxx::failure{bpfxx_result};                                                        \
        bpfxx::detail::unchecked(bpfxx_result);                                                                        \
    })
} // namespace bpfxx
