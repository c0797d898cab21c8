// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// What the test of object.hpp loads, over the kernel's header alone: the library's kernel side is tested elsewhere.
#include <linux/bpf.h>
#define SEC(name) __attribute__((section(name), used))

struct flow_key {
    __u32 address;
    __u16 port, zero;
};
struct flow {
    __u64 packets, bytes;
};
struct flow_map {
    int (*type)[BPF_MAP_TYPE_HASH];
    flow_key *key;
    flow *value;
    int (*max_entries)[16];
};
struct total_map {
    int (*type)[BPF_MAP_TYPE_PERCPU_ARRAY];
    __u32 *key;
    flow *value;
    int (*max_entries)[2];
};
struct event_map {
    int (*type)[BPF_MAP_TYPE_RINGBUF];
    int (*max_entries)[4096];
};

extern "C" {
char terms[] SEC("license") = "Dual BSD/GPL";
flow_map flows SEC(".maps");
total_map totals SEC(".maps");
event_map events SEC(".maps");

const volatile __u32 verdict = XDP_PASS;
bool const volatile careless = false;
__attribute__((used)) flow last = {7, 0}; // the packet before

SEC("xdp") int count_packet(xdp_md *context) {
    auto *const begin = reinterpret_cast<char const *>(static_cast<unsigned long>(context->data));
    auto *const end = reinterpret_cast<char const *>(static_cast<unsigned long>(context->data_end));
    __u32 index = 1;
    auto const lookup = reinterpret_cast<void *(*)(void *, void const *)>(BPF_FUNC_map_lookup_elem);
    if (auto *const total = static_cast<flow *>(lookup(&totals, &index))) {
        total->packets++;
        total->bytes += static_cast<__u64>(end - begin);
    }
    if (careless) return begin[20]; // the verifier refuses this line
    return static_cast<int>(verdict);
}

SEC("xdp") int drop_packet(xdp_md *context) { return context->data ? XDP_DROP : XDP_ABORTED; }

SEC("xdp") int keep_last(xdp_md *context) {
    last.packets++;
    last.bytes = context->data_end - context->data;
    return static_cast<int>(verdict);
}
}
