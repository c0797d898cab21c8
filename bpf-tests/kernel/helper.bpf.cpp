// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Helpers called by their declarations, in the kernel. A program answers 0, or the line of what went otherwise; it is
/// handed IPv4, TCP from 10.0.0.1:1234 to 10.0.0.2:80, 64 bytes. Oldest kernel: 6.1.
#include <bpfxx/kernel/bpf/helper.hpp>

#define EXPECT(condition)                                                                                              \
    if (!(condition)) return __LINE__

using namespace bpfxx;

namespace {
template <u32 Kind, class Key, class Value, u32 Capacity> struct keyed_map {
    int (*type)[Kind];
    Key *key;
    Value *value;
    int (*max_entries)[Capacity];
};
template <u32 Kind, class Value, u32 Capacity> struct keyless_map {
    int (*type)[Kind];
    Value *value;
    int (*max_entries)[Capacity];
};
template <u32 Kind, u32 Capacity> struct plain_map {
    int (*type)[Kind];
    int (*max_entries)[Capacity];
};
template <u32 Kind, u32 Capacity> struct sized_map {
    int (*type)[Kind];
    int (*key_size)[4];
    int (*value_size)[4];
    int (*max_entries)[Capacity];
};
} // namespace

extern "C" {
struct guarded {
    bpf_spin_lock lock;
    u32 count;
};
struct timed {
    bpf_timer timer;
};

[[gnu::section("license"), gnu::used]] char licence[] = "GPL";
[[gnu::section(".maps"), gnu::used]] keyed_map<BPF_MAP_TYPE_HASH, u32, u64, 8> hash;
[[gnu::section(".maps"), gnu::used]] keyed_map<BPF_MAP_TYPE_PERCPU_ARRAY, u32, u64, 1> per_cpu;
[[gnu::section(".maps"), gnu::used]] keyed_map<BPF_MAP_TYPE_ARRAY, u32, guarded, 1> locks;
[[gnu::section(".maps"), gnu::used]] keyed_map<BPF_MAP_TYPE_ARRAY, u32, timed, 1> timers;
[[gnu::section(".maps"), gnu::used]] keyless_map<BPF_MAP_TYPE_QUEUE, u32, 4> queue;
[[gnu::section(".maps"), gnu::used]] plain_map<BPF_MAP_TYPE_RINGBUF, 4096> ring;
[[gnu::section(".maps"), gnu::used]] plain_map<BPF_MAP_TYPE_USER_RINGBUF, 4096> requests;
[[gnu::section(".maps"), gnu::used]] sized_map<BPF_MAP_TYPE_PERF_EVENT_ARRAY, 64> perf;
[[gnu::section(".maps"), gnu::used]] sized_map<BPF_MAP_TYPE_PROG_ARRAY, 1> jumps;
[[gnu::section(".maps"), gnu::used]] sized_map<BPF_MAP_TYPE_DEVMAP, 4> devices;
}

static auto add_index(u32 index, void *ctx) -> i64 {
    *static_cast<u64 *>(ctx) += index;
    return 0;
}
static auto add_value(void *map, void const *key, void *value, void *ctx) -> i64 {
    (void)map, (void)key;
    *static_cast<u64 *>(ctx) += *static_cast<u64 *>(value);
    return 0;
}
static auto expired(void *map, void *key, void *value) -> i64 {
    (void)map, (void)key, (void)value;
    return 0;
}
static auto count_request(bpf_dynptr *request, void *ctx) -> i64 {
    u32 word = 0;
    if (helper::dynptr_read(&word, sizeof word, request, 0, 0) == 0) *static_cast<u64 *>(ctx) += 1;
    return 0;
}

