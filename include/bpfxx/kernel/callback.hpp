// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Functions that the kernel calls back, made of lambdas.
#include <bpfxx/kernel/platform.hpp>

namespace bpfxx {
/// What a callback that looks for something answers. One that returns nothing always goes on.
enum class iteration : i64 { go_on, stop };

namespace detail {
template <class Use, class... Values> BPFXX_INLINE auto called(Use const &use, Values &...values) -> i64 {
    if constexpr (__is_same(decltype(use(values...)), void)) {
        use(values...);
        return 0;
    } else {
        static_assert(__is_same(decltype(use(values...)), iteration),
                      "a callback returns nothing, or iteration::go_on or iteration::stop");
        return static_cast<i64>(use(values...));
    }
}
// Functions of their own in BTF: their parameters have names, and are no references.
template <class Use> struct callback {
    BPFXX_INTERNAL static auto of_index(u32 index, void *use) -> i64 {
        return called(*static_cast<Use const *>(use), index);
    }
    template <class Key, class Value>
    BPFXX_INTERNAL static auto of_entry([[maybe_unused]] void *map, void const *key, void *value, void *use) -> i64 {
        return called(*static_cast<Use const *>(use), *static_cast<Key const *>(key), *static_cast<Value *>(value));
    }
};
} // namespace detail
} // namespace bpfxx
