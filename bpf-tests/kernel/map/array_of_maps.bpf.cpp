// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Counts in the map that the packet names: by index and by key, a hash, an array and a ring buffer.
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/map/array_of_maps.hpp>
#include <bpfxx/kernel/map/hash.hpp>
#include <bpfxx/kernel/map/hash_of_maps.hpp>
#include <bpfxx/kernel/map/ring_buffer.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;

struct tenant {
    be16 number;
};
using flows_spec = spec::hash<be32, u64, 16>;
using slots_spec = spec::array<u64, 4>;
using news_spec = spec::ring_buffer<4096>;
using tenants_spec = spec::hash_of_maps<tenant, slots_spec, 8>;
BPFXX_MAP(by_queue, spec::array_of_maps<flows_spec, 4>);
BPFXX_MAP(by_tenant, tenants_spec);
BPFXX_MAP(by_cpu, spec::array_of_maps<news_spec, 2>);

struct request {
    be32 queue, address;
    tenant who;
    be32 slot;
};

BPFXX_XDP(count_in, test::told)(xdp::packet packet) {
    auto [r] = BPFXX_TRY(packet.parse<request>());
    auto const address = r->address;
    u32 const slot = r->slot.value();
    u64 seen = 0, in_slot = 0;
    i64 made = 1;
    bool const found = by_queue.lookup(r->queue.value()).then([&](auto &flows) BPFXX_LAMBDA {
        if (!flows.lookup(address).then([&](u64 &n) BPFXX_LAMBDA { seen = ++n; })) made = flows.update(address, 1);
    });
    bool const of_tenant = by_tenant.lookup(r->who).then(
        [&](auto &slots) BPFXX_LAMBDA { slots.lookup(slot).then([&](u64 &n) BPFXX_LAMBDA { in_slot = ++n; }); });
    bool told = false;
    by_cpu.lookup(0).then([&](auto &news) BPFXX_LAMBDA { told = news.output(seen); });
    observe(reason::none, found, made, seen, of_tenant, in_slot, told);
    return xdp::pass;
}
BPFXX_LICENSE("GPL");
