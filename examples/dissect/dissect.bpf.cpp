// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Walks over all headers of a packet, tunnels included, and reports their trail. XDP and TC, Linux 5.10 or newer.
#include "dissect.hpp"
#include <bpfxx/kernel/map/per_cpu_array.hpp>
#include <bpfxx/kernel/map/ring_buffer.hpp>
#include <bpfxx/kernel/tc.hpp>
#include <bpfxx/kernel/walker.hpp>
#include <bpfxx/kernel/xdp.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");
BPFXX_CONFIG(settings, config);
BPFXX_MAP(trails, dissection::trails_spec);
BPFXX_MAP(lost, dissection::lost_spec);
BPFXX_WALKER(in_frames, xdp, dissection::known);
BPFXX_WALKER(in_skbs, tc, dissection::known);

template <class Walker, class Packet> BPFXX_INLINE auto report(Packet const &packet, u32 length) -> void {
    auto const sent = trails.reserve<dissection::trail>().submit([&](dissection::trail &t) BPFXX_LAMBDA {
        auto const see = [&t](auto const &header) BPFXX_LAMBDA {
            t.layers[bounded<dissection::most_layers - 1>(header.depth())] = {
                static_cast<u16>(header.offset()), static_cast<u16>(header.size()), static_cast<u8>(header.index()), 0};
        };
        auto const end = walk<dissection::most_layers, Walker>(packet, see, config.first);
        t.time = helper::ktime_get_ns();
        t.length = length;
        t.offset = end.offset;
        t.left = end.left;
        t.count = static_cast<u8>(end.depth);
        t.stop = static_cast<u8>(end.why);
        t.copied = static_cast<u8>(packet.payload().copy_to(t.start));
    });
    if (!sent) lost.lookup(0).then([](u64 &n) BPFXX_LAMBDA { ++n; });
}

BPFXX_XDP(dissect_xdp)(xdp::packet packet) {
    report<in_frames>(packet, packet.payload().size());
    return xdp::pass;
}
/// Offloads leave headers where only helpers reach them: they are pulled to the front, which changes nothing else.
BPFXX_TC(dissect_tc)(tc::packet packet) {
    auto const linear = BPFXX_TRY(static_cast<tc::packet &&>(packet).pull(dissection::most_pulled));
    report<in_skbs>(linear, linear.length());
    return tc::unspec;
}
