// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/core/map_spec.hpp>
#include <linux/bpf.h>
#include <support/catch.hpp>
#include <type_traits>

using namespace bpfxx;

// The kernel's own numbers.
static_assert(static_cast<u32>(map_kind::hash) == BPF_MAP_TYPE_HASH);
static_assert(static_cast<u32>(map_kind::array) == BPF_MAP_TYPE_ARRAY);
static_assert(static_cast<u32>(map_kind::per_cpu_array) == BPF_MAP_TYPE_PERCPU_ARRAY);
static_assert(static_cast<u32>(map_kind::ring_buffer) == BPF_MAP_TYPE_RINGBUF);

namespace {
struct key {
    u32 a;
};
struct value {
    u64 b;
};
template <class Spec, map_kind Kind, class Key, class Value, u32 Capacity>
constexpr bool is = Spec::kind == Kind &&Spec::capacity ==
                    Capacity &&std::is_same_v<typename Spec::key, Key> &&std::is_same_v<typename Spec::value, Value>;
} // namespace
static_assert(is<spec::hash<key, value, 16>, map_kind::hash, key, value, 16>);
static_assert(is<spec::array<value, 3>, map_kind::array, u32, value, 3>);
static_assert(is<spec::per_cpu_array<value, 3>, map_kind::per_cpu_array, u32, value, 3>);
static_assert(is<spec::ring_buffer<4096>, map_kind::ring_buffer, void, void, 4096>);

TEST_CASE("what both sides of a map agree on") { SUCCEED("checked while compiling"); }
