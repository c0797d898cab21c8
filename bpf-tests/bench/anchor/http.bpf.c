// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/* Drops TCP segments over IPv4, behind up to two VLAN tags, whose payload starts with "HTTP/1.1". */
#include "common.h"

#define HTTP11 0x312e312f50545448ULL /* "HTTP/1.1", little endian */

static __always_inline int body(struct xdp_md *ctx) {
    void *end = (void *)(long)ctx->data_end;
    void *p = (void *)(long)ctx->data;
    struct ethhdr *eth = p;

    if ((void *)(eth + 1) > end) return XDP_PASS;
    __be16 proto = eth->h_proto;
    p = eth + 1;
#pragma unroll
    for (int i = 0; i < 2; i++) {
        if (proto != bpf_htons(ETH_P_8021Q) && proto != bpf_htons(ETH_P_8021AD)) break;
        struct vlan_hdr *v = p;
        if ((void *)(v + 1) > end) return XDP_PASS;
        proto = v->proto;
        p = v + 1;
    }
    if (proto != bpf_htons(ETH_P_IP)) return XDP_PASS;
    struct iphdr *ip = p;
    if ((void *)(ip + 1) > end) return XDP_PASS;
    if (ip->protocol != IPPROTO_TCP || (ip->frag_off & bpf_htons(IP_OFFMASK))) return XDP_PASS;
    __u32 ihl = ip->ihl * 4;
    if (ihl < sizeof(*ip)) return XDP_PASS;
    struct tcphdr *tcp = p + ihl;
    if ((void *)(tcp + 1) > end) return XDP_PASS;
    __u32 thl = tcp->doff * 4;
    if (thl < sizeof(*tcp)) return XDP_PASS;
    __u64 *pay = (void *)tcp + thl;
#ifdef STRICT
    if (bpf_ntohs(ip->tot_len) < ihl + thl + sizeof(*pay)) return XDP_PASS;
#endif
    if ((void *)(pay + 1) > end) return XDP_PASS;
    return *pay == HTTP11 ? XDP_DROP : XDP_PASS;
}
ENTRY(xdp_http)
char LICENSE[] SEC("license") = "GPL";
