// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// One source for XDP and TC. As TC, natively in each state that the kernel's books of checksums may be in.
#include "tc_rewrite.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string;

namespace {
using checksums = skb::context::checksums;
enum class proto { tcp, udp, icmpv6 };

/// The sum over what is behind the frame's header, folded.
auto sum_over(byte_string const &b) -> u32 {
    u64 sum = 0;
    for (std::size_t i = 14; i < b.size(); i++) {
        u8 word[2] = {0, 0};
        word[i % 2] = b[i];
        sum += load<u16>(word);
    }
    while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<u32>(sum == 0xffff ? 0 : sum);
}
auto folded(u64 sum) -> u32 {
    while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<u32>(sum == 0xffff ? 0 : sum);
}
/// Both verdicts and both packets of XDP and TC are the same, in the kernel and natively; and so they are where the card
/// has summed up the packet.
auto check(int (*as_xdp)(xdp::context *), int (*as_tc)(skb::context *), byte_string const &in, byte_string const &out)
    -> void {
    both x{as_xdp}, t{as_tc};
    CHECK(x.run(in).bytes == out);
    auto const answer = t.run(in);
    CHECK(answer.bytes == out);
    CHECK(answer.why == reason::none);
    for (auto const state : {checksums::unnecessary, checksums::complete}) {
        auto bytes = in;
        skb::context context{bytes.data(), bytes.data() + bytes.size()};
        context.summed = state;
        context.csum = sum_over(in);
        as_tc(&context);
        CHECK(bytes == out);
        if (state == checksums::complete) CHECK(folded(context.csum) == sum_over(out));
    }
}
/// And where the card is to complete the checksum at an offset, so that it holds the sum of the pseudo header.
auto check_partial(int (*as_tc)(skb::context *), byte_string in, byte_string out, std::size_t start, std::size_t field)
    -> void {
    auto const partial = [=](byte_string &b) { // the checksum less the sum over what the card will sum up
        u64 sum = static_cast<u16>(~load<u16>(b.data() + field));
        b[field] = b[field + 1] = 0;
        for (std::size_t i = start; i < b.size(); i++) {
            u8 word[2] = {0, 0};
            word[(i - start) % 2] = b[i];
            sum += load<u16>(word) ^ 0xffffu;
        }
        store(b.data() + field, static_cast<u16>(folded(sum)));
    };
    partial(in), partial(out);
    skb::context context{in.data(), in.data() + in.size()};
    context.summed = checksums::partial;
    as_tc(&context);
    CHECK(test::hex(in) == test::hex(out));
}
auto transport(packet &p, proto which, u16 src, u16 dst = 80) -> void {
    if (which == proto::tcp) p.tcp({.src = src, .dst = dst});
    if (which == proto::udp) p.udp({.src = src, .dst = dst});
    if (which == proto::icmpv6) p.icmpv6({.type = 128, .rest = 0x0001'0002});
    p.payload("some bytes, odd in number");
}
} // namespace

TEST_CASE("NAT44, with address and port") {
    for (auto const which : {proto::tcp, proto::udp})
        for (u32 options : {0u, 4u, 40u}) {
            auto const made = [&](u32 src, u16 port) {
                packet p;
                p.ethernet().ipv4({.src = src, .options = byte_string(options, 1)});
                transport(p, which, port);
                return p.bytes();
            };
            auto const in = made(0x0a00'0001, 1234), out = made(0xc000'0207, 40'000);
            check(nat44_xdp, nat44_tc, in, out);
            check_partial(nat44_tc, in, out, 34 + options, 34 + options + (which == proto::tcp ? 16 : 6));
        }
}

TEST_CASE("an address alone") {
    for (auto const which : {proto::tcp, proto::udp})
        for (u32 dst = 1; dst < 0x1'0000; dst += 257) {
            auto const made = [&](u32 to) {
                packet p;
                p.ethernet().ipv4({.dst = to});
                transport(p, which, 1234);
                return p.bytes();
            };
            auto const in = made(dst << 16 | dst), out = made(0xc000'0207);
            check(address_xdp, address_tc, in, out);
            check_partial(address_tc, in, out, 34, 34 + (which == proto::tcp ? 16 : 6));
        }
}

TEST_CASE("UDP without a checksum has none afterwards") {
    auto const made = [](u32 src, u16 port) {
        return packet{}.ethernet().ipv4({.src = src}).udp({.src = port, .checksum = 0}).payload("text").bytes();
    };
    check(nat44_xdp, nat44_tc, made(0x0a00'0001, 1234), made(0xc000'0207, 40'000));
    auto const with = [](u16 dst, u32 src) {
        return packet{}.ethernet().ipv4({.src = src}).udp({.dst = dst, .checksum = 0}).payload("texts").bytes();
    };
    check(twice_xdp, twice_tc, with(53, 0x0a00'0001), with(99, 0xc000'0263));
}

TEST_CASE("a UDP checksum that comes out as zero is ffff") {
    u32 zeros = 0;
    for (u32 v = 0; v < 0x1'0000; v++) {
        auto const made = [&](u32 src, u16 port) {
            return packet{}
                .ethernet()
                .ipv4({.src = src})
                .udp({.src = port})
                .payload({static_cast<u8>(v >> 8), static_cast<u8>(v)})
                .bytes();
        };
        auto const out = made(0xc000'0207, 40'000);
        if (out[40] != 0xff || out[41] != 0xff) continue;
        zeros++;
        check(nat44_xdp, nat44_tc, made(0x0a00'0001, 1234), out);
    }
    CHECK(zeros == 1);
}

TEST_CASE("NAT66: no checksum of the header makes up for what changes in it") {
    for (auto const which : {proto::tcp, proto::udp, proto::icmpv6})
        for (u32 v = 0; v < 256; v++) {
            auto const made = [&](u8 subnet, u8 hop_limit) {
                packet p;
                byte_string src{0x20, 1, 0x0d, 0xb8, 0, 0, 0, subnet, 0, 0, 0, 0, 0, 0, 0, static_cast<u8>(v)};
                p.ethernet().ipv6({.hop_limit = hop_limit, .src = src});
                transport(p, which, 1234);
                return p.bytes();
            };
            auto const in = made(static_cast<u8>(v), 64), out = made(0x77, 9);
            check(nat66_xdp, nat66_tc, in, out);
            if (which != proto::icmpv6) check_partial(nat66_tc, in, out, 54, 54 + (which == proto::tcp ? 16 : 6));
        }
}

TEST_CASE("behind a rewrite the packet is parsed again") {
    auto const made = [](u16 dst, u32 src) {
        return packet{}.ethernet().ipv4({.src = src}).udp({.dst = dst}).payload("text").bytes();
    };
    check(twice_xdp, twice_tc, made(53, 0x0a00'0001), made(99, 0xc000'0263));
}

TEST_CASE("fields that no checksum in the packet covers") {
    for (bool const six : {false, true})
        for (bool const tagged : {false, true})
            for (u32 v = 0; v < 256; v++) {
                auto const made = [&](u16 tci, u8 hops, u32 dscp, byte_string const &src) {
                    packet p;
                    p.ethernet({.src = src});
                    if (tagged) p.vlan(tci);
                    auto const tos = static_cast<u8>(dscp << 2 | 2);
                    six ? p.ipv6({.traffic_class = tos, .hop_limit = hops}) : p.ipv4({.tos = tos, .ttl = hops});
                    p.udp().payload("text");
                    return p.bytes();
                };
                check(bare_xdp, bare_tc,
                      made(static_cast<u16>(v * 0x1001), static_cast<u8>(v), v >> 2, {2, 0, 0, 0, 0, 1}),
                      made(static_cast<u16>((v * 0x1001 & 0xf000) | 77), 5, 10, {2, 1, 2, 3, 4, 5}));
            }
}

TEST_CASE("bytes of a payload") {
    for (auto const which : {proto::tcp, proto::udp}) {
        auto const made = [&](std::string_view bytes) {
            packet p;
            p.ethernet().ipv4();
            which == proto::tcp ? p.tcp() : p.udp();
            return p.payload(bytes).bytes();
        };
        check(text_xdp, text_tc, made("_____ and more"), made("_abcd and more"));
        check_partial(text_tc, made("_____ and more"), made("_abcd and more"), 34, 34 + (which == proto::tcp ? 16 : 6));
        both t{text_tc};
        CHECK(t.run(made("____")).why == reason::truncated);
        CHECK(t.run(made("____")).bytes == made("____"));
    }
    auto const none = [&](std::string_view bytes) {
        return packet{}.ethernet().ipv4().udp({.checksum = 0}).payload(bytes).bytes();
    };
    check(text_xdp, text_tc, none("_____ and more"), none("_abcd and more"));
}

TEST_CASE("a frame in a tunnel: its checksums, and the one that covers it") {
    for (bool const outer : {false, true})
        for (bool const six : {false, true})
            for (auto const which : {proto::tcp, proto::udp})
                for (bool const inner : {true, false}) {
                    if (!inner && (six || which == proto::tcp)) continue;
                    auto const made = [&](byte_string const &mac, u8 hops, bool changed, u16 port) {
                        packet in;
                        in.ethernet({.dst = mac});
                        byte_string const v6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 1, 2, 3, 4};
                        if (six)
                            in.ipv6({.hop_limit = hops, .src = changed ? v6 : test::ipv6_fields{}.src});
                        else
                            in.ipv4({.ttl = hops, .src = changed ? 0x0102'0304u : 0x0a00'0001u});
                        if (which == proto::tcp)
                            in.tcp({.dst = port});
                        else
                            in.udp({.dst = port, .checksum = inner ? test::automatic<u16>{} : 0});
                        in.payload("inside");
                        byte_string const vxlan = {8, 0, 0, 0, 0, 0, 7, 0};
                        return packet{}
                            .ethernet()
                            .ipv4()
                            .udp({.dst = 4789, .checksum = outer ? test::automatic<u16>{} : 0})
                            .payload(test::joined(vxlan, in.bytes()))
                            .bytes();
                    };
                    INFO("outer " << outer << ", IPv6 " << six << ", TCP " << (which == proto::tcp) << ", inner "
                                  << inner);
                    check(inside_xdp, inside_tc, made({2, 0, 0, 0, 0, 9}, 64, false, 80),
                          made({2, 1, 2, 3, 4, 5}, 3, true, 4321));
                }
}

TEST_CASE("packets of another form are left alone") {
    auto const in = packet{}.ethernet().arp().bytes();
    for (auto *const program : {nat44_tc, nat66_tc, twice_tc, text_tc, inside_tc, bare_tc}) {
        both run{program};
        auto const a = run.run(in);
        CHECK(a.why == reason::other_protocol);
        CHECK(a.bytes == in);
    }
    auto const whole = packet{}.ethernet().ipv4().tcp().payload("text").bytes();
    for (auto *const program : {nat44_tc}) both{program}.sweep(whole, 54);
}
