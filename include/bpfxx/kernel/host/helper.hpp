// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// The helpers that a program has also on the host, with the kernel's answers. All others do not compile there.
#include <bpfxx/core/memory.hpp>
#include <bpfxx/kernel/host/context.hpp>
#include <bpfxx/kernel/host/geometry.hpp>
#include <bpfxx/kernel/host/registry.hpp>
#include <bpfxx/kernel/host/unmodelled.hpp>
#include <cstdio>
#include <ctime>
#include <random>
#include <utility>

struct seq_file;

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

/// Leaves a program whose tail call has answered: nothing behind the call runs.
struct tail_called {
    int verdict;
};
inline constexpr u32 most_tail_calls = 33;
inline auto tail_calls() -> u32 & {
    static u32 so_far = 0; // of the run that is going on
    return so_far;
}

/// Nanoseconds that have passed for timers, and the timer whose function runs.
inline auto passed() -> u64 & {
    static u64 now = 0;
    return now;
}
inline auto ringing() -> ::bpf_timer *& {
    static ::bpf_timer *now = nullptr;
    return now;
}
/// By a name of its own, as all_objects (host/registry.hpp).
struct all_texts {
    std::vector<std::string> printed;
    std::string written;
};
inline auto texts() -> all_texts & {
    static all_texts all;
    return all;
}
/// What programs have printed, a line each.
inline auto printed() -> std::vector<std::string> & { return texts().printed; }
/// What iterators have written.
inline auto written() -> std::string & { return texts().written; }
} // namespace bpfxx::host

