// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A hash map that does what the packet asks for.
#include <bpfxx/kernel/map/hash.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;

struct flow {
    be32 address;
    be16 port;
    u8 kind, zone;
};
struct usage {
    u64 packets;
    u32 bytes, last;
};
using flows_spec = spec::hash<flow, usage, 4>;
BPFXX_MAP(flows, flows_spec);

struct request {
    u8 what, flags;
    flow key;
    be32 number;
    u8 rest[2];
};

BPFXX_XDP(serve, test::told)(xdp::packet packet) {
    auto [r] = BPFXX_TRY(packet.parse<request>());
    auto const key = r->key;
    usage const value{r->number.value(), r->number.value() * 2, 7};
    i64 result = 0;
    u64 found = 0, packets = 0, bytes = 0;
    if (r->what == 0) {
        found = flows.lookup(key).then([&](usage const &u) BPFXX_LAMBDA {
            packets = u.packets;
            bytes = u.bytes;
        });
    } else if (r->what == 1)
        result = flows.update(key, value, r->flags);
    else if (r->what == 2)
        result = flows.erase(key);
    else if (r->what == 3)
        found = flows.contains(key);
    else if (r->what == 4)
        flows.lookup(key).then([&](usage &u) BPFXX_LAMBDA { // the value in the map, not a copy
            u.packets += value.packets;
            u.last++;
        });
    else
        result = flows.update(key, value);
    observe(reason::none, result, found, packets, bytes);
    return xdp::pass;
}

/// The key is bytes of the packet itself, copied and as they lie there.
BPFXX_XDP(direct, test::told)(xdp::packet packet) {
    auto [r] = BPFXX_TRY(packet.parse<request>());
    u64 packets = 0;
    flows.lookup_in_place(r->key).then([&](usage const &u) BPFXX_LAMBDA { packets = u.packets; });
    observe(reason::none, flows.contains(r->key), packets);
    return xdp::pass;
}
BPFXX_LICENSE("GPL");
