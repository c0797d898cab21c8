// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "dispatch.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string, test::joined;

// A step travels in one register, and comes out as it went in.
constexpr step full{0x7e, farthest, step::most_left, 0xff'ffff};
constexpr auto arrived(u64 all) -> step { return step::unpacked(all).trimmed(); }
static_assert(arrived(full.packed()).index == 0x7e && arrived(full.packed()).size == farthest);
static_assert(arrived(full.packed()).left == step::most_left && arrived(full.packed()).key == 0xff'ffff);
constexpr step small{3, 20, 7, 0x1'0800};
static_assert(arrived(small.packed()).index == 3 && arrived(small.packed()).size == 20);
static_assert(arrived(small.packed()).left == 7 && arrived(small.packed()).key == 0x1'0800);
static_assert(arrived(step::end(reason::fragment)).index == step::none);
static_assert(arrived(step::end(reason::fragment)).size == static_cast<u32>(reason::fragment));

// Spaces are numbered in the order in which headers name them, and keys keep apart.
using codes = steps::code;
constexpr u32 ether = codes::of(net::ether_type{0x0800});
constexpr u32 ip = codes::of(net::ip_proto{4});
static_assert(ether == 0x1'0800 && ip == 0x2'0004);
static_assert(codes::of(be{net::ether_type{0x0800}}) == ether);
static_assert(codes::of(any_key<net::ether_type, net::ip_proto>{true, {}, net::ip_proto{4}}) == ip);
static_assert(codes::of(any_key<net::ether_type, net::ip_proto>{false, net::ether_type{0x0800}, {}}) == ether);
static_assert(codes::fits(net::ipv4::id, ether) && codes::fits(net::ipv4::id, ip));
static_assert(!codes::fits(net::ipv4::id, codes::of(net::ip_proto{41})));
static_assert(!codes::fits(net::tcp::id, codes::of(net::udp_port{6})) &&
              codes::fits(net::tcp::id, codes::of(net::ip_proto{6})));
static_assert(codes::fits(net::llc::id, codes::of(net::ether_type{1500})));
static_assert(!codes::fits(net::llc::id, codes::of(net::ether_type{1501})));
static_assert(codes::is_hinted(codes::of(net::udp_port{5})) && codes::is_hinted(codes::of(net::tcp_port{5})));
static_assert(!codes::is_hinted(ether) && !codes::is_hinted(ip));

namespace {
auto question(u32 key, u32 left, byte_string const &header) -> byte_string {
    byte_string b;
    for (auto const n : {key, left})
        for (u32 i = 0; i < 4; i++) b.push_back(static_cast<u8>(n >> (24 - 8 * i)));
    return joined(b, header);
}
template <class H>
constexpr u32 number = bpfxx::detail::index_of<H, net::ethernet, net::vlan, net::ipv4, net::ipv6, net::mpls, net::llc,
                                               net::gre, net::tcp, net::udp, net::icmp, net::vxlan, own>;
constexpr u32 plenty = step::most_left;

struct steps_of {
    both run{one};
    auto ends(u32 key, u32 left, byte_string const &header, reason why) -> bool {
        auto const a = run.run(question(key, left, header));
        return a.number(0) == step::none && a.number(1) == static_cast<u64>(why);
    }
    auto is(u32 key, u32 left, byte_string const &header, step const &s) -> bool {
        auto const a = run.run(question(key, left, header));
        return a.number(0) == s.index && a.number(1) == s.size && a.number(2) == s.left && a.number(3) == s.key;
    }
};
} // namespace

TEST_CASE("a key leads to its header, by any of its names, and by its number") {
    steps_of at;
    auto const header = packet{}.ipv4({.total_length = u16{30}}).payload(byte_string(10)).bytes();
    step const s{number<net::ipv4>, 20, 10, codes::of(net::ip_proto{253})};
    CHECK(at.is(ether, plenty, header, s));
    CHECK(at.is(ip, plenty, header, s));
    CHECK(at.is(number<net::ipv4>, plenty, header, s));
    CHECK(at.ends(codes::of(net::ether_type{0x0801}), plenty, header, reason::other_protocol));
    CHECK(at.ends(codes::of(net::ip_proto{5}), plenty, header, reason::other_protocol));
    CHECK(at.ends(number<own> + 1, plenty, header, reason::other_protocol));
    CHECK(at.ends(codes::of(net::udp_port{4}), plenty, header, reason::none)); // a port need not lead anywhere
}

TEST_CASE("what is left becomes less, and a length field only ever makes it less") {
    steps_of at;
    auto const of = [](u16 total) { return packet{}.ipv4({.total_length = total}).payload(byte_string(30)).bytes(); };
    auto const end = codes::of(net::ip_proto{253});
    CHECK(at.is(ether, plenty, of(50), {number<net::ipv4>, 20, 30, end}));
    CHECK(at.is(ether, 50, of(50), {number<net::ipv4>, 20, 30, end}));
    CHECK(at.is(ether, 40, of(50), {number<net::ipv4>, 20, 20, end}));
    CHECK(at.is(ether, 50, of(40), {number<net::ipv4>, 20, 20, end}));
    CHECK(at.is(ether, plenty, of(0xffff), {number<net::ipv4>, 20, 0xffff - 20, end}));
    CHECK(at.is(ether, 20, of(50), {number<net::ipv4>, 20, 0, end}));
    CHECK(at.ends(ether, 19, of(50), reason::truncated));
    CHECK(at.ends(ether, plenty, of(19), reason::truncated));
    CHECK(at.ends(ether, 0, of(50), reason::truncated));
    auto const options = packet{}.ipv4({.options = byte_string(12, 1)}).payload(byte_string(8)).bytes();
    CHECK(at.is(ether, plenty, options, {number<net::ipv4>, 32, 8, end}));
    CHECK(at.ends(ether, 31, options, reason::truncated));
}

TEST_CASE("each length of each sort of header") {
    both run{one};
    struct row {
        u32 key;
        byte_string bytes;
        u32 size, index;
    };
    row const rows[] = {
        {0, packet{}.ethernet({.type = u16{0x0800}}), 14, number<net::ethernet>},
        {ether, packet{}.ipv4({.options = byte_string(8, 1)}), 28, number<net::ipv4>},
        {codes::of(net::ether_type{0x86dd}), packet{}.ipv6(), 40, number<net::ipv6>},
        {codes::of(net::ip_proto{6}), packet{}.tcp({.options = byte_string(4, 1)}), 24, number<net::tcp>},
        {codes::of(net::ip_proto{17}), packet{}.udp(), 8, number<net::udp>},
        {codes::of(net::ip_proto{47}), {0xb0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 16, number<net::gre>},
        {codes::of(net::udp_port{99}), {5, 4, 0, 0, 0}, 5, number<own>},
    };
    for (auto const &row : rows)
        for (std::size_t length = 0; length <= row.bytes.size(); length++) {
            byte_string const cut{row.bytes.begin(), row.bytes.begin() + static_cast<std::ptrdiff_t>(length)};
            auto const a = run.run(question(row.key, plenty, cut));
            if (length >= row.size ? a.number(0) != row.index || a.number(1) != row.size
                                   : a.number(0) != step::none || a.number(1) != static_cast<u64>(reason::truncated))
                FAIL("header " << row.index << ", " << length << " bytes: " << a);
        }
    SUCCEED();
}

TEST_CASE("headers that cannot be, and those behind which nothing starts") {
    steps_of at;
    CHECK(at.ends(ether, plenty, packet{}.ipv4({.ihl = 4}), reason::malformed));
    CHECK(at.ends(codes::of(net::ip_proto{6}), plenty, packet{}.tcp({.data_offset = u8{4}}), reason::malformed));
    CHECK(at.ends(codes::of(net::udp_port{99}), plenty, {1, 4, 0}, reason::malformed)); // less than the struct
    auto const fragment = packet{}.ipv4({.fragment_offset = 1}).bytes();
    CHECK(at.is(ether, plenty, fragment, {number<net::ipv4>, 20, 0, bpfxx::detail::stop_for(reason::fragment)}));
    auto const tcp = packet{}.tcp().bytes();
    CHECK(at.is(codes::of(net::ip_proto{6}), plenty, tcp,
                {number<net::tcp>, 20, plenty - 20, codes::of(net::tcp_port{80})}));
    CHECK(at.is(codes::of(net::ip_proto{1}), plenty, packet{}.icmp(),
                {number<net::icmp>, 8, plenty - 8, codes::of(net::quoted_ip{})}));
}

TEST_CASE("a header whose successor is told by the bytes behind it") {
    steps_of at;
    auto const mpls = codes::of(net::ether_type{0x8847});
    CHECK(at.is(mpls, 9, {0, 0, 0x10, 64, 0x45}, {number<net::mpls>, 4, 5, mpls}));
    CHECK(at.is(mpls, 9, {0, 0, 0x11, 64, 0x45}, {number<net::mpls>, 4, 5, ether}));
    CHECK(at.is(mpls, 9, {0, 0, 0x11, 64, 0x60}, {number<net::mpls>, 4, 5, codes::of(net::ether_type{0x86dd})}));
    CHECK(at.is(mpls, 9, {0, 0, 0x11, 64, 0x50}, {number<net::mpls>, 4, 5, codes::of(net::no_ether_type)}));
    CHECK(at.is(mpls, 9, {0, 0, 0x11, 64}, {number<net::mpls>, 4, 5, bpfxx::detail::stop_for(reason::truncated)}));
}
