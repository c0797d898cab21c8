// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Loops whose body the verifier walks through once or twice, however often it runs (Linux 5.17).
#include <bpfxx/kernel/callback.hpp>

namespace bpfxx {
/// Calls use(index) with 0, 1 … up to `count` times, at most 2^23; how often it was called. Nothing is known of the index
/// to the verifier: bound it before it becomes an offset.
template <class Use> BPFXX_INLINE auto repeat(u32 count, Use const &use) -> u32 {
    // An error has only 32 bits where the kernel has made its own loop of it.
    auto const done =
        static_cast<i32>(helper::loop(count, &detail::callback<Use>::of_index, const_cast<Use *>(&use), 0));
    return done < 0 ? 0 : static_cast<u32>(done);
}
} // namespace bpfxx
