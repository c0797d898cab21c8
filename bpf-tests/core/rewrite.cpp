// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// What a rewrite leaves is what the packet would be, had it been made with these fields: its checksums computed in full.
#include "rewrite.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string;

namespace {
/// The payload: an order, and some bytes more; odd in number.
auto ordered(u32 number, u32 other = 0, u32 octet = 0, u32 more = 0, u32 offset = 0) -> byte_string {
    auto const byte = [](u32 v) { return static_cast<u8>(v); };
    return {byte(number >> 8),
            byte(number),
            byte(other >> 8),
            byte(other),
            byte(octet),
            byte(more),
            byte(offset >> 8),
            byte(offset),
            0xff,
            0,
            0x12,
            0x34,
            0x56,
            0x78,
            9};
}
/// Natively for all; everywhere for a sample.
template <class Make> auto all_values(int (*program)(xdp::context *), u32 most, Make const &make) -> void {
    both sample{program};
    bool good = true;
    for (u32 v = 0; v <= most; v++) {
        auto const [in, out] = make(v);
        bool const sampled = most <= 0xff || v % 977 == 0 || v <= 2 || v >= most - 2;
        if (sampled) {
            auto const a = sample.run(in);
            good = good && a.verdict == xdp::tx && a.bytes == out;
        } else
            good = good && host::run(program, in).bytes == out;
        if (!good) FAIL("value " << v << ": from " << test::hex(in) << " not to " << test::hex(out));
    }
    CHECK(good);
}
using pair = std::pair<byte_string, byte_string>;
} // namespace

// The two ends of RFC 1624: what comes out as zero is zero, and ffff where zero means none.
static_assert(checksum_changed(be16{0xdd2f}.wire(), u64{be16{0x5555}.wire()} + (be16{0x3285}.wire() ^ 0xffff)) == 0);
static_assert(checksum_changed_nonzero(be16{0xdd2f}.wire(),
                                       u64{be16{0x5555}.wire()} + (be16{0x3285}.wire() ^ 0xffff)) == 0xffff);
