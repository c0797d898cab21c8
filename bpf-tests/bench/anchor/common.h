// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// What the hand-written C anchors share.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/tcp.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define IP_OFFMASK 0x1fff

struct vlan_hdr {
    __be16 tci;
    __be16 proto;
};

/* ENTRY(name): the program `name` around body(ctx). With -DAMP=n the body runs n times an invocation through
 * bpf_loop(), which lifts the 1-5 ns of a parse above the fixed cost and the noise of BPF_PROG_TEST_RUN. */
#ifndef AMP
#define ENTRY(name)                                                                                                    \
    SEC("xdp") int name(struct xdp_md *ctx) { return body(ctx); }
#else
struct amp_ctx {
    struct xdp_md *ctx;
    long ret;
};
static int body(struct xdp_md *ctx);
static int amp_cb(__u32 i, struct amp_ctx *a) {
    a->ret = body(a->ctx);
    return 0;
}
#define ENTRY(name)                                                                                                    \
    SEC("xdp") int name(struct xdp_md *ctx) {                                                                          \
        struct amp_ctx a = {ctx, 0};                                                                                   \
        bpf_loop(AMP, amp_cb, &a, 0);                                                                                  \
        return a.ret;                                                                                                  \
    }
#endif
