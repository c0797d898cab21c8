// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// An object with one of everything that is reached by name.
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/map/hash.hpp>
#include <bpfxx/kernel/map/ring_buffer.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>

using namespace bpfxx;

using sizes_spec = spec::hash<u32, u64, 8>;
using total_spec = spec::array<u64, 1>;
struct wishes {
    u32 smallest, number;
};
BPFXX_MAP(sizes, sizes_spec);
BPFXX_MAP(total, total_spec);
BPFXX_MAP(events, spec::ring_buffer<4096>);
BPFXX_CONFIG(wishes, wanted);

BPFXX_XDP(measure)(xdp::packet packet) {
    u32 const size = packet.payload().size();
    if (size < wanted.smallest) return xdp::drop;
    auto const more = [](u64 &n) BPFXX_LAMBDA { ++n; };
    if (!sizes.lookup(size).then(more)) sizes.update(size, u64{1});
    total.lookup(0).then(more);
    events.output(size);
    return xdp::pass;
}

BPFXX_XDP(stamp)(xdp::packet packet) {
    auto eth = BPFXX_TRY(packet.parse<net::ethernet>());
    packet.raw(eth, [](net::ethernet &h) BPFXX_LAMBDA { h.type = be{net::ether_type{0xbeef}}; });
    return xdp::tx;
}
BPFXX_LICENSE("GPL");
