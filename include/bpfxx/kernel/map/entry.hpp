// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// What a lookup has found. The verifier refuses a program that does not test it, so the compiler does already.
#include <bpfxx/core/result.hpp>
#include <bpfxx/core/special_members.hpp>

namespace bpfxx::map {
/// The value in the map itself, or nothing. It comes out through then(), value_or() or BPFXX_TRY, which gives its address.
template <class Value> class [[nodiscard]] entry {
    Value *value_;

  public:
    BPFXX_INLINE explicit entry(void *value) : value_{static_cast<Value *>(value)} {}
    BPFXX_INLINE explicit operator bool() const { return value_ != nullptr; }
    BPFXX_INLINE auto why() const -> reason { return value_ ? reason::none : reason::not_found; }
    BPFXX_INLINE auto value_or(Value const &otherwise) const {
        static_assert(!lockable<Value> && !timed<Value>,
                      "a lock or a timer cannot be copied: take what you need in then()");
        return value_ ? *value_ : otherwise;
    }
    /// Calls use(value) if there is one; whether there is.
    template <class Use> BPFXX_INLINE auto then(Use const &use) const -> bool {
        if (!value_) return false;
        use(*value_);
        return true;
    }
    __attribute__((unavailable("there may be none: take it with .then(...), .value_or(...) or BPFXX_TRY(...)"))) //
    auto
    operator*() const -> Value &;
    BPFXX_UNCHECKED
    template <class Result> friend auto bpfxx::detail::unchecked(Result const &r) -> auto const &;
};
} // namespace bpfxx::map
