// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A Bloom filter that is asked and told by packets.
#include <bpfxx/kernel/map/bloom_filter.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;

using known_spec = spec::bloom_filter<be32, 100>;
BPFXX_MAP(known, known_spec);

struct request {
    u8 what, rest[9];
    be32 address;
};

BPFXX_XDP(serve, test::told)(xdp::packet packet) {
    auto [r] = BPFXX_TRY(packet.parse<request>());
    auto const address = r->address;
    if (r->what == 1) known.add(address);
    observe(reason::none, known.may_contain(address));
    return xdp::pass;
}
BPFXX_LICENSE("GPL");