extern "C" [[gnu::section("xdp"), gnu::used]] int with_maps([[maybe_unused]] xdp_md *ctx) {
    u32 const key = 7, first = 0;
    u64 const value = 35;
    EXPECT(helper::map_update_elem(&hash, &key, &value, BPF_ANY) == 0);
    EXPECT(helper::map_update_elem(&hash, &key, &value, BPF_NOEXIST) == -17);
    auto *const found = static_cast<u64 *>(helper::map_lookup_elem(&hash, &key));
    EXPECT(found && *found == 35);
    u64 sum = 7;
    EXPECT(helper::for_each_map_elem(&hash, add_value, &sum, 0) == 1);
    EXPECT(sum == 42);
    EXPECT(helper::map_delete_elem(&hash, &key) == 0);
    EXPECT(!helper::map_lookup_elem(&hash, &key));
    EXPECT(helper::map_lookup_percpu_elem(&per_cpu, &first, helper::get_smp_processor_id()));
    EXPECT(!helper::map_lookup_percpu_elem(&per_cpu, &first, ~0u));

    u32 taken = 0;
    EXPECT(helper::map_push_elem(&queue, &key, 0) == 0);
    EXPECT(helper::map_peek_elem(&queue, &taken) == 0 && taken == 7);
    EXPECT(helper::map_pop_elem(&queue, &taken) == 0);
    EXPECT(helper::map_pop_elem(&queue, &taken) == -2);

    auto *const guard = static_cast<guarded *>(helper::map_lookup_elem(&locks, &first));
    EXPECT(guard);
    helper::spin_lock(&guard->lock);
    guard->count += 1;
    helper::spin_unlock(&guard->lock);
    return 0;
}

