// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The same parser as everywhere, over headers that have been made linear; and a write to them.
#include <bpfxx/kernel/tc.hpp>
#include <bpfxx/kernel/tc_pulled.hpp>
#include <bpfxx/net/ip_fields.hpp>
#include <kernel/sources.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");
BPFXX_TC_PULLED(pulled, test::told_as<tc::action>)(tc_pulled::packet packet) {
    BPFXX_TRY(sources::read_frame(packet));
    return tc::ok;
}
BPFXX_TC(linear, test::told_as<tc::action>)(tc::packet packet) {
    BPFXX_TRY(sources::read_frame(packet));
    return tc::ok;
}
BPFXX_TC_PULLED(writes, tc::shot)(tc_pulled::packet packet) {
    auto [eth, ip, datagram] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp>());
    bpfxx::move(packet).rewrite(ip, datagram).destination(be16{5353}).set<net::hops>(9);
    return tc::ok;
}
