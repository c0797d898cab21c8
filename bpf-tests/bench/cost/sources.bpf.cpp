// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// One parser for packets of every source: what it costs to reach them. -DSOURCE says which. With -DEMPTY
/// the same type of program without them (repeated.hpp).
#include <bpfxx/kernel/cgroup_skb.hpp>
#include <bpfxx/kernel/lwt.hpp>
#include <bpfxx/kernel/socket_filter.hpp>
#include <bpfxx/kernel/tc.hpp>
#include <bpfxx/kernel/tc_loaded.hpp>
#include <bpfxx/kernel/tc_pulled.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/kernel/xdp_frags.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/tcp.hpp>

#include "repeated.hpp"
using namespace bpfxx;

BPFXX_LICENSE("GPL");

// Numbers, so that the preprocessor can tell them apart.
#define XDP 1
#define XDP_FRAGS 2
#define XDP_FRAGS_LOAD 3
#define TC 4
#define TC_PULLED 5
#define TC_LOADED 6
#define TC_LOAD 7
#define CGROUP_SKB 8
#define SOCKET_FILTER 9
#define LWT 10

#define FRAME_IS_HTTP(yes, no)                                                                                         \
    auto [eth, ip, segment] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::tcp>());                           \
    return segment->dst == net::tcp_port{80} ? yes : no
#define IS_HTTP(yes, no)                                                                                               \
    auto [ip, segment] = BPFXX_TRY(packet.parse<net::ipv4, net::tcp>());                                               \
    return segment->dst == net::tcp_port{80} ? yes : no

#if SOURCE == XDP
BPFXX_XDP(source)(xdp::packet packet) { FRAME_IS_HTTP(xdp::drop, xdp::pass); }
#elif SOURCE == XDP_FRAGS
BPFXX_XDP_FRAGS(source)(xdp_frags::packet packet) { FRAME_IS_HTTP(xdp::drop, xdp::pass); }
#elif SOURCE == XDP_FRAGS_LOAD
BPFXX_XDP_FRAGS(source)(xdp_frags::packet packet) {
    return BPFXX_TRY(packet.load<be16>(6000)) == be16{0x5a5a} ? xdp::drop : xdp::pass;
}
#elif SOURCE == TC
BPFXX_TC(source)(tc::packet packet) { FRAME_IS_HTTP(tc::shot, tc::ok); }
#elif SOURCE == TC_PULLED
BPFXX_TC_PULLED(source)(tc_pulled::packet packet) { FRAME_IS_HTTP(tc::shot, tc::ok); }
#elif SOURCE == TC_LOADED
BPFXX_TC_LOADED(source)(tc_loaded::packet packet) { FRAME_IS_HTTP(tc::shot, tc::ok); }
#elif SOURCE == TC_LOAD
BPFXX_TC_LOADED(source)(tc_loaded::packet packet) {
    return BPFXX_TRY(packet.load<be16>(36)) == be16{80} ? tc::shot : tc::ok;
}
#elif SOURCE == CGROUP_SKB
BPFXX_CGROUP_INGRESS(source)(cgroup_skb::packet packet) { IS_HTTP(cgroup_skb::drop, cgroup_skb::allow); }
#elif SOURCE == SOCKET_FILTER
BPFXX_SOCKET_FILTER(source)(socket_filter::packet packet) { IS_HTTP(socket_filter::drop, socket_filter::keep); }
#elif SOURCE == LWT
BPFXX_LWT_XMIT(source)(lwt::packet packet) { IS_HTTP(lwt::drop, lwt::ok); }
#endif
