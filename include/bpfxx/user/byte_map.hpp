// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// A map whose types are not known here: keys and values are bytes, of the sizes that the map has.
#include <algorithm>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <bpfxx/core/int.hpp>
#include <bpfxx/user/error.hpp>
#include <cerrno>
#include <cstddef>
#include <linux/bpf.h>
#include <span>
#include <string>
#include <vector>

namespace bpfxx::user {
namespace detail {
/// What has to be the same of two maps, so that one can stand for the other; of a map that is still to be made, as it will be.
struct map_shape {
    u32 kind, key_size, value_size, capacity, flags;
    auto operator==(map_shape const &) const -> bool = default;

    static auto of(bpf_map const *m) -> map_shape {
        return {static_cast<u32>(bpf_map__type(m)), bpf_map__key_size(m), bpf_map__value_size(m),
                bpf_map__max_entries(m), bpf_map__map_flags(m)};
    }
    static auto of(int map_fd) -> map_shape {
        auto info = bpf_map_info{};
        auto size = u32{sizeof info};
        check(bpf_obj_get_info_by_fd(map_fd, &info, &size), "cannot ask the kernel about a map");
        return {info.type, info.key_size, info.value_size, info.max_entries, info.map_flags};
    }
    auto words() const -> std::string {
        auto const *const known = libbpf_bpf_map_type_str(static_cast<bpf_map_type>(kind));
        return text(known ? std::string{known} : text("kind ", kind), ", keys of ", key_size, " bytes, values of ",
                    value_size, " bytes, ", capacity, " entries, flags ", flags);
    }
};
} // namespace detail

/// A reference: whoever owns the object keeps the map alive.
class byte_map {
    bpf_map *handle_;

  public:
    explicit byte_map(bpf_map *handle) : handle_{handle} {}

    auto name() const -> std::string { return bpf_map__name(handle_); }
    auto type() const -> bpf_map_type { return bpf_map__type(handle_); }
    auto key_size() const -> std::size_t { return bpf_map__key_size(handle_); }
    auto value_size() const -> std::size_t { return bpf_map__value_size(handle_); }
    /// Whether it holds the object's global variables (.rodata, .data, .bss): its one value is set before load().
    auto is_global() const -> bool { return bpf_map__is_internal(handle_); }
    /// For what is not wrapped here.
    auto handle() const noexcept -> bpf_map * { return handle_; }

    /// How many entries it will have, or how many bytes a ring buffer; before load().
    auto set_capacity(u32 entries) const -> void {
        check(bpf_map__set_max_entries(handle_, entries), "cannot make map '", name(), "' one of ", entries,
              " entries");
    }
    /// load() pins it there, in a bpf file system, or takes the map that is pinned there already; a load() that fails
    /// leaves nothing.
    auto set_pin_path(std::string const &path) const -> void {
        check(bpf_map__set_pin_path(handle_, path.c_str()), "cannot pin map '", name(), "' as ", path);
    }
    /// load() takes this map, by its descriptor, instead of making one: two objects with one map. It has to be of the same
    /// kind and sizes; the descriptor may be closed afterwards.
    auto share(int map_fd) const -> void {
        auto const here = detail::map_shape::of(handle_);
        auto there = detail::map_shape::of(map_fd);
        there.capacity = here.capacity; // which it then has
        if (there != here)
            throw error{detail::text("cannot have another map as '", name(), "': it is ", there.words(),
                                     ", and the object's is ", here.words()),
                        EINVAL};
        check(bpf_map__reuse_fd(handle_, map_fd), "cannot have another map as '", name(), "'");
    }
    /// Not shared with others: load() neither pins it nor takes one that is pinned already.
    auto set_unpinned() const -> void {
        check(bpf_map__set_pin_path(handle_, nullptr), "cannot unpin map '", name(), "'");
    }

