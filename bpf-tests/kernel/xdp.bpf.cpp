// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Entry points: each verdict, each sort of policy, what else a packet knows.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;

BPFXX_XDP(verdicts)(xdp::packet packet) {
    auto const which = BPFXX_TRY(packet.payload().read<u8>());
    switch (which) {
    case 0: return xdp::aborted;
    case 1: return xdp::drop;
    case 2: return xdp::pass;
    case 3: return xdp::tx;
    case 4: return xdp::redirect;
    default: return reason::malformed;
    }
}

// The same body, and what becomes of packets of another form.
BPFXX_XDP(by_default)(xdp::packet packet) {
    auto [eth, ip, udp] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp>());
    return udp.payload().empty() ? xdp::drop : xdp::tx;
}
BPFXX_XDP(by_action, xdp::drop)(xdp::packet packet) {
    auto [eth, ip, udp] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp>());
    return udp.payload().empty() ? xdp::drop : xdp::tx;
}
BPFXX_INLINE constexpr auto strict(reason why) -> xdp::action {
    switch (why) {
    case reason::truncated: return xdp::aborted;
    case reason::other_protocol: return xdp::pass;
    case reason::fragment: return xdp::redirect;
    default: return xdp::drop;
    }
}
BPFXX_XDP(by_function, strict)(xdp::packet packet) {
    auto [eth, ip, udp] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp>());
    return udp.payload().empty() ? xdp::drop : xdp::tx;
}
constexpr auto lenient = [](reason why) { return why == reason::malformed ? xdp::drop : xdp::pass; };
BPFXX_XDP(by_lambda, lenient)(xdp::packet packet) {
    auto [eth, ip, udp] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp>());
    return udp.payload().empty() ? xdp::drop : xdp::tx;
}

/// A reason can be answered without a chain.
BPFXX_XDP(by_hand, strict)(xdp::packet packet) {
    auto const p = packet.parse<net::ethernet, net::ipv4, net::tcp>();
    if (p.why() == reason::other_protocol) return xdp::tx;
    if (!p) return p.why();
    return xdp::redirect;
}

BPFXX_XDP(surroundings)(xdp::packet packet) {
    observe(reason::none, packet.interface_index(), packet.queue(), packet.payload().size());
    return xdp::pass;
}

namespace inner {
BPFXX_MAP(runs, spec::array<u64, 1>);
/// A program and a map of a namespace have their plain names for the kernel.
BPFXX_XDP(fifteen_letters)(xdp::packet) {
    runs.lookup(0).then([](u64 &n) BPFXX_LAMBDA { observe(reason::none, ++n); });
    return xdp::drop;
}
} // namespace inner
BPFXX_LICENSE("GPL");
