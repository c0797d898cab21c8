// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// clang++-15 -O3 -mcpu=v2: BPF program is too large
#include "../common.hpp"
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/xdp_frags.hpp>
#include <bpfxx/net/dns.hpp>
#include <bpfxx/net/dns_question.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/mpls.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>

BPFXX_INLINE constexpr auto xdp_by_reason(reason why) -> xdp::action {
    return why == reason::truncated || why == reason::malformed ? xdp::drop : xdp::pass;
}
BPFXX_MAP(found_o, spec::array<u64, 1>);
BPFXX_XDP_FRAGS(found, xdp_by_reason)(xdp_frags::packet packet) {
    auto [l0, l1, l2, l3, l4] =
        BPFXX_TRY(packet.parse<exactly, net::ethernet, up_to<3, net::mpls>, either<net::ipv6, net::ipv4>,
                               either<net::tcp, net::udp>, net::dns>());
    auto const data = l4.payload();
    u64 acc = found_o.lookup(0).value_or(0) | 1;
    data.find<64>("SSH-2.0-OpenSSH").then([&](u32 at) BPFXX_LAMBDA { acc = acc * 35 + at; });
    u32 const at2 = data.find<64>("SSH-2.0-OpenSSH").value_or(0);
    acc += data.read<u8>(at2 + 0).value_or(7);
    u8 name3[100];
    question_of(l4, name3).then([&](net::dns_question const &q)
                                    BPFXX_LAMBDA { acc = acc * 991 + q.name_size + q.qtype.value(); });
    acc = acc * 31 + name3[15];
    found_o.lookup(0).then([&](u64 &n) BPFXX_LAMBDA { n = n * 31 + acc; });
    return acc % 2 == 1 ? xdp::drop : acc % 3 == 1 ? xdp::tx : xdp::pass;
}

BPFXX_LICENSE("GPL");