    /// Makes or replaces an entry; with a per-CPU map, the value is the same on every CPU. A queue or a stack has keys of
    /// no bytes, and the value is put into it.
    auto update(std::span<std::byte const> key, std::span<std::byte const> value) const -> void {
        fits("key", key.size(), key_size());
        fits("value", value.size(), value_size());
        if (is_global()) return set_globals(key, value);
        if (!takes_bytes())
            throw error{
                detail::text(attempted(), ": a value of kind ", kind(), " stands for something in the kernel"),
                0,
                {},
                "its bytes are no use: the object itself can say what is in it from the start (.values of libbpf)"};
        if (bpf_map__fd(handle_) < 0) throw error{attempted() + ": it does not exist yet", 0, {}, "call load() first"};
        auto const all = is_per_cpu() ? on_every_cpu(value) : std::vector<std::byte>{value.begin(), value.end()};
        auto const result =
            bpf_map_update_elem(bpf_map__fd(handle_), key.empty() ? nullptr : key.data(), all.data(), BPF_ANY);
        if (result == -E2BIG)
            throw error{attempted(),
                        E2BIG,
                        {},
                        detail::text("it has room for ", bpf_map__max_entries(handle_), " entries",
                                     is_array() ? ", the first one at index 0" : "")};
        check(result, attempted());
    }

  private:
    auto attempted() const -> std::string { return detail::text("cannot update map '", name(), "'"); }
    auto kind() const -> std::string {
        auto const *const known = libbpf_bpf_map_type_str(type());
        return known ? known : detail::text("type ", static_cast<int>(type()));
    }
    auto fits(char const *what, std::size_t is, std::size_t wanted) const -> void {
        if (is != wanted)
            throw error{detail::text(attempted(), ": its ", what, " has ", wanted, " bytes, not ", is), EINVAL};
    }
    auto is_array() const -> bool { return type() == BPF_MAP_TYPE_ARRAY || type() == BPF_MAP_TYPE_PERCPU_ARRAY; }
    auto is_per_cpu() const -> bool {
        return type() == BPF_MAP_TYPE_PERCPU_ARRAY || type() == BPF_MAP_TYPE_PERCPU_HASH ||
               type() == BPF_MAP_TYPE_LRU_PERCPU_HASH;
    }
    /// Whether values are no more than their bytes: not descriptors, and not what only the kernel can make.
    auto takes_bytes() const -> bool {
        switch (type()) {
        case BPF_MAP_TYPE_HASH:
        case BPF_MAP_TYPE_ARRAY:
        case BPF_MAP_TYPE_PERCPU_HASH:
        case BPF_MAP_TYPE_PERCPU_ARRAY:
        case BPF_MAP_TYPE_LRU_HASH:
        case BPF_MAP_TYPE_LRU_PERCPU_HASH:
        case BPF_MAP_TYPE_LPM_TRIE:
        case BPF_MAP_TYPE_QUEUE:
        case BPF_MAP_TYPE_STACK:
        case BPF_MAP_TYPE_BLOOM_FILTER:
        case BPF_MAP_TYPE_DEVMAP:
        case BPF_MAP_TYPE_DEVMAP_HASH:
        case BPF_MAP_TYPE_CPUMAP: return true;
        default: return false;
        }
    }
    auto set_globals(std::span<std::byte const> key, std::span<std::byte const> value) const -> void {
        if (std::any_of(key.begin(), key.end(), [](std::byte b) { return b != std::byte{0}; }))
            throw error{attempted() + ": it has one entry, at index 0", EINVAL};
        check(bpf_map__set_initial_value(handle_, value.data(), value.size()), attempted(),
              ", which holds global variables");
    }
    static auto on_every_cpu(std::span<std::byte const> value) -> std::vector<std::byte> {
        auto const stride = (value.size() + 7) / 8 * 8;
        auto const cpus =
            static_cast<std::size_t>(check(libbpf_num_possible_cpus(), "cannot read /sys/devices/system/cpu/possible"));
        auto all = std::vector<std::byte>(stride * cpus);
        for (std::size_t i = 0; i < cpus; i++)
            std::copy(value.begin(), value.end(), all.begin() + static_cast<std::ptrdiff_t>(i * stride));
        return all;
    }
};
} // namespace bpfxx::user
