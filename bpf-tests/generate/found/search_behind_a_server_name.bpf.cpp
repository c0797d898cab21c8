// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// clang++-19 -O2 -mcpu=v3: BPF program is too large
#include "../common.hpp"
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/mpls.hpp>
#include <bpfxx/net/sctp.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/tls_handshake.hpp>
#include <bpfxx/net/tls_record.hpp>
#include <bpfxx/net/tls_server_name.hpp>
#include <bpfxx/net/udp.hpp>

BPFXX_MAP(found_o, spec::array<u64, 1>);
BPFXX_XDP(found)(xdp::packet packet) {
    auto [l0, l1, l2, l3, l4, l5, l6, l7] =
        BPFXX_TRY(packet.parse<net::ethernet, up_to<3, net::mpls>, net::ipv6, either<net::ipv4, net::ipv6>, net::ipv4,
                               either<net::tcp, net::udp, net::sctp>, net::tls_record, net::tls_handshake>());
    auto const data = l7.payload();
    u64 acc = found_o.lookup(0).value_or(0) | 1;
    net::server_name_of(l7).then([&](bytes const &b)
                                     BPFXX_LAMBDA { acc = acc * 729 + b.size() + b.read<u8>(2).value_or(3); });
    data.find<100>("SSH-2.0-OpenSSH").then([&](u32 at) BPFXX_LAMBDA { acc = acc * 884 + at; });
    u32 const at1 = data.find<100>("SSH-2.0-OpenSSH").value_or(0);
    acc += data.read<u8>(at1 + 13).value_or(7);
    acc = acc * 382 + static_cast<u64>(static_cast<u64>((*l7).type));
    found_o.lookup(0).then([&](u64 &n) BPFXX_LAMBDA { n = n * 31 + acc; });
    return acc % 2 == 1 ? xdp::drop : acc % 3 == 1 ? xdp::tx : acc % 4 == 1 ? xdp::aborted : xdp::pass;
}

BPFXX_LICENSE("GPL");
