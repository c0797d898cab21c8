// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// What both sides of a map agree on, written once: the kernel's map is made from it, the user's handle is typed by it.
#include <bpfxx/core/int.hpp>
#include <bpfxx/core/padding.hpp>
#include <bpfxx/core/special_members.hpp>

namespace bpfxx {
/// The kernel's BPF_MAP_TYPE_* under its own numbers.
enum class map_kind : u32 {
    hash = 1,
    array = 2,
    prog_array = 3,
    perf_event_array = 4,
    per_cpu_hash = 5,
    per_cpu_array = 6,
    stack_trace = 7,
    cgroup_array = 8,
    lru_hash = 9,
    lru_per_cpu_hash = 10,
    lpm_trie = 11,
    array_of_maps = 12,
    hash_of_maps = 13,
    devmap = 14,
    sockmap = 15,
    cpumap = 16,
    xskmap = 17,
    sockhash = 18,
    reuseport_sockarray = 20,
    queue = 22,
    stack = 23,
    sk_storage = 24,
    devmap_hash = 25,
    ring_buffer = 27,
    inode_storage = 28,
    task_storage = 29,
    bloom_filter = 30,
    user_ring_buffer = 31,
    cgrp_storage = 32,
};

/// What any kind of map can be told: `spec::hash<flow, u64, 4096, map_options{.pinned = true}>`.
struct map_options {
    u32 flags = 0; // the kernel's BPF_F_NO_PREALLOC, BPF_F_RDONLY_PROG …; what a kind needs anyway is there already
    bool pinned = false; // libbpf pins the map by its name, or takes the one that is pinned already
    int numa_node = -1;  // whose memory it is made of; -1: any

