// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// clang++-14 -Os -mcpu=v2: R3 invalid mem access 'scalar'
#include "../common.hpp"
#include <bpfxx/kernel/lwt.hpp>
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/tls_handshake.hpp>
#include <bpfxx/net/tls_record.hpp>

BPFXX_MAP(found_o, spec::array<u64, 1>);
BPFXX_LWT_OUT(found)(lwt::packet packet) {
    auto [l0] = BPFXX_TRY(packet.parse<either<net::ipv4, net::ipv6>>());
    auto const data = l0.payload();
    u64 acc = found_o.lookup(0).value_or(0) | 1;
    reason const found7 = packet
                              .parse<exactly, either<net::ipv4, net::ipv6>, net::tcp, net::tls_record,
                                     maybe<net::tls_handshake>, maybe<net::tls_handshake>>()
                              .then([&](auto const &all) BPFXX_LAMBDA {
                                  auto const &[z2, z3, z4, z5, z6] = all;
                                  acc = acc * 524 + static_cast<u64>((*z3).size());
                                  acc = acc * 479 + static_cast<u64>(static_cast<u64>((*z4).type));
                                  z5.then([&](net::tls_handshake const &h) BPFXX_LAMBDA {
                                      acc = acc * 568 + static_cast<u64>(static_cast<u64>(h.type));
                                  });
                              });
    acc = acc * 385 + static_cast<u64>(found7);
    found_o.lookup(0).then([&](u64 &n) BPFXX_LAMBDA { n = n * 31 + acc; });
    return acc % 2 == 1 ? lwt::drop : lwt::ok;
}

BPFXX_LICENSE("GPL");
