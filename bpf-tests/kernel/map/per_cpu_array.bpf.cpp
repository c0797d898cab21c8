// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A per-CPU array that does what the packet asks for.
#include <bpfxx/kernel/map/per_cpu_array.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;

struct tally {
    u64 packets;
    u32 bytes;
};
BPFXX_MAP(tallies, spec::per_cpu_array<tally, 3>);

struct request {
    u8 what, flags;
    be32 index, number;
    u8 rest[4];
};

BPFXX_XDP(serve, test::told)(xdp::packet packet) {
    auto [r] = BPFXX_TRY(packet.parse<request>());
    u32 const index = r->index.value(), what = r->what, number = r->number.value();
    i64 error = 0;
    u64 packets = 99, bytes = 99;
    if (what == 1)
        error = tallies.update(index, tally{number, 1}, r->flags);
    else
        tallies.lookup(index).then([&](tally &t) BPFXX_LAMBDA {
            if (what == 2) {
                ++t.packets;
                t.bytes += number;
            }
            packets = t.packets;
            bytes = t.bytes;
        });
    observe(reason::none, error, packets, bytes);
    return xdp::pass;
}
BPFXX_LICENSE("GPL");
