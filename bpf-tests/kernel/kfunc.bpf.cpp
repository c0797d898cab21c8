// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Functions of the kernel's, and fields of its structs (Linux 6.2).
#include <bpfxx/kernel/co_re.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <support/observe.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");

struct xdp_rxq_info {
    u32 queue_index;
};
struct xdp_buff {
    xdp_rxq_info *rxq;
    u32 frame_sz;
};
struct no_such_struct {
    int field;
};
struct xdp_buff___old {
    int no_such_field;
};
BPFXX_KFUNC(void *bpf_cast_to_kern_ctx(void *context));
BPFXX_WEAK_KFUNC(void bpfxx_no_such_function(int number));

BPFXX_XDP(kernels)(xdp::packet packet) {
    auto *const buffer = static_cast<xdp_buff *>(bpf_cast_to_kern_ctx(packet.raw()));
    if (bpfxx_no_such_function) bpfxx_no_such_function(1);
    test::observe(reason::none, BPFXX_FIELD(buffer->rxq->queue_index), BPFXX_FIELD(buffer->frame_sz) > 0,
                  BPFXX_HAS_FIELD(xdp_buff, frame_sz), BPFXX_FIELD_SIZE(xdp_buff, frame_sz), BPFXX_HAS_TYPE(xdp_buff),
                  BPFXX_TYPE_SIZE(xdp_buff) >= sizeof(xdp_buff));
    return packet.queue() == BPFXX_FIELD(buffer->rxq->queue_index) ? xdp::pass : xdp::drop;
}
/// What this kernel has not is known before the program runs.
BPFXX_XDP(absent)(xdp::packet) {
    if (BPFXX_HAS_FIELD(xdp_buff___old, no_such_field)) return xdp::tx;
    return BPFXX_HAS_TYPE(no_such_struct) ? xdp::drop : xdp::pass;
}
