// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// The lock of a map's value (Linux 5.1). XDP, TC, cgroup and socket programs have it, tracing programs have not.
#include <bpfxx/core/special_members.hpp>
#include <bpfxx/kernel/platform.hpp>

namespace bpfxx {
/// Holds the lock for as long as it lives: it cannot be forgotten, which the verifier would not allow. Meanwhile a program
/// must not call helpers, and must not take another lock.
template <lockable Value> class [[nodiscard]] lock_guard {
    Value &value_;

  public:
    BPFXX_INLINE explicit lock_guard(Value &value) : value_{value} { helper::spin_lock(&value_.lock); }
    lock_guard(lock_guard const &) = delete;
    auto operator=(lock_guard const &) -> lock_guard & = delete;
    BPFXX_INLINE ~lock_guard() { helper::spin_unlock(&value_.lock); }
};

/// Calls use(value) with the value locked: nobody sees it half changed, user space with update() and lookup() included.
template <lockable Value, class Use> BPFXX_INLINE auto locked(Value &value, Use const &use) -> void {
    lock_guard const held{value};
    use(value);
}
} // namespace bpfxx
