// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/* What examples/block_http does, by hand: HTTP/1.x in the clear is dropped, over 0-2 VLAN tags, IPv4 and IPv6 with options
 * and extension headers, and reported; verdicts are counted by reason. Only its compile time is compared. */
#include "common.h"
#include <linux/ipv6.h>

enum reason { NONE, TRUNCATED, OTHER_PROTOCOL, MALFORMED, FRAGMENT, TOO_DEEP, NOT_FOUND, REASONS };
struct tally {
    __u64 aborted, drop, pass, tx, redirect;
};
struct event {
    __u64 time;
    __u8 src[16], dst[16];
    __be16 src_port, dst_port;
    __u8 length, is_response;
    __u8 start[32];
    __u8 padding[2];
};
const volatile struct { __u32 requests, responses; } config = {};

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 1024);
    __type(key, __be16);
    __type(value, __u8);
} exempt SEC(".maps");
struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 1 << 20);
} events SEC(".maps");
struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u64);
} lost SEC(".maps");
struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, REASONS);
    __type(key, __u32);
    __type(value, struct tally);
} counters SEC(".maps");

static const struct {
    char text[8];
    __u8 size, is_response;
} starts[] = {{"HTTP/1.1", 8, 1}, {"HTTP/1.0", 8, 1}, {"GET ", 4, 0},    {"POST ", 5, 0},
              {"HEAD ", 5, 0},    {"PUT ", 4, 0},     {"DELETE ", 7, 0}, {"CONNECT ", 8, 0},
              {"OPTIONS ", 8, 0}, {"TRACE ", 6, 0},   {"PATCH ", 6, 0}};

static __always_inline int starts_with(__u64 word, int i) {
    __u64 expected = 0, mask = ~0ull >> (64 - 8 * starts[i].size);
    __builtin_memcpy(&expected, starts[i].text, starts[i].size);
    return (word & mask) == expected;
}
static __always_inline __u8 mapped(__u8 *to, __be32 address) {
    __builtin_memset(to, 0, 10);
    __builtin_memset(to + 10, 0xff, 2);
    __builtin_memcpy(to + 12, &address, 4);
    return 0;
}

