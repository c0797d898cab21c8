// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A user's own headers: every part of the contract, declared and left out.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/udp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

/// Some records behind a start of two bytes, on two ports: all of size() from a field.
struct records {
    static constexpr auto id = one_of{net::udp_port{4000}, net::udp_port{4001}};
    u8 version, count;

    BPFXX_INLINE constexpr auto valid() const -> bool { return version == 1; }
    BPFXX_INLINE constexpr auto size() const -> u32 { return count * 3u; }
    BPFXX_INLINE constexpr auto next() const { return net::ip_proto{version}; }
};
/// What the program alone knows the place of; a length of its own, and a part that starts in the middle.
struct piece {
    static constexpr auto id = any<net::udp_port>{};
    be16 length;
    u8 offset, kind;

    BPFXX_INLINE constexpr auto covers() const -> u32 { return length.value(); }
    BPFXX_INLINE constexpr auto fragment() const -> bool { return offset != 0; }
    BPFXX_INLINE constexpr auto next() const { return net::udp_port{kind}; }
};
/// Nothing but bytes, which lead nowhere.
struct last {
    static constexpr auto id = net::udp_port{9};
    be32 value;
};
/// Another one behind `records`: its key space is what next() of that returns.
struct above {
    static constexpr auto id = net::ip_proto{1};
    be16 value;
};

BPFXX_XDP(own_size, told)(xdp::packet packet) {
    auto [eth, ip, udp, own, top] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp, records, above>());
    observe(reason::none, own->count, top->value, top.payload().size());
    return xdp::pass;
}
BPFXX_XDP(own_length, told)(xdp::packet packet) {
    auto [eth, ip, udp, own] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp, piece>());
    auto top = own.next<last>();
    observe(reason::none, own->length, own.payload().size(), top.why());
    return xdp::pass;
}
BPFXX_XDP(own_fragment, told)(xdp::packet packet) {
    auto [eth, ip, udp, own, top] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp, piece, last>());
    observe(reason::none, top->value, top.payload().size());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");
