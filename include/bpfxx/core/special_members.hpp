// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Members of a map's value that mean something to the kernel. It knows them by their type's name, so they are written
/// as they are: `struct account { bpf_spin_lock lock; u64 packets, bytes; };`
#include <bpfxx/core/int.hpp>
#include <linux/bpf.h>

namespace bpfxx {
/// Its member `lock` keeps others out of the value: kernel/lock.hpp.
template <class Value>
concept lockable = requires(Value v) {
    requires __is_same(decltype(v.lock), ::bpf_spin_lock);
};
/// Its member `timer` calls a function later: kernel/timer.hpp.
template <class Value>
concept timed = requires(Value v) {
    requires __is_same(decltype(v.timer), ::bpf_timer);
};
} // namespace bpfxx
