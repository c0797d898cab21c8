// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/* A lookup or, with UPDATE, an update of a map of -DKERNEL_KIND by a number in the packet. */
#include "../anchor/common.h"

struct {
    __uint(type, KERNEL_KIND);
    __uint(max_entries, 1024);
    __type(key, __u32);
    __type(value, __u64);
} known SEC(".maps");

static __always_inline int body(struct xdp_md *ctx) {
    void *end = (void *)(long)ctx->data_end;
    void *start = (void *)(long)ctx->data;

    if (start + 30 > end) return XDP_PASS;
    __u32 key = *(__u32 *)(start + 26);
#ifdef UPDATE
    __u64 value = key;
    return bpf_map_update_elem(&known, &key, &value, BPF_ANY) == 0 ? XDP_DROP : XDP_PASS;
#else
    __u64 *value = bpf_map_lookup_elem(&known, &key);
    return value && *value == 7 ? XDP_DROP : XDP_PASS;
#endif
}
ENTRY(xdp_maps)
char LICENSE[] SEC("license") = "GPL";