extern "C" [[gnu::section("xdp"), gnu::used]] int with_clocks([[maybe_unused]] xdp_md *ctx) {
    auto const before = helper::ktime_get_ns();
    EXPECT(before && helper::ktime_get_ns() >= before);
    EXPECT(helper::ktime_get_boot_ns() >= before);
    EXPECT(helper::ktime_get_tai_ns() > before);
    EXPECT(helper::jiffies64());
    EXPECT(helper::get_smp_processor_id() < 4096);
    EXPECT(helper::get_numa_node_id() >= -1);
    auto const random = helper::get_prandom_u32();
    EXPECT(random != helper::get_prandom_u32() || random != helper::get_prandom_u32());

    u32 const first = 0;
    auto *const entry = static_cast<timed *>(helper::map_lookup_elem(&timers, &first));
    EXPECT(entry);
    auto const made = helper::timer_init(&entry->timer, &timers, 1);
    EXPECT(made == 0 || made == -16);
    EXPECT(helper::timer_set_callback(&entry->timer, expired) == 0);
    EXPECT(helper::timer_start(&entry->timer, 1'000'000'000, 0) == 0);
    EXPECT(helper::timer_cancel(&entry->timer) == 1);
    return 0;
}

extern "C" [[gnu::section("xdp"), gnu::used]] int with_packet(xdp_md *ctx) {
    u8 type[2] = {};
    EXPECT(helper::xdp_get_buff_len(ctx) == 64);
    EXPECT(helper::xdp_load_bytes(ctx, 12, type, 2) == 0 && type[0] == 8 && type[1] == 0);
    EXPECT(helper::xdp_load_bytes(ctx, 63, type, 2) == -22);
    u8 const other[2] = {0x12, 0x34};
    EXPECT(helper::xdp_store_bytes(ctx, 12, other, 2) == 0);
    EXPECT(helper::xdp_load_bytes(ctx, 12, type, 2) == 0 && type[0] == 0x12 && type[1] == 0x34);
    EXPECT(helper::xdp_adjust_head(ctx, -4) == 0 && helper::xdp_get_buff_len(ctx) == 68);
    EXPECT(helper::xdp_adjust_tail(ctx, -8) == 0 && helper::xdp_get_buff_len(ctx) == 60);
    EXPECT(helper::xdp_adjust_meta(ctx, -8) == 0 && ctx->data - ctx->data_meta == 8);

    u32 const none = 0, one = 1;
    EXPECT(helper::csum_diff(&none, 4, &one, 4, 0) != helper::csum_diff(&one, 4, &none, 4, 0));
    EXPECT(helper::csum_diff(nullptr, 0, &one, 4, 5) == 6);
    bpf_fib_lookup route = {};
    route.family = 2;
    route.ifindex = ctx->ingress_ifindex;
    EXPECT(helper::fib_lookup(ctx, &route, sizeof route, 0) > 0);
    u32 mtu = 0;
    EXPECT(helper::check_mtu(ctx, 0, &mtu, 0, 0) == 0 && mtu);
    EXPECT(helper::redirect(1, 0) == XDP_REDIRECT && helper::redirect(1, 1) == XDP_ABORTED);
    EXPECT(helper::redirect_map(&devices, 0, XDP_DROP) == XDP_DROP);
    return 0;
}

extern "C" [[gnu::section("xdp"), gnu::used]] int with_events(xdp_md *ctx) {
    u64 const event = 0x1122334455667788;
    EXPECT(helper::ringbuf_query(&ring, BPF_RB_RING_SIZE) == 4096);
    auto const before = helper::ringbuf_query(&ring, BPF_RB_PROD_POS);
    EXPECT(helper::ringbuf_output(&ring, &event, sizeof event, 0) == 0);
    void *record = helper::ringbuf_reserve(&ring, 8, 0);
    EXPECT(record);
    *static_cast<u64 *>(record) = event;
    helper::ringbuf_submit(record, 0);
    record = helper::ringbuf_reserve(&ring, 8, 0);
    EXPECT(record);
    helper::ringbuf_discard(record, 0);
    EXPECT(helper::ringbuf_query(&ring, BPF_RB_PROD_POS) == before + 3 * 16);

    bpf_dynptr slot;
    u64 read = 0;
    auto wrong = helper::ringbuf_reserve_dynptr(&ring, 16, 0, &slot);
    wrong |= helper::dynptr_write(&slot, 8, &event, sizeof event, 0);
    wrong |= helper::dynptr_read(&read, sizeof read, &slot, 8, 0);
    auto *const direct = static_cast<u64 *>(helper::dynptr_data(&slot, 8, 8));
    auto const same = direct && *direct == event;
    helper::ringbuf_submit_dynptr(&slot, 0);
    EXPECT(wrong == 0 && read == event && same);
    helper::ringbuf_reserve_dynptr(&ring, 16, 0, &slot);
    helper::ringbuf_discard_dynptr(&slot, 0);
    u32 const first = 0;
    if (void *value = helper::map_lookup_elem(&per_cpu, &first)) {
        bpf_dynptr view;
        EXPECT(helper::dynptr_from_mem(value, 8, 0, &view) == 0);
    }

    u64 requested = 0;
    EXPECT(helper::user_ringbuf_drain(&requests, count_request, &requested, 0) == 0 && requested == 0);
    EXPECT(helper::perf_event_output(ctx, &perf, BPF_F_CURRENT_CPU, &event, sizeof event) == -2);
    return 0;
}

extern "C" [[gnu::section("xdp"), gnu::used]] int with_flow(xdp_md *ctx) {
    u64 sum = 0;
    EXPECT(helper::loop(5, add_index, &sum, 0) == 5 && sum == 10);
    helper::tail_call(ctx, &jumps, 0); // nothing there: it comes back
    return 0;
}

extern "C" [[gnu::section("xdp"), gnu::used]] int with_text([[maybe_unused]] xdp_md *ctx) {
    [[gnu::section(".rodata")]] static constexpr char fewest[] = "bpfxx";
    [[gnu::section(".rodata")]] static constexpr char most[] = "bpfxx %d %d %d";
    [[gnu::section(".rodata")]] static constexpr char pair[] = "%d-%d";
    char text[8] = {};
    u64 const values[2] = {12, 34};
    EXPECT(helper::snprintf(text, sizeof text, pair, values, sizeof values) == 6);
    EXPECT(text[0] == '1' && text[2] == '-' && text[4] == '4' && text[5] == 0);
    EXPECT(helper::strncmp(text, sizeof text, fewest) < 0);
    EXPECT(helper::trace_printk(fewest, sizeof fewest) == 5);
    EXPECT(helper::trace_printk(most, sizeof most, 1, 2, 3) == 11);
    EXPECT(helper::trace_vprintk(pair, sizeof pair, values, sizeof values) == 5);
    return 0;
}

extern "C" [[gnu::section("xdp"), gnu::used]] int with_sockets(xdp_md *ctx) {
    bpf_sock_tuple tuple = {};
    tuple.ipv4.saddr = tuple.ipv4.daddr = 0xffffffff;
    if (auto *sock = helper::sk_lookup_tcp(ctx, &tuple, sizeof tuple.ipv4, BPF_F_CURRENT_NETNS, 0)) {
        helper::sk_release(sock);
        return __LINE__;
    }
    if (auto *sock = helper::skc_lookup_tcp(ctx, &tuple, sizeof tuple.ipv4, BPF_F_CURRENT_NETNS, 0)) {
        auto const *const full = helper::skc_to_tcp_sock(sock);
        helper::sk_release(sock);
        return __LINE__ + (full != nullptr);
    }
    if (auto *sock = helper::sk_lookup_udp(ctx, &tuple, sizeof tuple.ipv4, BPF_F_CURRENT_NETNS, 0)) {
        helper::sk_release(sock);
        return __LINE__;
    }
    auto *const data = reinterpret_cast<u8 *>(static_cast<u64>(ctx->data));
    EXPECT(data + 54 <= reinterpret_cast<u8 *>(static_cast<u64>(ctx->data_end)));
    auto const *const ip = reinterpret_cast<iphdr *>(data + 14);
    auto const *const tcp = reinterpret_cast<tcphdr *>(data + 34);
    auto const cookie = helper::tcp_raw_gen_syncookie_ipv4(ip, tcp, 20);
    EXPECT(cookie > 0 && cookie >> 32 == 536);
    EXPECT(helper::tcp_raw_check_syncookie_ipv4(ip, tcp) < 0);
    return 0;
}

extern "C" [[gnu::section("tc"), gnu::used]] int with_skb(__sk_buff *skb) {
    u32 word = 0;
    EXPECT(helper::skb_pull_data(skb, 54) == 0);
    EXPECT(helper::skb_load_bytes(skb, 26, &word, 4) == 0 && reinterpret_cast<u8 *>(&word)[0] == 10);
    EXPECT(helper::skb_load_bytes_relative(skb, 12, &word, 4, BPF_HDR_START_NET) == 0);
    EXPECT(helper::skb_store_bytes(skb, 30, &word, 4, BPF_F_INVALIDATE_HASH) == 0);
    EXPECT(helper::l3_csum_replace(skb, 24, 0, 1, 2) == 0);
    EXPECT(helper::l4_csum_replace(skb, 50, 0, 1, 2) == 0);
    EXPECT(helper::skb_vlan_push(skb, 0x0081, 5) == 0);
    EXPECT(helper::skb_vlan_pop(skb) == 0);
    EXPECT(helper::skb_change_tail(skb, 60, 0) == 0 && skb->len == 60);
    EXPECT(helper::set_hash(skb, 99) == 0 && helper::get_hash_recalc(skb) == 99);
    helper::set_hash_invalid(skb);
    EXPECT(helper::get_hash_recalc(skb) != 99);
    EXPECT(helper::get_socket_cookie(skb) != 0);
    EXPECT(helper::csum_level(skb, BPF_CSUM_LEVEL_QUERY) <= 0);
    EXPECT(helper::skb_set_tstamp(skb, 0, BPF_SKB_TSTAMP_UNSPEC) == 0);
    bpf_tunnel_key tunnel = {};
    tunnel.tunnel_id = 5;
    EXPECT(helper::skb_set_tunnel_key(skb, &tunnel, sizeof tunnel, 0) == 0);
    return 0;
}

extern "C" [[gnu::section("raw_tp/sys_enter"), gnu::used]] int
with_task([[maybe_unused]] bpf_raw_tracepoint_args *ctx) {
    char name[16] = {};
    EXPECT(helper::get_current_comm(name, sizeof name) == 0 && name[0]);
    EXPECT(helper::get_current_pid_tgid() != 0);
    EXPECT(helper::get_current_uid_gid() == 0);
    auto *const task = helper::get_current_task_btf();
    EXPECT(reinterpret_cast<u64>(task) == helper::get_current_task());
    u64 word = 0;
    EXPECT(helper::probe_read_kernel(&word, sizeof word, task) == 0);
    EXPECT(helper::probe_read_kernel(&word, sizeof word, nullptr) < 0);
    return 0;
}
