// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A program of each kind that only its object knows where to attach, and a few maps.
#include <linux/bpf.h>
#define SEC(name) __attribute__((section(name), used))

struct count_map {
    int (*type)[BPF_MAP_TYPE_HASH];
    __u32 *key;
    __u64 *value;
    int (*max_entries)[16];
};
struct event_map {
    int (*type)[BPF_MAP_TYPE_RINGBUF];
    int (*max_entries)[4096];
};
/// What an iterator's program is given.
struct map_context {
    struct {
        void *to;
    } * about;
    void *map;
};

extern "C" {
char terms[] SEC("license") = "GPL";
count_map counts SEC(".maps");
event_map events SEC(".maps");

const volatile __u32 verdict = XDP_PASS;

SEC("xdp") int answer(xdp_md *context) {
    __u32 const key = 1;
    auto const lookup = reinterpret_cast<void *(*)(void *, void const *)>(BPF_FUNC_map_lookup_elem);
    if (lookup(&counts, &key)) return XDP_DROP;
    return context ? static_cast<int>(verdict) : XDP_ABORTED;
}
SEC("raw_tp/sched_process_exit") int at_exit(void *context) { return context == nullptr; }
SEC("cgroup_skb/ingress") int in_group(__sk_buff *context) { return context != nullptr; }
SEC("perf_event") int at_tick(void *context) { return context == nullptr; }
SEC("iter/bpf_map") int of_maps(map_context *context) {
    auto const write = reinterpret_cast<long (*)(void *, void const *, __u32)>(BPF_FUNC_seq_write);
    char const mark = '.';
    write(context->about->to, &mark, sizeof mark);
    return 0;
}
}
