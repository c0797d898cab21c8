// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// clang++-15 -Os -mcpu=v2: BPF program is too large
#include "../common.hpp"
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/tc_loaded.hpp>
#include <bpfxx/net/dns.hpp>
#include <bpfxx/net/dns_over_tcp.hpp>
#include <bpfxx/net/dns_question.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>

BPFXX_MAP(found_o, spec::array<u64, 1>);
BPFXX_COUNT(found, found_c, tc::counters);
BPFXX_TC_LOADED(found)(tc_loaded::packet packet) {
    auto [l0, l1, l2, l3, l4, l5] = BPFXX_TRY(
        packet
            .parse<net::ethernet, either<net::ipv4, net::ipv6>, net::tcp, maybe<frame>, net::dns_over_tcp, net::dns>());
    auto const data = l5.payload();
    u64 acc = found_o.lookup(0).value_or(0) | 1;
    BPFXX_ROLLED for (u32 i = 0; i < 8; i++) acc = acc * 33 + data.read<u8>(i * 3).value_or(1);
    u8 name1[100];
    question_of(l5, name1).then([&](net::dns_question const &q)
                                    BPFXX_LAMBDA { acc = acc * 336 + q.name_size + q.qtype.value(); });
    acc = acc * 31 + name1[0];
    data.find<64>("abc").then([&](u32 at) BPFXX_LAMBDA { acc = acc * 414 + at; });
    u32 const at2 = data.find<64>("abc").value_or(0);
    acc += data.read<u8>(at2 + 18).value_or(7);
    found_o.lookup(0).then([&](u64 &n) BPFXX_LAMBDA { n = n * 31 + acc; });
    return acc % 2 == 1 ? tc::shot : acc % 3 == 1 ? tc::reclassify : tc::ok;
}

BPFXX_LICENSE("GPL");