namespace bpfxx::helper {
inline auto map_lookup_elem(void *map, void const *key) -> void * {
    auto &s = host::storage_of(map);
    auto *const at = s.lookup(key);
    return at && s.holds_maps() ? *static_cast<void **>(at) : at;
}
inline auto map_update_elem(void *map, void const *key, void const *value, u64 flags) -> i64 {
    return host::storage_of(map).update(key, value, flags);
}
inline auto map_delete_elem(void *map, void const *key) -> i64 { return host::storage_of(map).erase(key); }
inline auto map_push_elem(void *map, void const *value, u64 flags) -> i64 {
    return host::storage_of(map).push(value, flags);
}
inline auto map_pop_elem(void *map, void *value) -> i64 { return host::storage_of(map).pop(value); }
inline auto map_peek_elem(void *map, void *value) -> i64 { return host::storage_of(map).peek(value); }

template <class Context> auto tail_call(Context *context, void *map, u32 index) -> i64 {
    auto const program = host::storage_of(map).program<Context>(index);
    if (!program || host::tail_calls() >= host::most_tail_calls) return -ENOENT;
    host::tail_calls()++;
    throw host::tail_called{program(context)};
}
inline auto for_each_map_elem(void *map, i64 (*use)(void *map, void const *key, void *value, void *data), void *data,
                              u64 flags) -> i64 {
    if (flags != 0) return -EINVAL;
    return host::storage_of(map).walk([&](void const *key, void *value) { return use(map, key, value, data); });
}
inline auto redirect_map(void *map, u64 key, u64 flags) -> i64 {
    auto &s = host::storage_of(map);
    auto const kind = s.what().kind;
    auto const is_devmap = kind == BPF_MAP_TYPE_DEVMAP || kind == BPF_MAP_TYPE_DEVMAP_HASH;
    auto const broadcast = (flags & BPF_F_BROADCAST) != 0;
    auto const known = is_devmap ? u64{3} | BPF_F_BROADCAST | BPF_F_EXCLUDE_INGRESS : u64{3};
    if ((flags & ~known) != 0) return XDP_ABORTED;
    auto const index = static_cast<u32>(key);
    return s.lookup(&index) || broadcast ? i64{XDP_REDIRECT} : static_cast<i64>(flags & 3);
}

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

template <class Context>
auto perf_event_output(Context *context, void *map, u64 flags, void const *data, u64 size) -> i64 {
    auto const cpu = flags & BPF_F_INDEX_MASK, more = (flags & BPF_F_CTXLEN_MASK) >> 32;
    if ((flags & ~u64{BPF_F_INDEX_MASK | BPF_F_CTXLEN_MASK}) != 0) return -EINVAL;
    auto &s = host::storage_of(map);
    if constexpr (requires { end(*context); }) {
        if (more > static_cast<u64>(end(*context) - begin(*context))) return -EFAULT;
        return cpu == 0 || cpu == BPF_F_CURRENT_CPU ? s.output(data, size, begin(*context), more) : -ENOENT;
    } else {
        if (more != 0) return -EINVAL;
        return cpu == 0 || cpu == BPF_F_CURRENT_CPU ? s.output(data, size, nullptr, 0) : -ENOENT;
    }
}

/// What a dynptr is here: bytes and how many.
inline auto dynptr_read(void *to, u32 size, ::bpf_dynptr const *from, u32 offset, u64 flags) -> i64 {
    std::span<u8 const> bytes;
    std::memcpy(static_cast<void *>(&bytes), from, sizeof bytes);
    if (flags != 0) return -EINVAL;
    if (u64{offset} + size > bytes.size()) return -E2BIG;
    std::memcpy(to, bytes.data() + offset, size);
    return 0;
}
inline auto user_ringbuf_drain(void *map, i64 (*use)(::bpf_dynptr *from, void *data), void *data, u64 flags) -> i64 {
    if ((flags & ~u64{BPF_RB_NO_WAKEUP | BPF_RB_FORCE_WAKEUP}) != 0) return -EINVAL;
    return host::storage_of(map).drain([&](std::span<u8 const> bytes) {
        ::bpf_dynptr from{};
        static_assert(sizeof from >= sizeof bytes);
        std::memcpy(static_cast<void *>(&from), &bytes, sizeof bytes);
        return use(&from, data);
    });
}

/// One CPU runs at a time, so a lock that is held is held by the program itself.
inline auto spin_lock(::bpf_spin_lock *lock) -> i64 {
    if (lock->val != 0) throw std::logic_error("a program takes a lock that it holds already");
    lock->val = 1;
    return 0;
}
inline auto spin_unlock(::bpf_spin_lock *lock) -> i64 {
    if (lock->val == 0) throw std::logic_error("a program gives back a lock that it does not hold");
    lock->val = 0;
    return 0;
}

inline auto timer_init(::bpf_timer *timer, void *map, u64 flags) -> i64 {
    if (flags != CLOCK_MONOTONIC && flags != CLOCK_REALTIME && flags != CLOCK_BOOTTIME) return -EINVAL;
    return host::timers().try_emplace(timer, host::timer{map, nullptr, 0, false}).second ? 0 : -EBUSY;
}
inline auto timer_set_callback(::bpf_timer *timer, i64 (*ring)(void *map, void *key, void *value)) -> i64 {
    auto const found = host::timers().find(timer);
    if (found == host::timers().end()) return -EINVAL;
    found->second.ring = ring;
    return 0;
}
inline auto timer_start(::bpf_timer *timer, u64 nanoseconds, u64 flags) -> i64 {
    auto const found = host::timers().find(timer);
    if (found == host::timers().end() || !found->second.ring || flags != 0) return -EINVAL;
    found->second.due = host::passed() + nanoseconds;
    found->second.runs = true;
    return 0;
}
inline auto timer_cancel(::bpf_timer *timer) -> i64 {
    auto const found = host::timers().find(timer);
    if (found == host::timers().end()) return -EINVAL;
    if (host::ringing() == timer) return -EDEADLK;
    return std::exchange(found->second.runs, false);
}

inline auto ktime_get_ns() -> u64 { return host::clock_ns(CLOCK_MONOTONIC); }
inline auto ktime_get_boot_ns() -> u64 { return host::clock_ns(CLOCK_BOOTTIME); }
inline auto get_prandom_u32() -> u32 { return static_cast<u32>(host::random()()); }
inline auto get_smp_processor_id() -> u32 { return 0; }

inline auto trace_vprintk(char const *format, u32, void const *words, u32 size) -> i64 {
    u64 w[12] = {};
    if (size % 8 != 0 || size > sizeof w) return -EINVAL;
    std::memcpy(w, words, size);
    char line[512];
    auto const n = std::snprintf(line, sizeof line, format, w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7], w[8], w[9],
                                 w[10], w[11]);
    host::printed().emplace_back(line);
    return n;
}
/// Of an iterator: what user space would read.
inline auto seq_printf(::seq_file *, char const *format, u32 size, void const *words, u32 bytes) -> i64 {
    auto const n = trace_vprintk(format, size, words, bytes);
    if (n < 0) return n;
    host::written() += host::printed().back();
    host::printed().pop_back();
    return 0;
}
inline auto seq_write(::seq_file *, void const *data, u32 size) -> i64 {
    host::written().append(static_cast<char const *>(data), size);
    return 0;
}
/// Any address of this process but null.
inline auto probe_read_kernel(void *to, u32 size, void const *from) -> i64 {
    if (from) std::memcpy(to, from, size);
    if (!from) std::memset(to, 0, size);
    return from ? 0 : -EFAULT;
}
template <class... Words> inline auto trace_printk(char const *format, u32 size, Words... values) -> i64 {
    static_assert(sizeof...(Words) <= 3, "bpf_trace_printk() takes up to three values");
    u64 const words[] = {values..., 0};
    return trace_vprintk(format, size, words, sizeof...(Words) * sizeof(u64));
}

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
namespace detail {
/// Sums of one's complement, in words as they lie in memory.
inline auto fold(u64 sum) -> u16 {
    while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<u16>(sum);
}
inline auto added(u32 a, u32 b) -> u32 {
    auto const sum = u64{a} + b;
    return static_cast<u32>(sum + (sum >> 32));
}
inline auto over(u8 const *at, u64 size, u64 start = 0) -> u32 {
    u64 sum = 0;
    for (u64 i = 0; i < size; i++) {
        u8 word[2] = {0, 0};
        word[(start + i) % 2] = at[i];
        sum += load<u16>(word);
    }
    return fold(sum);
}
} // namespace detail

