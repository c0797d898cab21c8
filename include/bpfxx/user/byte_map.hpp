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
            throw error{detail::text(attempted(), ": a value of kind ", kind(), " stands for something in the kernel")};
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
