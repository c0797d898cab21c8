// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Verdicts: an action, a reason, a failed result; and when the reason has to be found.
#include <bpfxx/kernel/tc.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/udp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;

BPFXX_INLINE constexpr auto by_reason(reason why) -> xdp::action {
    return why == reason::malformed ? xdp::drop : why == reason::truncated ? xdp::aborted : xdp::pass;
}
BPFXX_INLINE constexpr auto always(reason) -> xdp::action { return xdp::tx; }

/// Three ways to answer one thing. The first byte says which.
template <auto Policy> BPFXX_INLINE auto answers(xdp::packet const &packet) -> xdp::verdict<Policy> {
    auto const which = BPFXX_TRY(packet.payload().read<u8>());
    if (which == 1) return xdp::redirect;
    if (which == 2) return reason::malformed;
    if (which == 3) return reason::not_found;
    auto const found = packet.parse<net::ethernet, net::ipv4, net::udp>();
    if (which == 4) return found.why();
    auto [eth, ip, udp] = BPFXX_TRY(found);
    return udp->length == be16{} ? xdp::drop : xdp::redirect; // a length of zero is malformed before
}
BPFXX_XDP(plain)(xdp::packet packet) { return answers<xdp::pass>(packet).code; }
BPFXX_XDP(telling)(xdp::packet packet) { return answers<by_reason>(packet).code; }
BPFXX_XDP(alike)(xdp::packet packet) { return answers<always>(packet).code; }
BPFXX_LICENSE("GPL");
