// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// What is in maps, natively and in the kernel, as lines that can be compared. Per-CPU maps: what this CPU has.
#include <algorithm>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <bpfxx/kernel/host/registry.hpp>
#include <functional>
#include <map>
#include <memory>
#include <sched.h>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace bpfxx::test {
using lines = std::vector<std::string>;

inline auto line_of(std::span<u8 const> bytes) -> std::string {
    std::string out;
    out.reserve(bytes.size() * 2);
    for (auto const b : bytes) out += "0123456789abcdef"[b >> 4], out += "0123456789abcdef"[b & 15];
    return out;
}
/// Per-CPU maps are those of one CPU: where all programs run from here on.
inline auto stay_on_this_cpu() -> void {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(sched_getcpu(), &one);
    sched_setaffinity(0, sizeof one, &one);
}

inline auto is_array(u32 kind) -> bool { return kind == BPF_MAP_TYPE_ARRAY || kind == BPF_MAP_TYPE_PERCPU_ARRAY; }
/// Blanks what may differ in a record or a value.
using blanking = std::function<void(std::span<u8>)>;
/// Of an array no more than so many entries are looked at.
inline constexpr u32 most_entries = 1 << 16;

/// Records, queues and stacks are taken out, all else stays.
inline auto contents(host::storage &map, blanking const &change = {}, u32 most = most_entries) -> lines {
    lines all;
    auto const &is = map.what();
    std::vector<u8> value(is.value_size);
    if (is.kind == BPF_MAP_TYPE_RINGBUF)
        map.consume([&](std::span<u8 const> record) {
            std::vector<u8> copy{record.begin(), record.end()};
            if (change) change(copy);
            all.push_back(line_of(copy));
        });
    else if (is.kind == BPF_MAP_TYPE_QUEUE || is.kind == BPF_MAP_TYPE_STACK)
        while (map.pop(value.data()) == 0) all.push_back(line_of(value));
    else if (is.kind != BPF_MAP_TYPE_BLOOM_FILTER) {
        auto const add = [&](void const *key, void const *at) {
            value.assign(static_cast<u8 const *>(at), static_cast<u8 const *>(at) + is.value_size);
            if (change) change(value);
            all.push_back(line_of({static_cast<u8 const *>(key), is.key_size}) + ": " + line_of(value));
        };
        if (is_array(is.kind))
            for (u32 i = 0; i < std::min(is.capacity, most); i++) add(&i, map.lookup(&i));
        else
            map.for_each(add);
        std::sort(all.begin(), all.end());
    }
    return all;
}

inline auto is_per_cpu(u32 kind) -> bool {
    return kind == BPF_MAP_TYPE_PERCPU_ARRAY || kind == BPF_MAP_TYPE_PERCPU_HASH ||
           kind == BPF_MAP_TYPE_LRU_PERCPU_HASH;
}
inline auto room_of(host::shape const &is) -> std::size_t {
    auto const size = is.value_size;
    return is_per_cpu(is.kind) ? ((size + 7u) & ~7u) * static_cast<u32>(libbpf_num_possible_cpus()) : size;
}
inline auto shape_of(bpf_map const *map) -> host::shape {
    return {bpf_map__type(map), bpf_map__key_size(map), bpf_map__value_size(map), bpf_map__max_entries(map)};
}
/// Open ring buffers, of who reads the same ones again and again.
class open_rings {
    struct close {
        auto operator()(ring_buffer *ring) const -> void { ring_buffer__free(ring); }
    };
    struct open_ring {
        std::unique_ptr<lines> taken = std::make_unique<lines>();
        std::unique_ptr<ring_buffer, close> handle{};
    };
    std::map<int, open_ring> all_;

    static auto take(void *to, void *data, std::size_t size) -> int {
        static_cast<lines *>(to)->emplace_back(static_cast<char *>(data), size);
        return 0;
    }

  public:
    /// The records that have come since, as bytes.
    auto take_from(int fd) -> lines {
        auto &ring = all_[fd];
        if (!ring.handle) ring.handle.reset(ring_buffer__new(fd, take, ring.taken.get(), nullptr));
        if (!ring.handle) throw std::runtime_error("contents: a ring buffer cannot be read");
        ring_buffer__consume(ring.handle.get());
        return std::exchange(*ring.taken, {});
    }
};
inline auto contents(int fd, host::shape const &is, blanking const &change = {}, open_rings *rings = nullptr,
                     u32 most = most_entries) -> lines {
    lines all;
    auto const kind = is.kind;
    auto const value_size = is.value_size;
    std::vector<u8> value(room_of(is));
    if (kind == BPF_MAP_TYPE_RINGBUF) {
        open_rings once;
        for (auto const &record : (rings ? *rings : once).take_from(fd)) {
            std::vector<u8> copy{record.begin(), record.end()};
            if (change) change(copy);
            all.push_back(line_of(copy));
        }
    } else if (kind == BPF_MAP_TYPE_QUEUE || kind == BPF_MAP_TYPE_STACK)
        while (bpf_map_lookup_and_delete_elem(fd, nullptr, value.data()) == 0) all.push_back(line_of(value));
    else if (kind != BPF_MAP_TYPE_BLOOM_FILTER) {
        auto const own =
            is_per_cpu(kind) ? ((value_size + 7u) & ~7u) * static_cast<std::size_t>(sched_getcpu()) : std::size_t{0};
        std::vector<u8> key(is.key_size), next(key.size());
        for (void *before = nullptr; bpf_map_get_next_key(fd, before, next.data()) == 0; before = key.data()) {
            if (is_array(kind) && all.size() == most) break;
            key = next;
            if (bpf_map_lookup_elem(fd, key.data(), value.data()) != 0) continue;
            auto const here = std::span{value}.subspan(own, value_size);
            if (change) change(here);
            all.push_back(line_of(key) + ": " + line_of(here));
        }
        std::sort(all.begin(), all.end());
    }
    return all;
}
inline auto contents(bpf_map const *map, blanking const &change = {}, open_rings *rings = nullptr,
                     u32 most = most_entries) -> lines {
    return contents(bpf_map__fd(map), shape_of(map), change, rings, most);
}
/// Arrays become zeros; what has keys loses them.
inline auto clear(host::storage &map, u32 most = most_entries) -> void {
    auto const &is = map.what();
    if (!is_array(is.kind)) return map.clear();
    for (u32 i = 0; i < std::min(is.capacity, most); i++) std::memset(map.lookup(&i), 0, is.value_size);
}
inline auto clear(bpf_map const *map, open_rings *rings = nullptr, u32 most = most_entries) -> void {
    auto const fd = bpf_map__fd(map);
    auto const kind = bpf_map__type(map);
    if (is_array(kind)) {
        std::vector<u8> const zeros(room_of(shape_of(map)));
        for (u32 i = 0; i < std::min(bpf_map__max_entries(map), most); i++)
            bpf_map_update_elem(fd, &i, zeros.data(), BPF_ANY);
        return;
    }
    if (kind == BPF_MAP_TYPE_RINGBUF || kind == BPF_MAP_TYPE_QUEUE || kind == BPF_MAP_TYPE_STACK) {
        contents(map, {}, rings);
        return;
    }
    std::vector<u8> key(bpf_map__key_size(map));
    while (bpf_map_get_next_key(fd, nullptr, key.data()) == 0) bpf_map_delete_elem(fd, key.data());
}
} // namespace bpfxx::test
