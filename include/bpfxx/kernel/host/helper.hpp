// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// The helpers that a program has also on the host, with the kernel's answers. All others do not compile there.
#include <bpfxx/kernel/host/context.hpp>
#include <bpfxx/kernel/host/registry.hpp>
#include <bpfxx/kernel/host/unmodelled.hpp>
#include <ctime>
#include <random>

namespace bpfxx::host {
inline auto clock_ns(clockid_t which) -> u64 {
    timespec t{};
    clock_gettime(which, &t);
    return static_cast<u64>(t.tv_sec) * 1'000'000'000u + static_cast<u64>(t.tv_nsec);
}
/// The ring buffer that a record belongs to: submit and discard are given the record alone.
inline auto ring_of(void const *data) -> storage & {
    for (auto &[map, s] : storages())
        if (s->what().kind == BPF_MAP_TYPE_RINGBUF && s->owns(data)) return *s;
    throw std::logic_error("a record was given back that no ring buffer has reserved");
}
/// The random numbers of a run repeat themselves: seed it to have others.
inline auto random() -> std::mt19937 & {
    static std::mt19937 engine{1};
    return engine;
}
} // namespace bpfxx::host

namespace bpfxx::helper {
inline auto map_lookup_elem(void *map, void const *key) -> void * { return host::storage_of(map).lookup(key); }
inline auto map_update_elem(void *map, void const *key, void const *value, u64 flags) -> i64 {
    return host::storage_of(map).update(key, value, flags);
}
inline auto map_delete_elem(void *map, void const *key) -> i64 { return host::storage_of(map).erase(key); }

inline auto ringbuf_reserve(void *map, u64 size, u64 flags) -> void * {
    return flags != 0 ? nullptr : host::storage_of(map).reserve(size);
}
inline auto ringbuf_submit(void *data, u64) -> void { host::ring_of(data).finish(data, true); }
inline auto ringbuf_discard(void *data, u64) -> void { host::ring_of(data).finish(data, false); }
inline auto ringbuf_output(void *map, void const *data, u64 size, u64 flags) -> i64 {
    if ((flags & ~u64{BPF_RB_NO_WAKEUP | BPF_RB_FORCE_WAKEUP}) != 0) return -EINVAL;
    auto *const at = host::storage_of(map).reserve(size);
    if (!at) return -EAGAIN;
    std::memcpy(at, data, size);
    ringbuf_submit(at, 0);
    return 0;
}

inline auto ktime_get_ns() -> u64 { return host::clock_ns(CLOCK_MONOTONIC); }
inline auto ktime_get_boot_ns() -> u64 { return host::clock_ns(CLOCK_BOOTTIME); }
inline auto get_prandom_u32() -> u32 { return static_cast<u32>(host::random()()); }
inline auto get_smp_processor_id() -> u32 { return 0; }

/// How often `step` was called: it stops the loop by answering 1.
inline auto loop(u32 count, i64 (*step)(u32 index, void *data), void *data, u64 flags) -> i64 {
    if (flags != 0) return -EINVAL;
    if (count > (1u << 23)) return -E2BIG;
    for (u32 i = 0; i < count; i++)
        if (step(i, data) != 0) return i + 1;
    return count;
}

inline auto xdp_get_buff_len(xdp::context *context) -> u64 {
    return static_cast<u64>(context->data_end - context->data);
}
inline auto xdp_load_bytes(xdp::context *context, u32 offset, void *to, u32 size) -> i64 {
    auto const length = static_cast<u64>(context->data_end - context->data);
    if (offset > 0xffff || size > 0xffff) return -EFAULT;
    if (u64{offset} + size > length) return -EINVAL;
    std::memcpy(to, context->data + offset, size);
    return 0;
}

inline auto skb_load_bytes(skb::context const *context, u32 offset, void *to, u32 size) -> i64 {
    if (u64{offset} + size > context->len) return -EFAULT;
    std::memcpy(to, context->data + offset, size);
    return 0;
}
/// All bytes are linear already.
inline auto skb_pull_data(skb::context *context, u32 size) -> i64 { return size > context->len ? -ENOMEM : 0; }
} // namespace bpfxx::helper
