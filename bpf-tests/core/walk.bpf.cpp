// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// All that a chain can do, in one program, to be fed with packets that are wrong in any way.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/icmp.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vlan.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::number;
using test::observe;
using test::told;

BPFXX_XDP(everything, told)(xdp::packet packet) {
    auto [eth, tags, ip, l4] = BPFXX_TRY(
        packet.parse<net::ethernet, up_to<2, net::vlan>, either<net::ipv4, net::ipv6>, either<net::tcp, net::udp>>());
    auto const data = l4.payload();
    u64 const kind = tags.count * 4u + ip.is<net::ipv6>() * 2u + l4.is<net::udp>();
    auto const source = ip.source();
    auto const word = data.read<be32>(l4.source().value());
    u64 const text = data.starts_with("GET ") + data.find<16>("HTTP").value_or(99) * 2;
    u8 copy[20];
    u64 sum = data.copy_to(copy);
    for (auto const byte : copy) sum = sum * 31 + byte;
    observe(reason::none, kind, l4.source(), l4.destination(), data.size(), text, word.value_or(be32{7}), sum,
            number(source.raw + 8));
    return xdp::drop;
}

/// The same question in exact words gives the same headers.
BPFXX_XDP(exactly_all, told)(xdp::packet packet) {
    auto [eth, tags, ip, l4] = BPFXX_TRY(packet.parse<exactly, net::ethernet, up_to<2, net::vlan>,
                                                      either<net::ipv4, net::ipv6>, either<net::tcp, net::udp>>());
    u64 const kind = tags.count * 4u + ip.is<net::ipv6>() * 2u + l4.is<net::udp>();
    observe(reason::none, kind, l4.source(), l4.destination(), l4.payload().size());
    return xdp::drop;
}

/// Tunnels and quotations.
BPFXX_XDP(nested, told)(xdp::packet packet) {
    using any_ip = either<net::ipv4, net::ipv6>;
    auto const outer = packet.parse<net::ethernet, any_ip, any_ip, either<net::tcp, net::udp>>();
    if (outer) {
        auto [eth, first, second, l4] = BPFXX_TRY(outer);
        u64 const kind = first.is<net::ipv6>() * 4u + second.is<net::ipv6>() * 2u + l4.is<net::udp>();
        observe(reason::none, kind, l4.destination(), l4.payload().size());
        return xdp::drop;
    }
    auto [eth, ip, icmp] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::icmp>());
    auto [quoted, udp] = BPFXX_TRY(icmp.payload().assume<net::ipv4, net::udp>());
    observe(reason::none, 8, udp->dst, udp.payload().size());
    return xdp::tx;
}
BPFXX_LICENSE("GPL");
