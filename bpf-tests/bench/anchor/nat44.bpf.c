// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/* Source NAT over IPv4: the source address and port of a known TCP or UDP flow become its outside ones, and the checksums
 * of IPv4, TCP and UDP follow. Written as tight as it goes: one sum for both, folded once for each checksum. */
#include "common.h"
#include <linux/udp.h>

struct endpoint {
    __be32 address;
    __be16 port;
    __u8 protocol, unused;
};
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 1024);
    __type(key, struct endpoint);
    __type(value, struct endpoint);
} outside_of SEC(".maps");

static __always_inline __u16 folded(__u64 sum) { /* RFC 1624, eqn. 3 */
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    return ~(sum + (sum >> 16));
}

static __always_inline int body(struct xdp_md *ctx) {
    void *end = (void *)(long)ctx->data_end;
    struct ethhdr *eth = (void *)(long)ctx->data;
    struct iphdr *ip = (void *)(eth + 1);

    if ((void *)(ip + 1) > end) return XDP_PASS;
    if (eth->h_proto != bpf_htons(ETH_P_IP) || (ip->frag_off & bpf_htons(IP_OFFMASK))) return XDP_PASS;
    __u32 ihl = ip->ihl * 4;
    if (ihl < sizeof(*ip)) return XDP_PASS;
    __be16 *ports = (void *)ip + ihl, *check;
    __u8 protocol = ip->protocol;
    if (protocol == IPPROTO_TCP) {
        struct tcphdr *tcp = (void *)ports;
        if ((void *)(tcp + 1) > end) return XDP_PASS;
        check = &tcp->check;
    } else if (protocol == IPPROTO_UDP) {
        struct udphdr *udp = (void *)ports;
        if ((void *)(udp + 1) > end) return XDP_PASS;
        check = &udp->check;
    } else
        return XDP_PASS;
    struct endpoint key = {ip->saddr, ports[0], protocol, 0};
    struct endpoint *outside = bpf_map_lookup_elem(&outside_of, &key);
    if (!outside) return XDP_PASS;
    __u64 address = (__u64)(__u32)~key.address + outside->address;
    __u64 all = address + (__u16)~key.port + outside->port;
    ip->saddr = outside->address;
    ports[0] = outside->port;
    ip->check = folded(address + (__u16)~ip->check);
    if (protocol == IPPROTO_TCP)
        *check = folded(all + (__u16) ~*check);
    else if (*check) {
        __u16 sum = folded(all + (__u16) ~*check);
        *check = sum ? sum : 0xffff;
    }
    return XDP_TX;
}
ENTRY(xdp_nat44)
char LICENSE[] SEC("license") = "GPL";
