// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The question of a DNS message: any name, and names that have to fit.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/dns_over_tcp.hpp>
#include <bpfxx/net/dns_question.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

/// One number of all bytes, eight at a time.
BPFXX_INLINE auto sum_of(auto const &name) -> u64 {
    u64 sum = 0;
    BPFXX_ROLLED for (u32 i = 0; i < sizeof name; i += 8) sum = sum * 31 + test::number(&name[i]);
    return sum;
}
BPFXX_XDP(any_name, told)(xdp::packet packet) {
    auto [eth, ip, udp, dns] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp, net::dns>());
    alignas(8) u8 name[256];
    auto const asked = BPFXX_TRY(net::question_of(dns, name));
    observe(reason::none, asked.qtype, asked.qclass, asked.name_size, sum_of(name), test::number(&name[0]));
    return xdp::pass;
}
BPFXX_XDP(short_name, told)(xdp::packet packet) {
    auto [eth, ip, udp, dns] =
        BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>, net::udp, net::dns>());
    alignas(8) u8 name[16];
    auto const asked = BPFXX_TRY(net::question_of(dns, name));
    observe(reason::none, asked.qtype, asked.qclass, asked.name_size, test::number(&name[0]), test::number(&name[8]));
    return xdp::pass;
}
BPFXX_XDP(framed, told)(xdp::packet packet) {
    auto [eth, ip, tcp, frame, dns] =
        BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::tcp, net::dns_over_tcp, net::dns>());
    alignas(8) u8 name[64];
    auto const asked = BPFXX_TRY(net::question_of(dns, name));
    observe(reason::none, asked.qtype, asked.qclass, asked.name_size, sum_of(name));
    return xdp::pass;
}
BPFXX_LICENSE("GPL");
