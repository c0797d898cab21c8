// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A service under another address and port than it has, for packets of real sockets.
#include <bpfxx/core/checksum.hpp>
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/tc.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>

using namespace bpfxx;

/// What two packets in the same state have: 10.9.0.9 and fd09::9, port 7007, stand for 10.1.2.1 and fd02::1, port 8008.
BPFXX_INLINE auto shown(bool real) -> net::ip_address {
    net::ip_address a{};
    a.raw[0] = 0xfd, a.raw[1] = real ? 2 : 9, a.raw[15] = real ? 1 : 9;
    return a;
}
constexpr auto shown_v4 = be32{0x0a09'0009}, real_v4 = be32{0x0a01'0201};
constexpr auto shown_port = be16{7007}, real_port = be16{8008};

BPFXX_TC(to_real)(tc::packet packet) {
    auto [eth, ip, l4] =
        BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>, either<net::tcp, net::udp>>());
    if (!(l4.destination() == shown_port)) return tc::unspec;
    move(packet)
        .rewrite(ip, l4)
        .destination(ip.is<net::ipv4>() ? net::ip_address{real_v4} : shown(true))
        .destination(real_port)
        .set<net::hops>([](u8 hops) BPFXX_LAMBDA -> u8 { return static_cast<u8>(hops - 3); })
        .set<net::dscp>(12);
    return tc::unspec;
}
BPFXX_TC(to_shown)(tc::packet packet) {
    auto [eth, ip, l4] =
        BPFXX_TRY(packet.parse<net::ethernet, either<net::ipv4, net::ipv6>, either<net::tcp, net::udp>>());
    if (!(l4.source() == real_port)) return tc::unspec;
    move(packet)
        .rewrite(ip, l4)
        .source(ip.is<net::ipv4>() ? net::ip_address{shown_v4} : shown(false))
        .source(shown_port);
    return tc::unspec;
}

/// Packets of which the kernel has the sum of all bytes, and those of them for which it is another than their bytes have.
struct sums {
    u64 complete, wrong;
};
BPFXX_MAP(judged, spec::array<sums, 1>);
BPFXX_TC(judge)(tc::packet packet) {
    auto const all = packet.payload();
    auto const csum = helper::csum_update(packet.raw(), 0);
    if (csum < 0 || all.size() > 700 || all.size() != packet.length()) return tc::unspec;
    u64 sum = u64{static_cast<u32>(csum)} + 0xffff; // never zero
    for (u32 i = 0; i < 3; i++) sum = (sum & 0xffff) + (sum >> 16);
    auto const over_all = static_cast<u16>(~checksum{}.add_bytes<1024>(all).value());
    auto const over_frame = static_cast<u16>(~checksum{}.add_bytes<14>(all).value());
    u64 is = u64{over_all} + static_cast<u16>(~over_frame) + 0xffff;
    for (u32 i = 0; i < 3; i++) is = (is & 0xffff) + (is >> 16);
    judged.lookup(0).then([&](sums &to) BPFXX_LAMBDA {
        to.complete++;
        if (is != sum) to.wrong++;
    });
    return tc::unspec;
}
BPFXX_LICENSE("GPL");
