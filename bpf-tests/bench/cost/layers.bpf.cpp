// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A chain of -DLAYERS IPv4 headers, one in the other: what each further layer costs.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/udp.hpp>

#include "repeated.hpp"
using namespace bpfxx;

BPFXX_LICENSE("GPL");

template <u32 Layers> struct tunnels {
    template <class... Ip> BPFXX_INLINE static auto reach(xdp::packet const &packet) -> xdp::verdict<> {
        return tunnels<Layers - 1>::template reach<net::ipv4, Ip...>(packet);
    }
};
template <> struct tunnels<0> {
    template <class... Ip> BPFXX_INLINE static auto reach(xdp::packet const &packet) -> xdp::verdict<> {
        [[maybe_unused]] auto const all = BPFXX_TRY(packet.parse<net::ethernet, Ip..., net::udp>());
        return xdp::drop;
    }
};

BPFXX_XDP(layers)(xdp::packet packet) { return tunnels<LAYERS>::reach<>(packet); }