static_assert(checksum_changed(0x1234, 0) == 0x1234 && checksum_changed_nonzero(0x1234, 0) == 0x1234);
static_assert(checksum_changed(0, 0) == 0 && checksum_changed_nonzero(0xffff, 0) == 0xffff);
// As many words as there may be.
static_assert(checksum_changed(1, u64{0xffff'ffff} * 4096) == 1 && checksum_changed_nonzero(1, u64{0xffff} << 24) == 1);

TEST_CASE("ports, all values, over both IPs") {
    for (bool const six : {false, true})
        for (bool const tcp : {false, true}) {
            INFO((six ? "IPv6" : "IPv4") << (tcp ? " TCP" : " UDP"));
            all_values(port, 0xffff, [=](u32 v) -> pair {
                auto const made = [&](u16 dst) {
                    packet p;
                    p.ethernet();
                    six ? p.ipv6() : p.ipv4();
                    tcp ? p.tcp({.dst = dst}) : p.udp({.dst = dst});
                    return p.payload(ordered(v)).bytes();
                };
                return {made(53), made(static_cast<u16>(v))};
            });
        }
    bool found = false; // the port at which a checksum is ffff, for zero would say that there is none
    for (u32 v = 0; v <= 0xffff; v++) {
        auto const b = packet{}.ethernet().ipv4().udp({.dst = static_cast<u16>(v)}).payload(ordered(v)).bytes();
        found = found || (b[40] == 0xff && b[41] == 0xff);
    }
    CHECK(found);
}

TEST_CASE("a UDP checksum of zero stays zero") {
    for (auto *const program : {port, udp_port})
        all_values(program, 0xffff, [](u32 v) -> pair {
            auto const made = [&](u16 dst) {
                return packet{}.ethernet().ipv4().udp({.dst = dst, .checksum = 0}).payload(ordered(v)).bytes();
            };
            return {made(53), made(static_cast<u16>(v))};
        });
}

TEST_CASE("a wrong checksum stays wrong by as much") {
    both run{udp_port};
    auto const in = packet{}.ethernet().ipv4().udp({.dst = 53}).payload(ordered(99)).bytes();
    auto const out = packet{}.ethernet().ipv4().udp({.dst = 99}).payload(ordered(99)).bytes();
    auto const wrong = [](byte_string const &b) { return test::patched(b, 40, {static_cast<u8>(b[40] ^ 0x10)}); };
    CHECK(run.run(wrong(in)).bytes != out);
    CHECK(run.run(in).bytes == out);
}

TEST_CASE("fields of TCP: 8, 16 and 32 bits, at odd and even places, with options") {
    for (u32 options = 0; options <= 40; options += 4)
        for (u32 octet = 0; octet < 256; octet += 5) {
            auto const number = static_cast<u16>(octet * 251 + options);
            auto const made = [&](test::tcp_fields f) {
                f.options = byte_string(options, 1);
                return packet{}.ethernet().ipv4().tcp(f).payload(ordered(number, 0, octet)).bytes();
            };
            static both run{tcp_fields};
            auto const a = run.run(made({.seq = 0xffff'1000, .flags = 0x18, .window = 512}));
            CHECK(a.bytes == made({.seq = 0x0000'3345, .flags = static_cast<u8>(octet), .window = number}));
        }
}

TEST_CASE("options, at every place") {
    both tcp{option_of_tcp}, ip{option_of_ip}, own{option_in_udp};
    byte_string const nops(12, 1);
    for (bool const six : {false, true})
        for (u8 at = 0; at <= 12; at++) {
            auto const made = [&](byte_string options, u8 hops) {
                packet p;
                p.ethernet();
                six ? p.ipv6({.hop_limit = hops}) : p.ipv4({.ttl = hops});
                return p.tcp({.options = options}).payload(ordered(0xabcd, 0, 0, 0, at)).bytes();
            };
            auto const a = tcp.run(made(nops, 64));
            if (at > 10) {
                CHECK(a.why == reason::truncated); // what lies behind the options is none
                CHECK(a.bytes == made(nops, 9));
            } else {
                CHECK(a.number(0) == 0x0101);
                CHECK(a.bytes == made(test::patched(nops, at, {0xab, 0xcd}), 9));
            }
        }
    for (u8 at = 0; at <= 12; at++) {
        auto const made = [&](byte_string options) {
            return packet{}.ethernet().ipv4({.options = options}).payload(ordered(0, 0, 0x5e, 0, at)).bytes();
        };
        CHECK(ip.run(made(nops)).bytes == made(at > 11 ? nops : test::patched(nops, at, {0x5e})));
    }
    for (u8 at = 0; at <= 7; at++) {
        auto const made = [&](byte_string options) {
            byte_string const head = {static_cast<u8>(options.size()), 0, 1};
            return packet{}
                .ethernet()
                .ipv4()
                .udp()
                .payload(test::joined(test::joined(head, options), ordered(0xfedc, 0, 0, 0, at)))
                .bytes();
        };
        byte_string const options(7, 3);
        CHECK(own.run(made(options)).bytes == made(at > 5 ? options : test::patched(options, at, {0xfe, 0xdc})));
    }
}

TEST_CASE("hops, all values, in both IPs") {
    for (bool const six : {false, true})
        all_values(hops, 0xff, [=](u32 v) -> pair {
            auto const made = [&](u8 n) {
                packet p;
                p.ethernet();
                six ? p.ipv6({.hop_limit = n}) : p.ipv4({.ttl = n, .options = byte_string(8, 1)});
                return p.payload(ordered(0, 0, v)).bytes();
            };
            return {made(64), made(static_cast<u8>(v))};
        });
    all_values(one_hop_less, 0xff, [](u32 v) -> pair {
        auto const made = [](u32 n) { return packet{}.ethernet().ipv4({.ttl = static_cast<u8>(n)}).udp().bytes(); };
        return {made(v), made(v - 1)};
    });
}

TEST_CASE("DSCP and ECN, all values, from all values") {
    for (bool const six : {false, true})
        for (u32 const from : {0x00, 0x5a, 0xff})
            all_values(marks, 0xff, [=](u32 v) -> pair {
                auto const made = [&](u32 n) {
                    packet p;
                    p.ethernet();
                    auto const tos = static_cast<u8>(n);
                    six ? p.ipv6({.traffic_class = tos, .flow_label = 0xabcde}) : p.ipv4({.tos = tos});
                    return p.payload(ordered(0, 0, v >> 2, v & 3)).bytes();
                };
                return {made(from), made(v)};
            });
}

TEST_CASE("an IPv4 header's own checksum, all values of a field") {
    all_values(identification, 0xffff, [](u32 v) -> pair {
        auto const made = [&](u32 n) {
            return packet{}.ethernet().ipv4({.identification = static_cast<u16>(n)}).payload(ordered(v)).bytes();
        };
        return {made(0x1234), made(v)};
    });
}

TEST_CASE("MAC addresses and the innermost tag") {
    both run{frame};
    for (u32 tags = 0; tags <= 2; tags++)
        for (u32 v = 0; v < 0x10000; v += 0x101) {
            auto const made = [&](u16 tci, test::ethernet_fields const &f) {
                packet p;
                p.ethernet(f);
                if (tags == 2) p.vlan(0x7123, 0x88a8);
                if (tags > 0) p.vlan(tci);
                return p.ipv4().payload(ordered(v & 0xfff, 0, v >> 13, v >> 12 & 1)).bytes();
            };
            CHECK(run.run(made(0xf00f, {})).bytes ==
                  made(static_cast<u16>(v), {.dst = {2, 9, 8, 7, 6, 5}, .src = {2, 1, 2, 3, 4, 5}}));
        }
}

TEST_CASE("bytes of a payload at even and odd offsets, up to its end") {
    both run{bytes_of};
    for (bool const six : {false, true})
        for (bool const tcp : {false, true})
            for (u32 offset = 0; offset <= 16; offset++) {
                auto const made = [&](byte_string const &payload) {
                    packet p;
                    p.ethernet();
                    six ? p.ipv6() : p.ipv4();
                    tcp ? p.tcp() : p.udp();
                    return p.payload(payload).padded(80).bytes();
                };
                auto const payload = ordered(0xfedc, 0, 0xa7, 0, offset);
                auto const a = run.run(made(payload));
                INFO("offset " << offset);
                if (offset + 4 > payload.size()) { // the padding is no payload
                    CHECK(a.why == reason::truncated);
                    auto const left =
                        offset + 2 > payload.size() ? payload : test::patched(payload, offset, {0xfe, 0xdc});
                    CHECK(a.bytes == made(left));
                    continue;
                }
                CHECK(a.bytes == made(test::patched(test::patched(payload, offset, {0xfe, 0xdc}), offset + 3, {0xa7})));
                CHECK(a.number(0) == (u32{payload[offset]} << 8 | payload[offset + 1]));
                if (offset != 1) CHECK(a.number(1) == payload[offset + 3]);
            }
    CHECK(run.run(packet{}.ethernet().ipv4().udp().payload(ordered(1, 0, 0, 0, 0x3fff))).why == reason::truncated);
    CHECK(run.run(packet{}.ethernet().ipv4().udp().payload(ordered(1, 0, 0, 0, 0xffff))).why == reason::truncated);
}

TEST_CASE("headers of one's own are under the checksum of what carries them") {
    all_values(own_header, 0xffff, [](u32 v) -> pair {
        auto const made = [&](u16 dst, u8 ttl, u32 other, u32 more) {
            return packet{}.ethernet().ipv4({.ttl = ttl}).udp({.dst = dst}).payload(ordered(v, other, v, more)).bytes();
        };
        return {made(53, 64, 0x8181, 0x77), made(static_cast<u16>(v), 7, v, v)};
    });
    for (u32 size = 0; size < 16; size++)
        for (u32 v = 0; v < 0x10000; v += 0x1235) {
            static both run{odd};
            auto const made = [&](u32 number, u32 other) {
                byte_string one{static_cast<u8>(size), static_cast<u8>(number >> 8), static_cast<u8>(number)};
                one.resize(3 + size, 0x5c);
                return packet{}.ethernet().ipv4().udp().payload(test::joined(one, ordered(v, other))).bytes();
            };
            CHECK(run.run(made(0x1357, 0x2468)).bytes == made(v, v));
        }
}

TEST_CASE("echoes: ICMP has no pseudo header, ICMPv6 has one") {
    all_values(echo, 0xffff, [](u32 v) -> pair {
        auto const made = [&](u32 identifier, u32 src) {
            return packet{}
                .ethernet()
                .ipv4({.src = src})
                .icmp({.type = 8, .rest = identifier << 16 | 0x4321})
                .payload(ordered(v))
                .bytes();
        };
        return {made(0x7777, 0x0a00'0001), made(v, 0xc000'0201)};
    });
    all_values(echo6, 0xffff, [](u32 v) -> pair {
        test::ipv6_fields const to, back{.dst = to.src};
        return {
            packet{}.ethernet().ipv6(to).icmpv6({.type = 128, .rest = 0x7777'4321}).payload(ordered(v)).bytes(),
            packet{}.ethernet().ipv6(back).icmpv6({.type = 129, .rest = v << 16 | 0x4321}).payload(ordered(v)).bytes()};
    });
}

TEST_CASE("a quoted packet and the error that quotes it") {
    both run{quoted};
    for (u32 options = 0; options <= 40; options += 4)
        for (bool const summed : {true, false}) {
            auto const made = [&](u32 src, u16 port) {
                auto inner = packet{}
                                 .ipv4({.src = src, .options = byte_string(options, 1)})
                                 .udp({.src = port, .checksum = summed ? test::automatic<u16>{} : 0})
                                 .payload("quoted!")
                                 .bytes();
                return packet{}.ethernet().ipv4().icmp({.type = 3, .code = 3}).payload(inner).bytes();
            };
            CHECK(run.run(made(0x0a00'0001, 1234)).bytes == made(0xc000'0201, 4321));
        }
}

TEST_CASE("fragments: the first one has the checksum of all, later ones have none") {
    auto const whole = [](u32 src, bool tcp) { // the datagram, without its IP header
        packet p;
        p.ipv4({.src = src});
        tcp ? p.tcp() : p.udp();
        auto const b = p.payload("a payload that comes in two pieces").bytes();
        return byte_string{b.begin() + 20, b.end()};
    };
    for (bool const tcp : {false, true}) {
        auto const first = [&](u32 src) {
            auto const all = whole(src, tcp);
            return packet{}
                .ethernet()
                .ipv4({.more_fragments = true, .protocol = tcp ? 6 : 17, .src = src})
                .payload(byte_string{all.begin(), all.begin() + 24})
                .bytes();
        };
        auto const later = [&](u32 src) {
            auto const all = whole(src, tcp);
            return packet{}
                .ethernet()
                .ipv4({.fragment_offset = 3, .protocol = tcp ? 6 : 17, .src = src})
                .payload(byte_string{all.begin() + 24, all.end()})
                .bytes();
        };
        both run{fragments}, alone{header_only};
        CHECK(run.run(first(0x0a00'0001)).bytes == first(0xc000'0201));
        CHECK(run.run(later(0x0a00'0001)).bytes == later(0xc000'0201));
        CHECK(alone.run(later(0x0a00'0001)).bytes == later(0xc000'0201));
        CHECK(alone.run(first(0x0a00'0001)).verdict == xdp::pass);
    }
    both run{fragments};
    CHECK(run.run(packet{}.ethernet().ipv4().icmp()).why == reason::other_protocol);
}

TEST_CASE("several changes under conditions, and one update") {
    both run{in_parts};
    for (u32 octet = 0; octet < 8; octet++)
        for (bool const summed : {true, false})
            for (u32 v = 1; v < 0x10000; v += 0x1235) {
                auto const made = [&](u32 dst, u32 to, u32 from) {
                    return packet{}
                        .ethernet()
                        .ipv4({.dst = dst})
                        .udp({.src = static_cast<u16>(from),
                              .dst = static_cast<u16>(to),
                              .checksum = summed ? test::automatic<u16>{} : 0})
                        .payload(ordered(v, v ^ 0xffff, octet))
                        .bytes();
                };
                auto const a = run.run(made(0x0a00'0002, 53, 1234));
                CHECK(a.verdict == (octet & 4 ? xdp::drop : xdp::tx));
                CHECK(a.bytes ==
                      made(octet & 2 ? 0xc000'0202 : 0x0a00'0002, octet & 1 ? v : 53, octet & 4 ? 1234 : v ^ 0xffff));
            }
}

TEST_CASE("packets of another form are left alone") {
    for (auto *const program : {port, udp_port, tcp_fields, bytes_of, own_header, echo, quoted}) {
        both run{program};
        auto const in = packet{}.ethernet().arp().bytes();
        CHECK(run.run(in).bytes == in);
    }
    both run{own_header};
    auto const in = packet{}.ethernet().ipv4().udp().payload(ordered(7)).bytes();
    run.sweep(in, [&](std::size_t length, test::answer const &a) {
        return length < 50 ? a.bytes == byte_string(in.begin(), in.begin() + static_cast<std::ptrdiff_t>(length))
                           : a.verdict == xdp::tx;
    });
}
