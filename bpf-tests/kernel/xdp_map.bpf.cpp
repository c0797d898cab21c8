// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Packets are sent back out of their interface, or to a CPU, where other programs see them.
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/xdp_map.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <support/observe.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");
// Values with a program.
struct interfaces {
    int (*type)[BPF_MAP_TYPE_DEVMAP];
    u32 *key;
    u64 *value;
    int (*max_entries)[1];
};
struct processors {
    int (*type)[BPF_MAP_TYPE_CPUMAP];
    u32 *key;
    u64 *value;
    int (*max_entries)[1];
};
BPFXX_MAP(ways_out, interfaces);
BPFXX_MAP(workers, processors);
BPFXX_MAP(frames, spec::array<u64, 1>);

BPFXX_XDP(to_interface)(xdp::packet) {
    return static_cast<xdp::action>(helper::redirect_map(&ways_out, 0, xdp::aborted));
}
BPFXX_XDP(to_processor)(xdp::packet) {
    return static_cast<xdp::action>(helper::redirect_map(&workers, 0, xdp::aborted));
}
BPFXX_INLINE auto counted() -> void {
    frames.lookup(0).then([](u64 &n) BPFXX_LAMBDA { __atomic_fetch_add(&n, 1, __ATOMIC_SEQ_CST); });
}
BPFXX_XDP_DEVMAP(leaving)(xdp_devmap::packet packet) {
    auto [eth] = BPFXX_TRY(packet.parse<net::ethernet>());
    test::observe(reason::none, packet.interface_index(), packet.leaves_by());
    counted();
    return eth->type == net::ether_type{0x1234} ? xdp::drop : xdp::pass;
}
BPFXX_XDP_CPUMAP(working)(xdp_cpumap::packet packet) {
    test::observe(reason::none, packet.interface_index(), packet.queue(), packet.payload().size());
    counted();
    return xdp::drop;
}
