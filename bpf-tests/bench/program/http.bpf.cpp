// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Drops what a web server answers: TCP over IPv4, up to two VLAN tags, payload starting with "HTTP/1.1". As in its anchor a
/// packet ends where its frame ends; with STRICT where its IP header says.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/vlan.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");

/// What a web server's answer starts with: a header of the application's own, on any port.
struct status_line {
    static constexpr auto id = any<net::tcp_port>{};
    u8 version[8];

    BPFXX_INLINE auto is_http() const -> bool { return equal_bytes<8>(version, "HTTP/1.1"); }
};

BPFXX_XDP(http)(xdp::packet packet) {
    auto [eth, tags, ip, segment, line] = BPFXX_TRY(
#ifdef STRICT
        packet.parse<net::ethernet, up_to<2, net::vlan>, net::ipv4, net::tcp, status_line>()
#else
        packet.parse<ignoring_lengths, net::ethernet, up_to<2, net::vlan>, net::ipv4, net::tcp, status_line>()
#endif
    );
    return line->is_http() ? xdp::drop : xdp::pass;
}
