// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Counts in a map that the packet names by its key.
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/map/hash_of_maps.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;

struct tenant {
    be16 number;
};
using slots_spec = spec::array<u64, 4>;
using tenants_spec = spec::hash_of_maps<tenant, slots_spec, 8>;
BPFXX_MAP(by_tenant, tenants_spec);

struct request {
    tenant who;
    be32 slot;
    u8 rest[8];
};

BPFXX_XDP(count_in, test::told)(xdp::packet packet) {
    auto [r] = BPFXX_TRY(packet.parse<request>());
    u32 const slot = r->slot.value();
    u64 count = 0;
    bool const found = by_tenant.lookup(r->who).then(
        [&](auto &slots) BPFXX_LAMBDA { slots.lookup(slot).then([&](u64 &n) BPFXX_LAMBDA { count = ++n; }); });
    observe(reason::none, found, count);
    return xdp::pass;
}
BPFXX_LICENSE("GPL");
