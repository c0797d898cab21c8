// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// What both sides of a map agree on, written once: the kernel's map is made from it, the user's handle is typed by it.
#include <bpfxx/core/int.hpp>

namespace bpfxx {
/// The kernel's BPF_MAP_TYPE_* under its own numbers.
enum class map_kind : u32 { hash = 1, array = 2, per_cpu_array = 6, ring_buffer = 27 };

/// A map as a type. A ring buffer has no key and no value: its records are of any size; Capacity is its bytes.
template <map_kind Kind, class Key, class Value, u32 Capacity> struct map_spec {
    static constexpr auto kind = Kind;
    static constexpr u32 capacity = Capacity;
    using key = Key;
    using value = Value;
};

/// One name for each kind: `using exempt = spec::hash<be<net::tcp_port>, u8, 1024>;` in the header that both sides include.
namespace spec {
template <class Key, class Value, u32 Capacity> using hash = map_spec<map_kind::hash, Key, Value, Capacity>;
template <class Value, u32 Capacity> using array = map_spec<map_kind::array, u32, Value, Capacity>;
template <class Value, u32 Capacity> using per_cpu_array = map_spec<map_kind::per_cpu_array, u32, Value, Capacity>;
template <u32 Bytes> using ring_buffer = map_spec<map_kind::ring_buffer, void, void, Bytes>;
} // namespace spec
} // namespace bpfxx
