// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// How the entries of a kind of map cross the border of the kernel.
#include <bpf/libbpf.h>
#include <bpfxx/core/map_spec.hpp>
#include <bpfxx/core/special_members.hpp>
#include <bpfxx/user/error.hpp>
#include <concepts>
#include <cstddef>
#include <cstring>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace bpfxx::user {
namespace detail {
struct nothing {}; // a ring buffer's key and value, a queue's key

template <class T> using or_nothing = std::conditional_t<std::is_void_v<T>, nothing, T>;

constexpr auto any_of(map_kind kind, auto... kinds) -> bool { return ((kind == kinds) || ...); }

/// Bytes are all there is to it. Wire types such as be<u16> have a copy constructor: they are not trivially copyable.
template <class T>
concept plain_bytes = std::is_standard_layout_v<T> && std::is_trivially_destructible_v<T> &&
    std::default_initializable<T> && !std::is_pointer_v<T>;

struct only_u64 {
    template <std::same_as<u64> T> constexpr operator T() const { return 0; }
};
template <class T, std::size_t... I> constexpr auto takes_u64s(std::index_sequence<I...> /*count*/) -> bool {
    return requires { T{(static_cast<void>(I), only_u64{})...}; };
}
/// An u64, or an aggregate whose members are u64 throughout.
template <class T>
concept made_of_u64 = std::is_trivially_copyable_v<T> && sizeof(T) % sizeof(u64) == 0 &&
                      takes_u64s<T>(std::make_index_sequence<sizeof(T) / sizeof(u64)>{});
} // namespace detail

template <class Spec> struct map_traits {
    static constexpr auto is_array = Spec::kind == map_kind::array || Spec::kind == map_kind::per_cpu_array;
    static constexpr auto is_hash =
        detail::any_of(Spec::kind, map_kind::hash, map_kind::lru_hash, map_kind::per_cpu_hash,
                       map_kind::lru_per_cpu_hash, map_kind::lpm_trie);
    static constexpr auto is_keyed = is_array || is_hash; // entries by key that can be read and written
    static constexpr auto is_line = Spec::kind == map_kind::queue || Spec::kind == map_kind::stack;
    static constexpr auto is_bloom = Spec::kind == map_kind::bloom_filter;
    static constexpr auto is_per_cpu =
        detail::any_of(Spec::kind, map_kind::per_cpu_array, map_kind::per_cpu_hash, map_kind::lru_per_cpu_hash);

    /// What is put in is a descriptor, and what comes out a number of the kernel's.
    static constexpr auto is_of_maps = detail::any_of(Spec::kind, map_kind::array_of_maps, map_kind::hash_of_maps);
    /// What comes out is a socket's cookie, where user space wants it back.
    static constexpr auto holds_sockets = detail::any_of(Spec::kind, map_kind::sockmap, map_kind::sockhash);
    static constexpr auto holds_objects =
        is_of_maps || detail::any_of(Spec::kind, map_kind::prog_array, map_kind::xskmap, map_kind::sockmap,
                                     map_kind::sockhash, map_kind::reuseport_sockarray, map_kind::cgroup_array);
    static constexpr auto holds_numbers =
        detail::any_of(Spec::kind, map_kind::devmap, map_kind::devmap_hash, map_kind::cpumap);
    /// The key is a descriptor: of a socket, of a process (pidfd_open), of a file, of a control group's folder.
    static constexpr auto is_storage = detail::any_of(Spec::kind, map_kind::sk_storage, map_kind::task_storage,
                                                      map_kind::inode_storage, map_kind::cgrp_storage);
    static constexpr auto is_stacks = Spec::kind == map_kind::stack_trace;
    static constexpr auto has_entries = is_keyed || holds_numbers || is_storage || is_stacks;

    using key = detail::or_nothing<typename Spec::key>;
    using value = std::conditional_t<is_of_maps, u32, detail::or_nothing<typename Spec::value>>;
    /// A value with a lock is read and written under it.
    static constexpr u64 lock_flag = lockable<value> ? BPF_F_LOCK : 0;
    using content = std::conditional_t<is_per_cpu, std::vector<value>, value>;
    static_assert(detail::plain_bytes<key> && detail::plain_bytes<value>,
                  "keys and values are plain structs or numbers: no pointers, no base classes, no destructors");

    /// A per-CPU map rounds each CPU's value up to 8 bytes.
    static constexpr std::size_t stride = is_per_cpu ? (sizeof(value) + 7) / 8 * 8 : sizeof(value);

    static auto values_per_entry() -> std::size_t {
        if constexpr (!is_per_cpu) return 1;
        static auto const cpus = check(libbpf_num_possible_cpus(), "cannot read /sys/devices/system/cpu/possible");
        return static_cast<std::size_t>(cpus);
    }
    /// Zeroed bytes for so many entries.
    static auto room(std::size_t entries = 1) -> std::vector<std::byte> {
        return std::vector<std::byte>(entries * values_per_entry() * stride);
    }
    static auto unpack(std::byte const *bytes) -> content {
        if constexpr (!is_per_cpu) {
            return read<value>(bytes);
        } else {
            auto result = content(values_per_entry());
            for (auto &v : result) {
                v = read<value>(bytes);
                bytes += stride;
            }
            return result;
        }
    }
    static auto pack(std::span<value const> values) -> std::vector<std::byte> {
        auto bytes = room();
        for (std::size_t i = 0; i < values.size(); i++)
            std::memcpy(bytes.data() + i * stride, static_cast<void const *>(&values[i]), sizeof(value));
        return bytes;
    }
    template <class T> static auto read(std::byte const *bytes) -> T {
        T result{};
        std::memcpy(static_cast<void *>(&result), bytes, sizeof result);
        return result;
    }
};
} // namespace bpfxx::user
