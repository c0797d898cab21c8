// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/* Sends datagrams over IPv4 to the port of the entity that the first two bytes of their payload name, if the payload has
 * 4 to 1200 bytes; the UDP checksum is updated. With STRICT the IP length is honoured, with ARRAY ports are found in an
 * array instead of a hash. */
#include "common.h"
#include <linux/udp.h>

#define IP_MF_FLAG 0x2000

struct {
#ifdef ARRAY
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 65536);
    __type(key, __u32);
#else
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 256);
    __type(key, __u16);
#endif
    __type(value, __be16);
} entity_port SEC(".maps");

static __always_inline int body(struct xdp_md *ctx) {
    void *end = (void *)(long)ctx->data_end;
    struct ethhdr *eth = (void *)(long)ctx->data;
    struct iphdr *ip = (void *)(eth + 1);

    if ((void *)(ip + 1) > end) return XDP_PASS;
    if (eth->h_proto != bpf_htons(ETH_P_IP) || ip->protocol != IPPROTO_UDP ||
        (ip->frag_off & bpf_htons(IP_OFFMASK | IP_MF_FLAG)))
        return XDP_PASS;
    __u32 ihl = ip->ihl * 4;
    if (ihl < sizeof(*ip)) return XDP_PASS;
    struct udphdr *udp = (void *)ip + ihl;
    __u16 *tag = (void *)(udp + 1);
    if ((void *)(tag + 1) > end) return XDP_PASS;
#ifdef STRICT
    if (bpf_ntohs(ip->tot_len) < ihl + sizeof(*udp) + sizeof(*tag)) return XDP_PASS;
#endif
    __u16 length = bpf_ntohs(udp->len) - sizeof(*udp);
    if ((__u16)(length - 4) > 1200 - 4) return XDP_PASS;
#ifdef ARRAY
    __u32 key = *tag;
#else
    __u16 key = *tag;
#endif
    __be16 *port = bpf_map_lookup_elem(&entity_port, &key);
    if (!port) return XDP_PASS;
#ifdef ARRAY
    if (!*port) return XDP_PASS;
#endif
    __be16 after = *port, before = udp->dest;
    udp->dest = after;
    if (udp->check) { /* RFC 1624, eqn. 3 */
        __u32 sum = (__u16)~udp->check + (__u16)~before + after;
        sum = (sum & 0xffff) + (sum >> 16);
        sum += sum >> 16;
        __u16 check = ~sum;
        udp->check = check ? check : 0xffff;
    }
    return XDP_PASS;
}
ENTRY(xdp_remap)
char LICENSE[] SEC("license") = "GPL";
