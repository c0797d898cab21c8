// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// An array that does what the packet asks for.
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;

struct place {
    u32 a;
    u16 b;
    u8 c[5]; // a size that is no multiple of 8
};
BPFXX_MAP(places, spec::array<place, 5>);

struct request {
    u8 what, flags;
    be32 index, number;
    u8 rest[4];
};

BPFXX_XDP(serve, test::told)(xdp::packet packet) {
    auto [r] = BPFXX_TRY(packet.parse<request>());
    u32 const index = r->index.value(), n = r->number.value();
    i64 error = 0;
    u64 found = 0, sum = 0;
    if (r->what == 0) {
        found = places.lookup(index).then([&](place const &p) BPFXX_LAMBDA { sum = p.a + p.b + p.c[4]; });
    } else if (r->what == 1) {
        place const p{n, static_cast<u16>(n), {1, 2, 3, 4, static_cast<u8>(n)}};
        error = places.update(index, p, r->flags);
    } else
        places.lookup(index).then([&](place &p) BPFXX_LAMBDA {
            p.a += n;
            p.c[4]++;
        });
    observe(reason::none, error, found, sum);
    return xdp::pass;
}
BPFXX_LICENSE("GPL");
