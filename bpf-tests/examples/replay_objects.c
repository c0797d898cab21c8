/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Programs of all types that replay runs, in C and without bpfxx: replay takes whatever libbpf takes. */
#include <linux/bpf.h>
#define SECTION(name) __attribute__((section(name), used))
#define UINT(name, value) int(*name)[value]

static long (*const adjust_head)(void *, int) = (void *)BPF_FUNC_xdp_adjust_head;
static long (*const adjust_tail)(void *, int) = (void *)BPF_FUNC_xdp_adjust_tail;
static long (*const adjust_meta)(void *, int) = (void *)BPF_FUNC_xdp_adjust_meta;
static long (*const vlan_push)(void *, __u16, __u16) = (void *)BPF_FUNC_skb_vlan_push;
static void *(*const lookup)(void *, void const *) = (void *)BPF_FUNC_map_lookup_elem;
static long (*const pop)(void *, void *) = (void *)BPF_FUNC_map_pop_elem;

char own_license[] SECTION("license") = "GPL";
unsigned const volatile minimum = 0;

struct {
    UINT(type, BPF_MAP_TYPE_HASH);
    __u16 *key;
    unsigned char *value;
    UINT(max_entries, 8);
} answers SECTION(".maps");
struct {
    UINT(type, BPF_MAP_TYPE_QUEUE);
    __u32 *value;
    UINT(max_entries, 8);
} queue SECTION(".maps");
struct {
    UINT(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __u32 *key;
    __u64 *value;
    UINT(max_entries, 1);
} lengths SECTION(".maps");
struct {
    UINT(type, BPF_MAP_TYPE_ARRAY);
    __u32 *key;
    __u64 *value;
    UINT(max_entries, 1);
    UINT(pinning, 1); /* by its name */
} bpfxx_replay_pin SECTION(".maps");

/* The answer that the map has for the packet's EtherType. */
SECTION("xdp") int by_type(struct xdp_md *c) {
    unsigned char *at = (void *)(long)c->data;
    if (at + 14 > (unsigned char *)(long)c->data_end) return XDP_ABORTED;
    __u16 type = *(__u16 *)(at + 12);
    unsigned char *answer = lookup(&answers, &type);
    return answer ? *answer : XDP_PASS;
}
SECTION("xdp") int by_length(struct xdp_md *c) {
    __u32 zero = 0;
    __u64 *more = lookup(&lengths, &zero);
    return c->data_end - c->data < minimum + (more ? *more : 0) ? XDP_DROP : XDP_PASS;
}
SECTION("xdp") int by_queue(struct xdp_md *c) {
    __u32 answer = XDP_PASS;
    pop(&queue, &answer);
    return answer;
}
SECTION("xdp") int head(struct xdp_md *c) { return adjust_head(c, -4) ? XDP_ABORTED : XDP_TX; }
SECTION("xdp") int tail(struct xdp_md *c) { return adjust_tail(c, -4) ? XDP_ABORTED : XDP_PASS; }
SECTION("xdp") int meta(struct xdp_md *c) { return adjust_meta(c, -8) ? XDP_ABORTED : XDP_PASS; }
SECTION("xdp") int odd(struct xdp_md *c) { return 77; }
SECTION("tc") int tag(struct __sk_buff *c) { return vlan_push(c, 0x0081, 5) ? 2 : 0; }
SECTION("tc") int next(struct __sk_buff *c) { return -1; }
SECTION("tcx/ingress") int newer(struct __sk_buff *c) { return 2; }
SECTION("cgroup_skb/ingress") int group(struct __sk_buff *c) { return c->len > 40; }
SECTION("socket") int filter(struct __sk_buff *c) { return c->len > 40 ? 100 : 0; }
SECTION("lwt_in") int in(struct __sk_buff *c) { return c->len > 40 ? BPF_OK : BPF_DROP; }
SECTION("lwt_out") int out(struct __sk_buff *c) { return BPF_OK; }
SECTION("lwt_xmit") int xmit(struct __sk_buff *c) { return BPF_DROP; }
SECTION("flow_dissector") int flow(struct __sk_buff *c) {
    c->flow_keys->thoff = 77;
    return BPF_OK;
}
SECTION("kprobe/do_unlinkat") int probe(void *c) { return 0; }
SECTION("xdp/devmap") int behind(struct xdp_md *c) { return XDP_PASS; }
SECTION("nothing_known") int strange(void *c) { return 0; }
