// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Takes out what user space has sent: all, or up to a number that the packet names.
#include <bpfxx/kernel/map/user_ring_buffer.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;

struct order {
    u32 number, weight;
};
BPFXX_MAP(orders, spec::user_ring_buffer<4096>);

struct request {
    be32 last;
    u8 rest[10];
};

BPFXX_XDP(take, test::told)(xdp::packet packet) {
    auto [r] = BPFXX_TRY(packet.parse<request>());
    u32 const last = r->last.value();
    u64 sum = 0, weight = 0;
    i64 const taken = orders.drain<order>([&](order const &o) BPFXX_LAMBDA {
        sum += o.number;
        weight += o.weight;
        return o.number == last ? iteration::stop : iteration::go_on;
    });
    observe(reason::none, taken, sum, weight);
    return xdp::pass;
}
BPFXX_LICENSE("GPL");
