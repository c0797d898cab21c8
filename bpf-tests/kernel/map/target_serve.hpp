// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Sends a packet to the target that it names, in a map of the kind BPFXX_TEST_KIND.
#include <bpfxx/kernel/xdp.hpp>

using namespace bpfxx;

using targets_spec = BPFXX_TEST_KIND<4>;
BPFXX_MAP(targets, targets_spec);

struct request {
    u8 what, otherwise;
    be32 to;
    u8 rest[8];
};

BPFXX_XDP(serve)(xdp::packet packet) {
    auto [r] = BPFXX_TRY(packet.parse<request>());
    u32 const to = r->to.value();
    if constexpr (targets_spec::kind == map_kind::devmap || targets_spec::kind == map_kind::devmap_hash) {
        if (r->what == 1) return targets.broadcast();
        if (r->what == 2) return targets.broadcast(true);
    }
    switch (r->otherwise) {
    case 0: return targets.redirect(to, xdp::aborted);
    case 1: return targets.redirect(to, xdp::drop);
    case 3: return targets.redirect(to, xdp::tx);
    default: return targets.redirect(to);
    }
}
BPFXX_LICENSE("GPL");
