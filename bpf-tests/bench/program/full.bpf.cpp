// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Counts packets by protocol and ports, through VLAN tags and IPv6 extension headers; drops what is cut or broken.
#include <bpfxx/kernel/map/per_cpu_array.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/vlan.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");

BPFXX_MAP(counts, spec::per_cpu_array<u64, 256>);

/// What TCP and UDP have in front.
struct ports {
    static constexpr auto id = one_of{net::ip_proto{6}, net::ip_proto{17}};
    be16 src, dst;
    u8 rest[4];
    BPFXX_INLINE auto index() const -> u32 { return static_cast<u32>(src.wire() ^ dst.wire() << 3); }
};
/// What ICMP and ICMPv6 have in front.
struct message {
    static constexpr auto id = one_of{net::ip_proto{1}, net::ip_proto{58}};
    u8 type, code, checksum[2];
    BPFXX_INLINE auto index() const -> u32 { return type ^ code << 3; }
};

BPFXX_INLINE constexpr auto strict(reason why) -> xdp::action {
    return why == reason::other_protocol ? xdp::pass : xdp::drop;
}

BPFXX_XDP(full, strict)(xdp::packet packet) {
    auto [eth, tags, ip, upper] = BPFXX_TRY(
        packet
            .parse<exactly, net::ethernet, up_to<2, net::vlan>, either<net::ipv4, net::ipv6>, maybe<ports, message>>());
    auto index = static_cast<u32>(ip.upper().to.key);
    upper.then([&](auto const &h) BPFXX_LAMBDA { index ^= h.index(); });
    counts.lookup(index & 0xff).then([](u64 &n) BPFXX_LAMBDA { ++n; });
    return xdp::pass;
}