    constexpr auto with(u32 more) const -> map_options { return {flags | more, pinned, numa_node}; }
    /// BPF_F_NUMA_NODE (4) says that there is a node.
    constexpr auto all_flags() const -> u32 { return flags | (numa_node < 0 ? 0 : 4); }
    /// As one number: options by name would make names that BTF does not take.
    constexpr auto code() const -> u64 {
        return all_flags() | u64{pinned} << 32 | static_cast<u64>(numa_node < 0 ? 0 : numa_node) << 33;
    }
};

namespace detail {
template <class T> inline constexpr u64 size_in_map = sizeof(T);
template <> inline constexpr u64 size_in_map<void> = 0;
template <map_kind... Kinds> constexpr auto is_any_of(map_kind kind) -> bool { return ((kind == Kinds) || ...); }
constexpr auto is_storage(map_kind kind) -> bool {
    return is_any_of<map_kind::sk_storage, map_kind::task_storage, map_kind::inode_storage, map_kind::cgrp_storage>(
        kind);
}
constexpr auto is_per_cpu(map_kind kind) -> bool {
    return is_any_of<map_kind::per_cpu_hash, map_kind::per_cpu_array, map_kind::lru_per_cpu_hash>(kind);
}
} // namespace detail

/// A map as a type. Kinds without a key or a value have void. Capacity counts entries; of a ring buffer, bytes. What the
/// kernel would not make a map of does not compile.
template <map_kind Kind, class Key, class Value, u32 Capacity, map_options Options = map_options{}> struct map_spec {
    static_assert(Capacity > 0 || detail::is_storage(Kind) || Kind == map_kind::perf_event_array,
                  "a map has room for one entry at least; user space may still change for how many");
    static_assert(detail::size_in_map<Key> <= 512, "a key has 512 bytes at most");
    static_assert(Kind == map_kind::lpm_trie || !detail::padding<Key>::is_there,
                  "a key with padding never matches reliably: name the padding as members, u8 unused[3]");
    static_assert(Kind != map_kind::bloom_filter || !detail::padding<Value>::is_there,
                  "a value with padding never matches reliably: name the padding as members, u8 unused[3]");
    static_assert(!detail::is_per_cpu(Kind) || detail::size_in_map<Value> <= 32768,
                  "a value of a per-CPU map has 32768 bytes at most");
    static_assert(!lockable<Value> || detail::is_storage(Kind) || Kind == map_kind::hash || Kind == map_kind::array,
                  "values with a lock are for hash, array and storages");
    static_assert(!timed<Value> || Kind == map_kind::hash || Kind == map_kind::lru_hash || Kind == map_kind::array,
                  "values with a timer are for hash, lru_hash and array");
    static constexpr auto kind = Kind;
    static constexpr u32 capacity = Capacity;
    static constexpr auto options = Options;
    using key = Key;
    using value = Value;
};

/// The key of an LPM trie: the first `length` bits of Bytes, which are in network order: `lpm_key<be32>{24, address}`.
template <class Bytes> struct lpm_key {
    u32 length;
    Bytes bytes;
    static_assert(alignof(Bytes) == 1,
                  "the bits of a prefix are those of wire bytes: be32, net::ip_address, a struct of them");

    /// Of a prefix such as `"10.0.0.0/8"_prefix`; an IPv4 one also among addresses of both versions.
    template <class Prefix> BPFXX_INLINE static constexpr auto of(Prefix const &p) -> lpm_key {
        return {p.length + static_cast<u32>(sizeof(Bytes) - sizeof(p.address)) * 8, Bytes{p.address}};
    }
    /// What an address is looked up by: all its bits count.
    BPFXX_INLINE static constexpr auto whole(Bytes const &address) -> lpm_key { return {sizeof(Bytes) * 8, address}; }
};

/// One name for each kind: `using exempt = spec::hash<be<net::tcp_port>, u8, 1024>;` in the header that both sides include.
namespace spec {
template <class Key, class Value, u32 Capacity, map_options O = map_options{}>
using hash = map_spec<map_kind::hash, Key, Value, Capacity, O>;
template <class Key, class Value, u32 Capacity, map_options O = map_options{}>
using lru_hash = map_spec<map_kind::lru_hash, Key, Value, Capacity, O>;
template <class Key, class Value, u32 Capacity, map_options O = map_options{}>
using per_cpu_hash = map_spec<map_kind::per_cpu_hash, Key, Value, Capacity, O>;
template <class Key, class Value, u32 Capacity, map_options O = map_options{}>
using lru_per_cpu_hash = map_spec<map_kind::lru_per_cpu_hash, Key, Value, Capacity, O>;
/// The kernel makes its nodes when they are needed: BPF_F_NO_PREALLOC (1) is a must.
template <class Bytes, class Value, u32 Capacity, map_options O = map_options{}>
using lpm_trie = map_spec<map_kind::lpm_trie, lpm_key<Bytes>, Value, Capacity, O.with(1)>;
template <class Value, u32 Capacity, map_options O = map_options{}>
using array = map_spec<map_kind::array, u32, Value, Capacity, O>;
template <class Value, u32 Capacity, map_options O = map_options{}>
using per_cpu_array = map_spec<map_kind::per_cpu_array, u32, Value, Capacity, O>;

template <class Value, u32 Capacity, map_options O = map_options{}>
using queue = map_spec<map_kind::queue, void, Value, Capacity, O>;
template <class Value, u32 Capacity, map_options O = map_options{}>
using stack = map_spec<map_kind::stack, void, Value, Capacity, O>;
template <class Value, u32 Capacity, map_options O = map_options{}>
using bloom_filter = map_spec<map_kind::bloom_filter, void, Value, Capacity, O>;

/// Inner is the spec of what it holds, any number of maps of one kind and size.
template <class Inner, u32 Capacity, map_options O = map_options{}>
using array_of_maps = map_spec<map_kind::array_of_maps, u32, Inner, Capacity, O>;
template <class Key, class Inner, u32 Capacity, map_options O = map_options{}>
using hash_of_maps = map_spec<map_kind::hash_of_maps, Key, Inner, Capacity, O>;

// What these hold is no value of the program's: programs, interfaces, CPUs, sockets, control groups.
template <u32 Capacity, map_options O = map_options{}>
using prog_array = map_spec<map_kind::prog_array, u32, u32, Capacity, O>;
template <u32 Capacity, map_options O = map_options{}>
using devmap = map_spec<map_kind::devmap, u32, u32, Capacity, O>; // index to the interface's number
template <u32 Capacity, map_options O = map_options{}>
using devmap_hash = map_spec<map_kind::devmap_hash, u32, u32, Capacity, O>; // any number to the interface's number
template <u32 Capacity, map_options O = map_options{}>
using cpumap = map_spec<map_kind::cpumap, u32, u32, Capacity, O>; // CPU to the length of its queue
template <u32 Capacity, map_options O = map_options{}>
using xskmap = map_spec<map_kind::xskmap, u32, u32, Capacity, O>; // receive queue to AF_XDP socket
template <u32 Capacity, map_options O = map_options{}>
using sockmap = map_spec<map_kind::sockmap, u32, u64, Capacity, O>;
template <class Key, u32 Capacity, map_options O = map_options{}>
using sockhash = map_spec<map_kind::sockhash, Key, u64, Capacity, O>;
template <u32 Capacity, map_options O = map_options{}>
using reuseport_sockarray = map_spec<map_kind::reuseport_sockarray, u32, u64, Capacity, O>;
template <u32 Capacity, map_options O = map_options{}>
using cgroup_array = map_spec<map_kind::cgroup_array, u32, u32, Capacity, O>;

/// A value for each socket, task, inode or control group, that goes when its owner goes.
template <class Value, map_options O = map_options{}>
using sk_storage = map_spec<map_kind::sk_storage, int, Value, 0, O.with(1)>;
template <class Value, map_options O = map_options{}>
using task_storage = map_spec<map_kind::task_storage, int, Value, 0, O.with(1)>;
template <class Value, map_options O = map_options{}>
using inode_storage = map_spec<map_kind::inode_storage, int, Value, 0, O.with(1)>;
template <class Value, map_options O = map_options{}>
using cgrp_storage = map_spec<map_kind::cgrp_storage, int, Value, 0, O.with(1)>;

/// One buffer for each CPU: CPUs at most, or 0 for as many as there are.
template <u32 Capacity = 0, map_options O = map_options{}>
using perf_event_array = map_spec<map_kind::perf_event_array, u32, u32, Capacity, O>;
/// An entry of a stack trace: its return addresses, the innermost first, then zeros.
template <u32 Depth> struct stack_addresses { u64 ip[Depth]; };
template <u32 Depth, u32 Capacity, map_options O = map_options{}>
using stack_trace = map_spec<map_kind::stack_trace, u32, stack_addresses<Depth>, Capacity, O>;

template <u32 Bytes, map_options O = map_options{}>
using user_ring_buffer = map_spec<map_kind::user_ring_buffer, void, void, Bytes, O>;
template <u32 Bytes, map_options O = map_options{}>
using ring_buffer = map_spec<map_kind::ring_buffer, void, void, Bytes, O>;
} // namespace spec
} // namespace bpfxx
