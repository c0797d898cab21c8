// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Settings, and an entry point written out.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ip_prefix.hpp>
#include <bpfxx/net/mac_address.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;

struct options {
    u32 limit;
    be16 port;
    u8 on;
    u8 table[5];
};
BPFXX_CONFIG(options, config);
BPFXX_CONFIG(u64, factor);
struct route {
    net::ip_address to;
    net::ipv4_prefix from;
    net::mac_address hop;
    be16 port;
};
struct routes {
    be32 own;
    route of[4];
};
BPFXX_CONFIG(routes, table);

BPFXX_XDP(configured)(xdp::packet packet) {
    auto const first = BPFXX_TRY(packet.payload().read<u8>());
    u32 sum = 0;
    for (u32 i = 0; i < 5; i++) sum += config.table[i];
    observe(reason::none, config.limit, config.on, sum, factor, first * factor);
    return config.on && first > config.limit ? xdp::drop : xdp::pass;
}

/// Settings are values like others: addresses and wire values in them, copies of a part, a reference to all of it.
BPFXX_INLINE auto route_of(routes const &all, u32 number) -> route { return all.of[bounded<3>(number)]; }
BPFXX_XDP(addressed)(xdp::packet packet) {
    auto const number = BPFXX_TRY(packet.payload().read<u8>());
    auto const from = BPFXX_TRY(packet.payload().read<be32>(1));
    auto const found = route_of(table, number);
    be32 const own = table.own;
    observe(reason::none, own, found.port, found.to.v4(), found.hop.is_group(), found.from.contains(from),
            table.of[1].port.value());
    return xdp::pass;
}

BPFXX_PROGRAM("xdp", written_out, xdp::context *context) {
    u64 const size = static_cast<u64>(xdp::end(*context) - xdp::begin(*context));
    observe(reason::none, size);
    return size > 20 ? xdp::drop : xdp::pass;
}
BPFXX_LICENSE("GPL");