static __always_inline int body(struct xdp_md *ctx, enum reason *why) {
    void *end = (void *)(long)ctx->data_end;
    struct ethhdr *eth = (void *)(long)ctx->data;
    struct iphdr *ip = 0;
    struct ipv6hdr *ip6 = 0;
    void *p = eth + 1;
    __u32 length; /* of what IP carries, TCP header included */
    __u8 protocol;

    if (p > end) return *why = TRUNCATED, XDP_PASS;
    __be16 type = eth->h_proto;
#pragma unroll
    for (int i = 0; i < 3; i++) {
        if (type != bpf_htons(ETH_P_8021Q) && type != bpf_htons(ETH_P_8021AD)) break;
        if (i == 2) return *why = TOO_DEEP, XDP_PASS;
        struct vlan_hdr *tag = p;
        if ((void *)(tag + 1) > end) return *why = TRUNCATED, XDP_PASS;
        type = tag->proto;
        p = tag + 1;
    }
    if (type == bpf_htons(ETH_P_IP)) {
        ip = p;
        if ((void *)(ip + 1) > end) return *why = TRUNCATED, XDP_PASS;
        __u32 ihl = ip->ihl * 4;
        if (ip->version != 4 || ihl < sizeof(*ip)) return *why = MALFORMED, XDP_PASS;
        length = bpf_ntohs(ip->tot_len);
        if (length < ihl) return *why = TRUNCATED, XDP_PASS;
        length -= ihl;
        if (ip->frag_off & bpf_htons(IP_OFFMASK)) return *why = FRAGMENT, XDP_PASS;
        protocol = ip->protocol;
        p += ihl;
    } else if (type == bpf_htons(ETH_P_IPV6)) {
        ip6 = p;
        if ((void *)(ip6 + 1) > end) return *why = TRUNCATED, XDP_PASS;
        if (ip6->version != 6) return *why = MALFORMED, XDP_PASS;
        length = bpf_ntohs(ip6->payload_len);
        protocol = ip6->nexthdr;
        p = ip6 + 1;
        for (int i = 0; i < 7; i++) {
            __u8 *h = p;
            __u32 size;
            if (protocol != 0 && protocol != 43 && protocol != 44 && protocol != 51 && protocol != 60 &&
                protocol != 135 && protocol != 139 && protocol != 140)
                break;
            if (i == 6) return *why = TOO_DEEP, XDP_PASS;
            if ((void *)(h + 8) > end) return *why = TRUNCATED, XDP_PASS;
            if (protocol == 44) {
                if (*(__be16 *)(h + 2) & bpf_htons(0xfff8)) return *why = FRAGMENT, XDP_PASS;
                size = 8;
            } else if (protocol == 51)
                size = (h[1] + 2) * 4;
            else
                size = (h[1] + 1) * 8;
            if (length < size) return *why = TRUNCATED, XDP_PASS;
            length -= size;
            protocol = h[0];
            p += size;
        }
    } else
        return *why = OTHER_PROTOCOL, XDP_PASS;
    if (protocol != IPPROTO_TCP) return *why = OTHER_PROTOCOL, XDP_PASS;
    struct tcphdr *tcp = p;
    if ((void *)(tcp + 1) > end) return *why = TRUNCATED, XDP_PASS;
    __u32 offset = tcp->doff * 4;
    if (offset < sizeof(*tcp)) return *why = MALFORMED, XDP_PASS;
    if (length < offset) return *why = TRUNCATED, XDP_PASS;
    length -= offset;
    __u8 *payload = (void *)tcp + offset;
    if ((void *)payload > end) return *why = TRUNCATED, XDP_PASS;

    __u64 word = 0;
    if (length >= 8 && (void *)(payload + 8) <= end)
        word = *(__u64 *)payload;
    else
        for (__u32 i = 0; i < 7; i++) {
            if (i >= length || (void *)(payload + i + 1) > end) break;
            word |= (__u64)payload[i] << (8 * i);
        }
    int found = 0, is_response = 0;
#pragma unroll
    for (int i = 0; i < 11; i++)
        if (!found && (starts[i].is_response ? config.responses : config.requests) && starts_with(word, i)) {
            found = 1;
            is_response = starts[i].is_response;
        }
    if (!found) return XDP_PASS;
    __be16 src_port = tcp->source, dst_port = tcp->dest;
    if (bpf_map_lookup_elem(&exempt, &src_port) || bpf_map_lookup_elem(&exempt, &dst_port)) return XDP_PASS;

    struct event e = {};
    e.time = bpf_ktime_get_ns();
    if (ip) {
        mapped(e.src, ip->saddr);
        mapped(e.dst, ip->daddr);
    } else if (ip6) {
        __builtin_memcpy(e.src, &ip6->saddr, 16);
        __builtin_memcpy(e.dst, &ip6->daddr, 16);
    }
    e.src_port = src_port;
    e.dst_port = dst_port;
    e.is_response = is_response;
    __u32 n = 0;
    for (; n < sizeof(e.start); n++) {
        if (n >= length || (void *)(payload + n + 1) > end) break;
        e.start[n] = payload[n];
    }
    e.length = n;
    if (bpf_ringbuf_output(&events, &e, sizeof(e), 0)) {
        __u32 zero = 0;
        __u64 *count = bpf_map_lookup_elem(&lost, &zero);
        if (count) ++*count;
    }
    return XDP_DROP;
}

SEC("xdp") int block_http(struct xdp_md *ctx) {
    enum reason why = NONE;
    int action = body(ctx, &why);
    __u32 index = why;
    struct tally *t = bpf_map_lookup_elem(&counters, &index);
    if (t) {
        if (action == XDP_PASS)
            ++t->pass;
        else if (action == XDP_DROP)
            ++t->drop;
        else
            ++t->aborted;
    }
    return action;
}
char LICENSE[] SEC("license") = "GPL";
