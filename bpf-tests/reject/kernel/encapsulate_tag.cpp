// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The kernel keeps an skb's tag beside its bytes.
// EXPECT: push_vlan() puts a tag before a packet
#include <bpfxx/kernel/tc.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/vlan.hpp>
using namespace bpfxx;

BPFXX_TC(reject)(tc::packet packet) {
#ifdef BPFXX_ACCEPT
    return move(packet).push_vlan(net::vlan::of(7)) ? tc::ok : tc::shot;
#else
    auto eth = BPFXX_TRY(packet.parse<net::ethernet>());
    return move(packet).encapsulate(eth, net::vlan::of(7), behind(eth)) ? tc::ok : tc::shot;
#endif
}
