// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/* Counts packets by protocol and ports (ICMP: type and code): up to two VLAN tags, IPv4 or IPv6 with up to six
 * extension headers, TCP, UDP, ICMP. With STRICT lengths are honoured: what IPv4's total length and IPv6's payload length do not
 * cover is not there. */
#include "common.h"
#include <linux/ipv6.h>

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 256);
    __type(key, __u32);
    __type(value, __u64);
} cnt SEC(".maps");

static __always_inline int body(struct xdp_md *ctx) {
    void *end = (void *)(long)ctx->data_end;
    void *p = (void *)(long)ctx->data;
    struct ethhdr *eth = p;
    __u32 l4 = 0;
    __u8 nh;
    __u16 sp = 0, dp = 0;
#ifdef STRICT
    __s32 left; /* bytes behind here, as IP says */
#endif

    if ((void *)(eth + 1) > end) return XDP_DROP;
    __be16 proto = eth->h_proto;
    p = eth + 1;
#pragma unroll
    for (int i = 0; i < 2; i++) {
        if (proto != bpf_htons(ETH_P_8021Q) && proto != bpf_htons(ETH_P_8021AD)) break;
        struct vlan_hdr *v = p;
        if ((void *)(v + 1) > end) return XDP_DROP;
        proto = v->proto;
        p = v + 1;
    }
    if (proto == bpf_htons(ETH_P_IP)) {
        struct iphdr *ip = p;
        if ((void *)(ip + 1) > end) return XDP_DROP;
        __u32 ihl = ip->ihl * 4;
        if (ihl < sizeof(*ip)) return XDP_DROP;
#ifdef STRICT
        left = bpf_ntohs(ip->tot_len) - ihl;
#endif
        nh = ip->protocol;
        if (ip->frag_off & bpf_htons(IP_OFFMASK)) {
#ifdef STRICT
            if (left < 0 || (void *)ip + ihl > end) return XDP_DROP;
#endif
            goto count;
        }
        p += ihl;
    } else if (proto == bpf_htons(ETH_P_IPV6)) {
        struct ipv6hdr *ip6 = p;
        if ((void *)(ip6 + 1) > end) return XDP_DROP;
        nh = ip6->nexthdr;
        p = ip6 + 1;
#ifdef STRICT
        left = bpf_ntohs(ip6->payload_len);
#endif
        for (int i = 0; i < 6; i++) {
            __u8 *h = p;
            __u32 len;
            if (nh == IPPROTO_HOPOPTS || nh == IPPROTO_DSTOPTS || nh == IPPROTO_ROUTING) {
                if ((void *)(h + 8) > end) return XDP_DROP;
                len = (h[1] + 1) * 8;
            } else if (nh == IPPROTO_AH) {
                if ((void *)(h + 8) > end) return XDP_DROP;
                len = (h[1] + 2) * 4;
            } else if (nh == IPPROTO_FRAGMENT) {
                if ((void *)(h + 8) > end) return XDP_DROP;
                len = 8;
                if (*(__be16 *)(h + 2) & bpf_htons(0xfff8)) {
#ifdef STRICT
                    if (left < 8) return XDP_DROP;
#endif
                    nh = h[0];
                    goto count;
                }
            } else
                break;
            nh = h[0];
            p += len;
#ifdef STRICT
            left -= len;
#endif
        }
    } else
        return XDP_PASS;
    if (nh == IPPROTO_TCP || nh == IPPROTO_UDP) {
        __be16 *q = p;
        if ((void *)(q + 4) > end) return XDP_DROP;
#ifdef STRICT
        if (left < 8) return XDP_DROP;
#endif
        sp = q[0];
        dp = q[1];
    } else if (nh == IPPROTO_ICMP || nh == IPPROTO_ICMPV6) {
        __u8 *q = p;
        if ((void *)(q + 4) > end) return XDP_DROP;
#ifdef STRICT
        if (left < 4) return XDP_DROP;
#endif
        sp = q[0];
        dp = q[1];
    }
#ifdef STRICT
    else if (left < 0 || p > end)
        return XDP_DROP;
#endif
count:
    l4 = (nh ^ sp ^ (dp << 3)) & 0xff;
    __u64 *c = bpf_map_lookup_elem(&cnt, &l4);
    if (c) ++*c;
    return XDP_PASS;
}
ENTRY(xdp_full)
char LICENSE[] SEC("license") = "GPL";
