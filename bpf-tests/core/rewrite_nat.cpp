// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Every translated packet is, byte by byte, the one that a host with the other address would have sent.
#include "rewrite_nat.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string;

namespace {
struct end {
    u32 address;
    u16 port;
};
constexpr end peer{0xc633'6407, 443};

/// A value to translate to, in the maps of all sides.
template <class Key> auto give(both &run, char const *map, Key const &key, Key const &value) -> void {
    run.native_map(map).update(&key, &value, BPF_ANY);
    run.each_kernel_map(map, [&](int fd) { REQUIRE(bpf_map_update_elem(fd, &key, &value, BPF_ANY) == 0); });
}
auto wire(end const &e, u8 protocol) -> endpoint { return {be32{e.address}, be16{e.port}, net::ip_proto{protocol}, 0}; }
enum class kind { tcp, udp, udp_unsummed, echo };
auto made(kind k, end const &from, end const &to, u32 variant, bool reply = false) -> byte_string {
    packet p;
    p.ethernet();
    if (variant % 3 > 0) p.vlan(7);
    if (variant % 3 > 1) p.vlan(8);
    p.ipv4({.tos = static_cast<u8>(variant),
            .ttl = static_cast<u8>(255 - variant),
            .src = from.address,
            .dst = to.address,
            .options = byte_string(variant % 11 * 4, 1)});
    if (k == kind::tcp)
        p.tcp({.src = from.port,
               .dst = to.port,
               .seq = variant * 0x0101'0101,
               .options = byte_string(variant % 10 * 4, 1)});
    if (k == kind::udp) p.udp({.src = from.port, .dst = to.port});
    if (k == kind::udp_unsummed) p.udp({.src = from.port, .dst = to.port, .checksum = 0});
    if (k == kind::echo)
        p.icmp({.type = static_cast<u8>(reply ? 0 : 8), .rest = u32{reply ? to.port : from.port} << 16 | variant});
    return p.payload(byte_string(variant, static_cast<u8>(variant * 31))).bytes();
}
auto protocol_of(kind k) -> u8 { return k == kind::tcp ? 6 : k == kind::echo ? 1 : 17; }
} // namespace

TEST_CASE("NAT44: 480 packets there and back, byte by byte") {
    both out{nat44_out}, in{nat44_in};
    for (auto const k : {kind::tcp, kind::udp, kind::udp_unsummed, kind::echo})
        for (u32 v = 0; v < 60; v++) {
            end const inside{0x0a00'0000 + v * 0x0003'0501, static_cast<u16>(1024 + v * 1013)};
            end const outside{0xc000'0200 + v, static_cast<u16>(0xffff - v * 997)};
            auto const protocol = protocol_of(k);
            give(out, "outside_of", wire(inside, protocol), wire(outside, protocol));
            give(in, "inside_of", wire(outside, protocol), wire(inside, protocol));
            auto const there = out.run(made(k, inside, peer, v));
            CHECK(there.verdict == xdp::tx);
            CHECK(test::hex(there.bytes) == test::hex(made(k, outside, peer, v)));
            auto const back = in.run(made(k, peer, outside, v, true));
            CHECK(back.verdict == xdp::tx);
            CHECK(test::hex(back.bytes) == test::hex(made(k, peer, inside, v, true)));
        }
}

TEST_CASE("NAT44: unknown flows and fragments are left alone") {
    both out{nat44_out};
    auto const unknown = made(kind::tcp, {0x0a63'0001, 7}, peer, 1);
    CHECK(out.run(unknown).why == reason::not_found);
    CHECK(out.run(unknown).bytes == unknown);
    auto const later = packet{}.ethernet().ipv4({.fragment_offset = 4, .protocol = 17}).payload("0123456789").bytes();
    CHECK(out.run(later).why == reason::fragment);
    CHECK(out.run(later).bytes == later);
}

TEST_CASE("NAT44: errors, and what they quote") {
    both in{nat44_in};
    end const inside{0x0a00'0007, 5353}, outside{0xc000'0207, 40'404};
    for (auto const k : {kind::tcp, kind::udp, kind::udp_unsummed}) {
        give(in, "inside_of", wire(outside, protocol_of(k)), wire(inside, protocol_of(k)));
        for (u32 quoted : {8u, 28u, 1000u})
            for (u8 const type : {u8{3}, u8{11}}) {
                auto const error = [&](end const &is) {
                    packet about;
                    about.ipv4({.src = is.address, .dst = peer.address});
                    if (k == kind::tcp) about.tcp({.src = is.port, .dst = peer.port});
                    if (k == kind::udp) about.udp({.src = is.port, .dst = peer.port});
                    if (k == kind::udp_unsummed) about.udp({.src = is.port, .dst = peer.port, .checksum = 0});
                    auto whole = about.payload("what was not delivered").bytes();
                    whole.resize(std::min<std::size_t>(whole.size(), 20 + quoted));
                    return whole;
                };
                auto const in_error = [&](end const &is, byte_string const &about) {
                    return packet{}
                        .ethernet()
                        .ipv4({.src = 0xc633'6401, .dst = is.address})
                        .icmp({.type = type, .code = 1, .rest = 0})
                        .payload(about)
                        .bytes();
                };
                auto expected = error(inside);
                if (k ==
                    kind::tcp) { // its checksum is quoted only where more than 8 bytes are, and then it is left alone
                    auto const was = error(outside);
                    if (was.size() >= 38) expected[36] = was[36], expected[37] = was[37];
                }
                auto const a = in.run(in_error(outside, error(outside)));
                INFO("quoted " << quoted);
                CHECK(a.verdict == xdp::tx);
                CHECK(test::hex(a.bytes) == test::hex(in_error(inside, expected)));
            }
    }
}

TEST_CASE("NAT66: TCP, UDP, ICMPv6 and fragments, byte by byte") {
    both out{nat66_out}, in{nat66_in};
    for (u32 v = 0; v < 60; v++) {
        byte_string const inside{0xfd, 0, 0, 0, 0, 0, 0, static_cast<u8>(v),
                                 0,    0, 0, 0, 0, 0, 0, static_cast<u8>(v * 7)};
        byte_string outside{0x20, 1, 0x0d, 0xb8, 0, 9, 0xff, static_cast<u8>(v), 1, 2, 3, 4, 5, 6, 7, 8};
        net::ip_address a{}, b{};
        std::copy(inside.begin(), inside.end(), a.raw), std::copy(outside.begin(), outside.end(), b.raw);
        give(out, "outside_of6", a, b), give(in, "inside_of6", b, a);
        for (u32 what = 0; what < 4; what++) {
            auto const made = [&](byte_string const &src, byte_string const &dst) {
                packet p;
                p.ethernet().ipv6({.src = src, .dst = dst});
                if (what == 0) p.tcp({.src = static_cast<u16>(v * 1091)});
                if (what == 1) p.udp({.src = static_cast<u16>(v * 1091)});
                if (what == 2) p.icmpv6({.type = 128, .rest = v});
                if (what == 3) p.fragment({.next_header = 17, .offset = 9});
                return p.payload(byte_string(v, static_cast<u8>(v))).bytes();
            };
            byte_string const other{0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2};
            CHECK(test::hex(out.run(made(inside, other)).bytes) == test::hex(made(outside, other)));
            CHECK(test::hex(in.run(made(other, outside)).bytes) == test::hex(made(other, inside)));
        }
    }
}
