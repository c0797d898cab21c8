// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Drops TCP segments that start an HTTP/1.x message in clear text, on any port, and tells user space of each.
/// XDP, Linux 5.10 or newer.
#include "block_http.hpp"
#include <bpfxx/kernel/map/hash.hpp>
#include <bpfxx/kernel/map/per_cpu_array.hpp>
#include <bpfxx/kernel/map/ring_buffer.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/vlan.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");
BPFXX_CONFIG(settings, config);
BPFXX_MAP(exempt, exempt_spec);
BPFXX_MAP(events, events_spec);
BPFXX_MAP(lost, lost_spec);

BPFXX_INLINE auto is_response(prefix const &start) -> bool { return start.starts_with("HTTP/1.1", "HTTP/1.0"); }
/// The methods of RFC 9110 section 9.3, and PATCH (RFC 5789).
BPFXX_INLINE auto is_request(prefix const &start) -> bool {
    return start.starts_with("GET ", "POST ", "HEAD ", "PUT ", "DELETE ", "CONNECT ", "OPTIONS ", "TRACE ", "PATCH ");
}

BPFXX_COUNT(block_http, counters);
BPFXX_XDP(block_http)(xdp::packet packet) {
    auto [eth, tags, ip, segment] =
        BPFXX_TRY(packet.parse<exactly, net::ethernet, up_to<2, net::vlan>, either<net::ipv4, net::ipv6>, net::tcp>());
    auto const payload = segment.payload();
    auto const start = payload.start();
    bool const response = config.responses && is_response(start);
    if (!response && !(config.requests && is_request(start))) return xdp::pass;
    if (segment->rst()) return xdp::pass; // its text says why (RFC 1122, 4.2.2.12), and no application gets it
    if (exempt.contains(segment.source()) || exempt.contains(segment.destination())) return xdp::pass;

    event e{};
    e.time = helper::ktime_get_ns();
    e.src = ip.source();
    e.dst = ip.destination();
    e.src_port = segment.source();
    e.dst_port = segment.destination();
    e.is_response = response;
    e.length = static_cast<u8>(payload.copy_to(e.start));
    if (!events.output(e)) lost.lookup(0).then([](u64 &n) BPFXX_LAMBDA { ++n; });
    return xdp::drop;
}
