// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Functions that run later, at the value of a map that has a `bpf_timer timer` (Linux 5.15). They end with the entry, and
/// with the map.
#include <bpfxx/core/special_members.hpp>
#include <bpfxx/kernel/platform.hpp>
#include <linux/errno.h>

namespace bpfxx {
namespace detail {
template <class T> struct pointee;
template <class T> struct pointee<T *> { using type = T; };

/// A timer's function: what it answers are the nanoseconds after which it runs again; nothing or 0 is the end.
template <class Use, class Key, class Value> struct later {
    BPFXX_INTERNAL static auto ring([[maybe_unused]] void *map, void *key, void *value) -> i64 {
        auto &v = *static_cast<Value *>(value);
        if constexpr (__is_same(decltype(Use{}(*static_cast<Key const *>(key), v)), void)) {
            Use{}(*static_cast<Key const *>(key), v);
        } else {
            u64 const again = Use{}(*static_cast<Key const *>(key), v);
            if (again != 0) helper::timer_start(&v.timer, again, 0);
        }
        return 0;
    }
};
} // namespace detail

/// Calls use(key, value) after so many nanoseconds, once, or again after as many as it returns. `value` is in this map.
/// A timer that runs already starts anew. 0, or a negative errno.
template <class Map, timed Value, class Use>
BPFXX_INLINE auto start_timer(Map &map, Value &value, u64 nanoseconds, Use const &) -> i64 {
    static_assert(__is_empty(Use), "what runs later cannot capture what is there now: leave it in the value");
    using key = typename detail::pointee<decltype(map.key)>::type;
    // CLOCK_MONOTONIC. It may be there already; and the kernel may have no memory at hand.
    if (auto const fault = helper::timer_init(&value.timer, &map, 1); fault != 0 && fault != -EBUSY) return fault;
    if (auto const fault = helper::timer_set_callback(&value.timer, &detail::later<Use, key, Value>::ring); fault != 0)
        return fault;
    return helper::timer_start(&value.timer, nanoseconds, 0);
}
/// 1 if it ran, 0 if it did not, -EDEADLK from within its own function.
template <timed Value> BPFXX_INLINE auto cancel_timer(Value &value) -> i64 {
    return helper::timer_cancel(&value.timer);
}
} // namespace bpfxx
