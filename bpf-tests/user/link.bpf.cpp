// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A program that fires by itself, when a process ends, and one whose section says nothing to attach to.
#include <linux/bpf.h>
#define SEC(name) __attribute__((section(name), used))

struct count_map {
    int (*type)[BPF_MAP_TYPE_ARRAY];
    __u32 *key;
    __u64 *value;
    int (*max_entries)[1];
};

extern "C" {
char terms[] SEC("license") = "Dual BSD/GPL";
count_map exits SEC(".maps");

SEC("raw_tp/sched_process_exit") int count_exit(void *context) {
    __u32 index = 0;
    auto const lookup = reinterpret_cast<void *(*)(void *, void const *)>(BPF_FUNC_map_lookup_elem);
    if (auto *const count = static_cast<__u64 *>(lookup(&exits, &index)))
        __atomic_fetch_add(count, 1, __ATOMIC_RELAXED);
    return context == nullptr;
}

SEC("xdp") int drop_packet(xdp_md *context) { return context->data ? XDP_DROP : XDP_ABORTED; }
}
