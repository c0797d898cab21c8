// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/* Drops TCP to port 80 over IPv4 that IPv4 carries, in IPIP or in GRE version 0 with or without checksum, key and sequence
 * number. With STRICT lengths are honoured: each IP header's total length, and TCP's data offset. */
#include "common.h"

#define GRE_CHECKSUM 0x8000
#define GRE_KEY 0x2000
#define GRE_SEQUENCE 0x1000
#define GRE_OTHERS 0x4fff /* routing, source route, recursion, reserved bits, version */

struct gre {
    __be16 flags;
    __be16 protocol;
};

static __always_inline int body(struct xdp_md *ctx) {
    void *end = (void *)(long)ctx->data_end;
    struct ethhdr *eth = (void *)(long)ctx->data;
    struct iphdr *outer = (void *)(eth + 1);

    if ((void *)(outer + 1) > end) return XDP_PASS;
    if (eth->h_proto != bpf_htons(ETH_P_IP) || (outer->frag_off & bpf_htons(IP_OFFMASK))) return XDP_PASS;
    __u32 ihl = outer->ihl * 4;
    if (ihl < sizeof(*outer)) return XDP_PASS;
#ifdef STRICT
    __u32 before = ihl;
#endif
    void *p = (void *)outer + ihl;
    if (outer->protocol == IPPROTO_GRE) {
        struct gre *gre = p;
        if ((void *)(gre + 1) > end) return XDP_PASS;
        if (gre->protocol != bpf_htons(ETH_P_IP) || (gre->flags & bpf_htons(GRE_OTHERS))) return XDP_PASS;
        __u32 size = sizeof(*gre);
        if (gre->flags & bpf_htons(GRE_CHECKSUM)) size += 4;
        if (gre->flags & bpf_htons(GRE_KEY)) size += 4;
        if (gre->flags & bpf_htons(GRE_SEQUENCE)) size += 4;
        p += size;
#ifdef STRICT
        before += size;
#endif
    } else if (outer->protocol != IPPROTO_IPIP)
        return XDP_PASS;
    struct iphdr *inner = p;
    if ((void *)(inner + 1) > end) return XDP_PASS;
    if (inner->protocol != IPPROTO_TCP || (inner->frag_off & bpf_htons(IP_OFFMASK))) return XDP_PASS;
    ihl = inner->ihl * 4;
    if (ihl < sizeof(*inner)) return XDP_PASS;
    struct tcphdr *tcp = (void *)inner + ihl;
    if ((void *)(tcp + 1) > end) return XDP_PASS;
#ifdef STRICT
    __u32 thl = tcp->doff * 4;
    if (thl < sizeof(*tcp) || (void *)tcp + thl > end) return XDP_PASS;
    __u32 length = bpf_ntohs(inner->tot_len);
    if (length < ihl + thl || bpf_ntohs(outer->tot_len) < before + ihl + thl) return XDP_PASS;
#endif
    return tcp->dest == bpf_htons(80) ? XDP_DROP : XDP_PASS;
}
ENTRY(xdp_nested)
char LICENSE[] SEC("license") = "GPL";
