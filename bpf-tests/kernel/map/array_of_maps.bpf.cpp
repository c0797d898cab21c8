// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Counts in a map that the packet names by its index, and tells in a ring buffer.
#include <bpfxx/kernel/map/array_of_maps.hpp>
#include <bpfxx/kernel/map/hash.hpp>
#include <bpfxx/kernel/map/ring_buffer.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;

using flows_spec = spec::hash<be32, u64, 16>;
using news_spec = spec::ring_buffer<4096>;
BPFXX_MAP(by_queue, spec::array_of_maps<flows_spec, 4>);
BPFXX_MAP(by_cpu, spec::array_of_maps<news_spec, 2>);

struct request {
    be32 queue, address;
    u8 rest[6];
};

BPFXX_XDP(count_in, test::told)(xdp::packet packet) {
    auto [r] = BPFXX_TRY(packet.parse<request>());
    auto const address = r->address;
    u64 seen = 0;
    i64 made = 1;
    bool const found = by_queue.lookup(r->queue.value()).then([&](auto &flows) BPFXX_LAMBDA {
        if (!flows.lookup(address).then([&](u64 &n) BPFXX_LAMBDA { seen = ++n; })) made = flows.update(address, 1);
    });
    bool told = false;
    by_cpu.lookup(0).then([&](auto &news) BPFXX_LAMBDA { told = news.output(seen); });
    observe(reason::none, found, made, seen, told);
    return xdp::pass;
}
BPFXX_LICENSE("GPL");
