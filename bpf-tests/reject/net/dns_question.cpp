// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A name is copied into memory whose size is known.
// EXPECT: 'question_of
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/dns_question.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/udp.hpp>
using namespace bpfxx;

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    auto [ip, udp, dns] = BPFXX_TRY(packet.parse<net::ipv4, net::udp, net::dns>());
    u8 name[64];
    auto const question = BPFXX_TRY(net::question_of(dns, name));
#else
    auto [ip, udp, dns] = BPFXX_TRY(packet.parse<net::ipv4, net::udp, net::dns>());
    u8 *name = nullptr;
    auto const question = BPFXX_TRY(net::question_of(dns, name));
#endif
}