/// The sum of new bytes less that of old ones.
inline auto csum_diff(__be32 const *from, u32 from_size, __be32 const *to, u32 to_size, __wsum seed) -> i64 {
    if ((from_size | to_size) % 4 != 0 || from_size + to_size > 512) return -EINVAL;
    auto const before = detail::over(reinterpret_cast<u8 const *>(from), from_size);
    auto const after = detail::over(reinterpret_cast<u8 const *>(to), to_size);
    return detail::added(detail::added(seed, ~before), after);
}
inline auto csum_update(skb::context *context, __wsum difference) -> i64 {
    if (context->summed != skb::context::checksums::complete) return -524; // ENOTSUPP, which is not for user space
    return context->csum = detail::added(context->csum, difference);
}
inline auto skb_store_bytes(skb::context *context, u32 offset, void const *from, u32 size, u64 flags) -> i64 {
    if ((flags & ~u64{BPF_F_RECOMPUTE_CSUM | BPF_F_INVALIDATE_HASH}) != 0) return -EINVAL;
    if (offset > 0x7fff'ffff) return -EFAULT;
    if (u64{offset} + size > context->len) return -EFAULT;
    auto *const at = context->data + offset;
    bool const counted = (flags & BPF_F_RECOMPUTE_CSUM) != 0;
    if (counted) csum_update(context, ~detail::over(at, size, offset));
    std::memcpy(at, from, size);
    if (counted) csum_update(context, detail::over(at, size, offset));
    if ((flags & BPF_F_INVALIDATE_HASH) != 0) context->hash = 0;
    return 0;
}
namespace detail {
/// What both replacements start with: the field, or null; the difference that is meant.
inline auto field(skb::context *context, u32 offset, u64 from, u64 to, u32 size, u32 &difference) -> u8 * {
    if (offset > 0xffff || offset % 2 != 0 || u64{offset} + 2 > context->len) return nullptr;
    difference = static_cast<u32>(to);
    if (size == 2) difference = added(static_cast<u16>(~from), static_cast<u16>(to));
    if (size == 4) difference = added(static_cast<u32>(~from), static_cast<u32>(to));
    return context->data + offset;
}
inline auto replace(u8 *at, u32 difference) -> void {
    store(at, static_cast<u16>(~fold(u64{difference} + static_cast<u16>(~load<u16>(at)))));
}
} // namespace detail
inline auto l3_csum_replace(skb::context *context, u32 offset, u64 from, u64 to, u64 size) -> i64 {
    u32 difference = 0;
    if (size > 15 || (size != 0 && size != 2 && size != 4) || (size == 0 && from != 0)) return -EINVAL;
    auto *const at = detail::field(context, offset, from, to, static_cast<u32>(size), difference);
    if (!at) return -EFAULT;
    detail::replace(at, difference);
    return 0;
}
inline auto l4_csum_replace(skb::context *context, u32 offset, u64 from, u64 to, u64 flags) -> i64 {
    u32 difference = 0;
    auto const size = static_cast<u32>(flags & BPF_F_HDR_FIELD_MASK);
    bool const zero_is_none = (flags & BPF_F_MARK_MANGLED_0) != 0, pseudo = (flags & BPF_F_PSEUDO_HDR) != 0;
    bool const enforced = (flags & BPF_F_MARK_ENFORCE) != 0;
    constexpr u64 ipv6 = 1u << 7; // BPF_F_IPV6 (Linux 6.16)
    constexpr u64 known = BPF_F_MARK_MANGLED_0 | BPF_F_MARK_ENFORCE | BPF_F_PSEUDO_HDR | BPF_F_HDR_FIELD_MASK | ipv6;
    if ((flags & ~known) != 0 || (size != 0 && size != 2 && size != 4) || (size == 0 && from != 0)) return -EINVAL;
    auto *const at = detail::field(context, offset, from, to, size, difference);
    if (!at) return -EFAULT;
    if (zero_is_none && !enforced && load<u16>(at) == 0) return 0;
    if (context->summed != skb::context::checksums::partial) {
        detail::replace(at, difference);
        if (pseudo && (flags & ipv6) == 0) csum_update(context, ~difference);
    } else if (pseudo)
        store(at, detail::fold(u64{difference} + load<u16>(at)));
    if (zero_is_none && load<u16>(at) == 0) store(at, u16{0xffff});
    return 0;
}
// A socket is what a map holds under its key: it takes nothing here, but the context says that it was chosen.
inline auto sk_assign(::bpf_sk_lookup *context, ::bpf_sock *chosen, u64 flags) -> i64 {
    if ((flags & ~u64{BPF_SK_LOOKUP_F_REPLACE | BPF_SK_LOOKUP_F_NO_REUSEPORT}) != 0) return -EINVAL;
    if (context->sk && chosen && (flags & BPF_SK_LOOKUP_F_REPLACE) == 0) return -EEXIST;
    context->sk = chosen;
    return 0;
}
/// There is one socket here.
template <class Context>
    requires(__is_same(Context, ::bpf_sock_addr) || __is_same(Context, ::bpf_sock_ops))
inline auto get_socket_cookie(Context *) -> u64 { return 1; }
inline auto sock_hash_update(::bpf_sock_ops *context, void *map, void const *key, u64 flags) -> i64 {
    u64 const socket = get_socket_cookie(context);
    return host::storage_of(map).update(key, &socket, flags);
}
inline auto sock_map_update(::bpf_sock_ops *context, void *map, void const *key, u64 flags) -> i64 {
    return sock_hash_update(context, map, key, flags);
}
inline auto sock_ops_cb_flags_set(::bpf_sock_ops *context, int flags) -> i64 {
    context->bpf_sock_ops_cb_flags = static_cast<u32>(flags) & BPF_SOCK_OPS_ALL_CB_FLAGS;
    return flags & ~BPF_SOCK_OPS_ALL_CB_FLAGS;
}
inline auto sk_release(void *) -> i64 { return 0; }
inline auto sk_select_reuseport(::sk_reuseport_md *, void *map, void const *key, u64 flags) -> i64 {
    if (flags != 0) return -EINVAL;
    return host::storage_of(map).lookup(key) ? 0 : -ENOENT;
}

} // namespace bpfxx::helper
namespace bpfxx::host {
/// A packet that was sent to an interface beside the one that a program was given.
struct clone {
    u32 interface_index;
    bool into; // ingress
    std::vector<u8> bytes;
    u32 mark;
};
/// Those of all runs so far: clear it to forget them.
inline auto clones() -> std::vector<clone> & {
    static std::vector<clone> all;
    return all;
}
} // namespace bpfxx::host
namespace bpfxx::helper {
inline auto clone_redirect(skb::context *context, u32 interface_index, u64 flags) -> i64 {
    if ((flags & ~u64{BPF_F_INGRESS}) != 0 || interface_index == 0) return -EINVAL;
    host::clones().push_back({interface_index, flags != 0, {context->data, context->data_end}, context->mark});
    return 0;
}
/// All bytes are linear already.
inline auto skb_pull_data(skb::context *context, u32 size) -> i64 { return size > context->len ? -ENOMEM : 0; }
inline auto get_socket_cookie(skb::context *context) -> u64 { return context->cookie; }

// Where bytes would go: there is a socket, or there is none. Sockets take nothing here.
inline auto sk_redirect_hash(skb::context const *, void *map, void const *key, u64 flags) -> i64 {
    return (flags & ~u64{BPF_F_INGRESS}) == 0 && host::storage_of(map).lookup(key) ? SK_PASS : SK_DROP;
}
inline auto sk_redirect_map(skb::context const *context, void *map, u32 key, u64 flags) -> i64 {
    return sk_redirect_hash(context, map, &key, flags);
}
inline auto msg_redirect_hash(sk_msg::context const *, void *map, void const *key, u64 flags) -> i64 {
    return (flags & ~u64{BPF_F_INGRESS}) == 0 && host::storage_of(map).lookup(key) ? SK_PASS : SK_DROP;
}
inline auto msg_redirect_map(sk_msg::context const *context, void *map, u32 key, u64 flags) -> i64 {
    return msg_redirect_hash(context, map, &key, flags);
}
inline auto msg_apply_bytes(sk_msg::context *context, u32 bytes) -> i64 {
    context->applied = bytes;
    return 0;
}
inline auto msg_cork_bytes(sk_msg::context *context, u32 bytes) -> i64 {
    context->corked = bytes;
    return 0;
}
/// What lies in front of `start` is out of reach afterwards, as in the kernel.
inline auto msg_pull_data(sk_msg::context *context, u32 start, u32 end, u64 flags) -> i64 {
    if (flags != 0 || end <= start) return -EINVAL;
    if (end > static_cast<u64>(context->data_end - context->data)) return -EINVAL;
    context->data += start;
    return 0;
}
} // namespace bpfxx::helper
