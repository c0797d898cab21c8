// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A bad link: one packet of fifty does not arrive. For kernels without netem.
#include <bpfxx/kernel/xdp.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");
BPFXX_XDP(loses)(xdp::packet) { return helper::get_prandom_u32() % 50 == 0 ? xdp::drop : xdp::pass; }
