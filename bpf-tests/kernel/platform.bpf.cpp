// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Settings, and an entry point written out.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ip_prefix.hpp>
#include <bpfxx/net/keys.hpp>
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

// Wire values and addresses are classes, with constructors and operators of their own.
enum class mode : u8 { off, on, both };
struct endpoint {
    net::mac_address mac;
    be<net::tcp_port> port;
};
struct policy {
    be32 address;
    be16 ports[4];
    net::mac_address router;
    net::ip_address from;
    net::ipv4_prefix inside;
    net::ipv6_prefix outside[2];
    endpoint ends[4];
    mode which;
    bool strict;
    le32 magic;
    i64 offset;
};
BPFXX_CONFIG(policy, rules);
BPFXX_CONFIG(be16, one_port);
BPFXX_GLOBAL(policy, seen_rules);
BPFXX_GLOBAL(be16, last_port, be16{7});

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

/// Answers with all that the rules say. Indexes are of the packet.
BPFXX_XDP(of_classes)(xdp::packet packet) {
    u32 const at = BPFXX_TRY(packet.payload().read<u8>());
    auto const port = rules.ports[at & 3]; // a copy
    auto const &end = rules.ends[bounded<3>(at >> 4)];
    u32 bits = rules.address == be32{0x0a00'0001};
    bits = bits << 1 | (port == be16{443});
    bits = bits << 1 | (rules.router == net::mac_address{{2, 0, 0, 0, 0, 1}});
    bits = bits << 1 | (rules.from == net::ip_address{be32{0x0a00'0007}});
    bits = bits << 1 | rules.inside.contains(be32{0x0a01'0203});
    bits = bits << 1 | rules.outside[1].contains(rules.from);
    bits = bits << 1 | (end.port == net::tcp_port{22});
    bits = bits << 1 | (end.mac == rules.router);
    bits = bits << 1 | (rules.which == mode::both);
    bits = bits << 1 | rules.strict;
    bits = bits << 1 | (rules.ports[3] == last_port);
    seen_rules.from = rules.from;
    seen_rules.ends[1] = end;
    last_port = one_port;
    bits = bits << 1 | (seen_rules.from == rules.from && seen_rules.ends[1].port == end.port);
    observe(reason::none, bits, rules.magic.value(), static_cast<u64>(rules.offset), last_port.value());
    return rules.strict ? xdp::drop : xdp::pass;
}

BPFXX_PROGRAM("xdp", unnamed, xdp::context *) { return XDP_DROP; }
BPFXX_LICENSE("GPL");
