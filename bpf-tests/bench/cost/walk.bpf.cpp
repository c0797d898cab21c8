// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A walk over up to twelve headers of all protocols: what each header costs.
#include <bpfxx/kernel/walker.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <support/protocols.hpp>

#include "repeated.hpp"
using namespace bpfxx;

BPFXX_LICENSE("GPL");
BPFXX_WALKER(over_all, xdp, test::every_protocol);

BPFXX_XDP(walk_all)(xdp::packet packet) {
    u32 bytes = 0;
    auto const end = walk<12, over_all>(packet, [&](auto const &h) BPFXX_LAMBDA { bytes += h.size(); });
    return end.why == reason::none && bytes == end.offset ? xdp::drop : xdp::pass;
}
