// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// What a filter of segments is told, and tells.
#include <bpfxx/core/map_spec.hpp>

namespace bpfxx::segments {
enum class order : u32 { keep, refuse, four };
struct state {
    u64 segments, refused, cut, cookie, received;
    u32 source, destination, padding;
    segments::order order;
};
using told = spec::array<state, 1>;
} // namespace bpfxx::segments
