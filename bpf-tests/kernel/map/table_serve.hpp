// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// A map of the kind BPFXX_TEST_KIND that does what the packet asks for.
#include <bpfxx/kernel/xdp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;

struct usage {
    u64 packets;
    u32 bytes, last;
};
using flows_spec = BPFXX_TEST_KIND<u32, usage, 64>;
BPFXX_MAP(flows, flows_spec);

struct request {
    u8 what, flags;
    be32 key, number;
    u8 rest[4];
};

BPFXX_XDP(serve, test::told)(xdp::packet packet) {
    auto [r] = BPFXX_TRY(packet.parse<request>());
    u32 const key = r->key.value();
    usage const value{r->number.value(), 60, 7};
    i64 result = 0;
    u64 found = 0, packets = 0;
    if (r->what == 0)
        found = flows.lookup(key).then([&](usage &u) BPFXX_LAMBDA { packets = u.packets++; });
    else if (r->what == 1)
        result = flows.update(key, value, r->flags);
    else if (r->what == 2)
        result = flows.erase(key);
    else
        found = flows.contains(key);
    observe(reason::none, result, found, packets);
    return xdp::pass;
}
BPFXX_LICENSE("GPL");
