// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Addresses as text, compared with what the C library makes of them.
#include <arpa/inet.h>
#include <bpfxx/net/address_text.hpp>
#include <cstring>
#include <optional>
#include <random>
#include <sstream>
#include <string>
#include <string_view>
#include <support/catch.hpp>
#include <vector>

using namespace bpfxx;
using net::ip_address, net::mac_address, net::to_text;

static_assert(net::parse_ipv4("10.0.0.1").value_or({}) == be32{0x0a00'0001});
static_assert(net::parse_ipv6("::ffff:10.0.0.1").value_or({}) == ip_address{be32{0x0a00'0001}});
static_assert(net::parse_ip("10.0.0.1").value_or({}) == ip_address{be32{0x0a00'0001}});
static_assert(!net::parse_ipv4("10.0.0.256") && !net::parse_ipv6("10.0.0.1") && !net::parse_ip(""));
static_assert(net::parse_mac("02:00:00:00:00:fF").value_or({}) == mac_address{{2, 0, 0, 0, 0, 255}});
static_assert(to_text(mac_address{{2, 0, 0, 0, 0xab, 255}}).size() == 17);

namespace {
/// The C library's answer: the bytes in wire order, if the text is an address.
auto by_libc(int family, std::string const &text) -> std::optional<std::vector<u8>> {
    std::vector<u8> raw(family == AF_INET ? 4 : 16);
    if (inet_pton(family, text.c_str(), raw.data()) != 1) return {};
    return raw;
}
template <class Address> auto bytes_of(result<Address> const &r) -> std::optional<std::vector<u8>> {
    std::optional<std::vector<u8>> found;
    r.then([&](Address const &a) { found.emplace(a.raw, a.raw + sizeof a.raw); });
    return found;
}
auto check(std::string const &text) -> void {
    INFO("text " << text);
    CHECK(bytes_of(net::parse_ipv4(text)) == by_libc(AF_INET, text));
    CHECK(bytes_of(net::parse_ipv6(text)) == by_libc(AF_INET6, text));
    CHECK(static_cast<bool>(net::parse_ip(text)) ==
          (by_libc(AF_INET, text).has_value() || by_libc(AF_INET6, text).has_value()));
}
auto shown(auto const &value) -> std::string { return std::string{to_text(value)}; }
auto ip(std::string_view text) -> ip_address {
    auto const a = net::parse_ip(text);
    REQUIRE(a);
    return a.value_or({});
}
} // namespace

TEST_CASE("IPv4 addresses") {
    for (auto const *const text :
         {"0.0.0.0",  "255.255.255.255", "10.0.0.1",   "1.2.3.4",   "1.2.3",    "1.2.3.4.5", "1.2.3.",
          ".1.2.3",   "1..2.3",          "1.2.3.256",  "1.2.3.04",  "1.2.3.00", "01.2.3.4",  "1.2.3.4 ",
          " 1.2.3.4", "1.2.3.-4",        "1.2.3.1000", "0x1.2.3.4", "1.2.3.a",  ""})
        check(text);
}

TEST_CASE("IPv6 addresses") {
    for (auto const *const text : {"::",
                                   "::1",
                                   "1::",
                                   "1::2",
                                   "2001:db8::1",
                                   "2001:DB8::A",
                                   "1:2:3:4:5:6:7:8",
                                   "1:2:3:4:5:6:7::",
                                   "::2:3:4:5:6:7:8",
                                   "1:2:3:4:5:6:7",
                                   "1:2:3:4:5:6:7:8:9",
                                   "1:2:3:4:5:6:7:8::",
                                   "::1:2:3:4:5:6:7:8",
                                   "1::2::3",
                                   ":::",
                                   "1:::2",
                                   ":1",
                                   "1:",
                                   "1:2:3:4:5:6:7:",
                                   ":1:2:3:4:5:6:7:8",
                                   "12345::",
                                   "g::",
                                   "::1.2.3.4",
                                   "::ffff:1.2.3.4",
                                   "1:2:3:4:5:6:1.2.3.4",
                                   "1:2:3:4:5:6:7:1.2.3.4",
                                   "1:2:3:4:5:1.2.3.4",
                                   "1::1.2.3",
                                   "1.2.3.4::",
                                   "::1.2.3.4:5",
                                   "fe80::1%eth0",
                                   "[::1]",
                                   "::01",
                                   "::0001",
                                   "::00001",
                                   "1:2:3:4::5:6:7:8",
                                   "1:2:3:4::6:7:8",
                                   "0:0:0:0:0:0:0:0",
                                   "::1 "})
        check(text);
}

TEST_CASE("random texts, and addresses with one character changed") {
    std::mt19937 random{1};
    auto const below = [&](std::size_t n) { return static_cast<std::size_t>(random()) % n; };
    std::string_view const characters = "0123456789abcdefAF::::....g ";
    for (u32 round = 0; round < 20000; round++) {
        std::string text;
        for (std::size_t n = below(24); n > 0; n--) text += characters[below(characters.size())];
        check(text);
    }
    for (auto const *const whole :
         {"10.20.30.40", "2001:db8::8:800:200c:417a", "::ffff:192.0.2.128", "1:2:3:4:5:6:7:8"})
        for (u32 round = 0; round < 3000; round++) {
            std::string text = whole;
            for (std::size_t n = below(3) + 1; n > 0 && !text.empty(); n--) {
                auto const at = below(text.size());
                if (below(3) == 0)
                    text.erase(at, 1);
                else if (below(2) == 0)
                    text.insert(at, 1, characters[below(characters.size())]);
                else
                    text[at] = characters[below(characters.size())];
            }
            check(text);
        }
}

TEST_CASE("printed as in RFC 5952") {
    std::pair<char const *, char const *> const examples[] = {
        {"2001:0db8::0001", "2001:db8::1"}, // section 4.1
        {"2001:db8:0:0:0:0:2:1", "2001:db8::2:1"},
        {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"}, // one group is not shortened
        {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},          // the longest run
        {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},    // of two, the first
        {"2001:DB8::ABCD", "2001:db8::abcd"},             // lower case
        {"::", "::"},
        {"::1", "::1"},
        {"1::", "1::"},
        {"0:0:1::", "0:0:1::"},
        {"1:0:0:2::", "1:0:0:2::"},
        {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
        {"::ffff:10.0.0.1", "10.0.0.1"}, // an IPv4 address is written as one
        {"10.20.30.40", "10.20.30.40"},
    };
    for (auto const &[from, to] : examples) CHECK(shown(ip(from)) == to);
}

TEST_CASE("printed as the C library does, and read again") {
    std::mt19937 random{1};
    for (u32 round = 0; round < 20000; round++) {
        ip_address a;
        for (u32 i = 0; i < 8; i++)
            if (random() % 2 == 0) {
                a.raw[2 * i] = static_cast<u8>(random() % 2 == 0 ? 0 : random());
                a.raw[2 * i + 1] = static_cast<u8>(random() % 2 == 0 ? 1 : random());
            }
        char expected[INET6_ADDRSTRLEN];
        inet_ntop(AF_INET6, a.raw, expected, sizeof expected);
        auto const is = shown(a);
        CHECK(ip(is) == a);
        if (std::strchr(expected, '.') == nullptr) CHECK(is == expected); // it writes ::a.b.c.d, long deprecated
        be32 const four{static_cast<u32>(random())};
        inet_ntop(AF_INET, four.raw, expected, sizeof expected);
        CHECK(shown(ip_address{four}) == expected);
    }
}

TEST_CASE("MAC addresses") {
    auto const mac = [](std::string_view t) { return net::parse_mac(t); };
    CHECK(mac("02:00:5e:AB:cd:01").value_or({}) == mac_address{{2, 0, 0x5e, 0xab, 0xcd, 1}});
    CHECK(mac("02-00-5e-ab-cd-01").value_or({}) == mac_address{{2, 0, 0x5e, 0xab, 0xcd, 1}});
    for (auto const *const wrong : {"", "02", "02:00:5e:ab:cd", "02:00:5e:ab:cd:01:02", "02:00:5e:ab:cd:0",
                                    "2:0:5e:ab:cd:01", "02:00:5e:ab:cd:1g", "02:00-5e:ab:cd:01", "02-00:5e-ab-cd-01",
                                    "02005eabcd01", "002:00:5e:ab:cd:1", "02:00:5e:ab:cd:01 ", "02.00.5e.ab.cd.01"})
        CHECK(mac(wrong).why() == reason::malformed);
    CHECK(shown(mac_address{{0, 1, 0x0a, 0xab, 0x10, 255}}) == "00:01:0a:ab:10:ff");
}

TEST_CASE("prefixes") {
    for (auto const *const text : {"10.0.0.0/8", "0.0.0.0/0", "10.1.2.3/32", "192.0.2.128/25"}) {
        auto const p = net::parse_ipv4_prefix(text);
        REQUIRE(p);
        CHECK(shown(p.value_or({})) == text);
        CHECK(!net::parse_ipv6_prefix(text));
    }
    for (auto const *const text : {"2001:db8::/32", "::/0", "::1/128", "fe80::/10", "::ffff:0:0/96"}) {
        auto const p = net::parse_ipv6_prefix(text);
        REQUIRE(p);
        CHECK(shown(p.value_or({})) == text);
        CHECK(!net::parse_ipv4_prefix(text));
    }
    for (auto const *const wrong : {"10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/08", "10.0.0.0/8 ", "10.0.0.1/31",
                                    "10.0.0.0/-1", "10.0.0.0/1000", "10/8", "0.0.0.1/0"})
        CHECK(net::parse_ipv4_prefix(wrong).why() == reason::malformed);
    for (auto const *const wrong :
         {"::", "::/", "::/129", "::1/127", "fe80::/9a", "::/1280", "1::/0", ":/8", "ffe0::/10"})
        CHECK(net::parse_ipv6_prefix(wrong).why() == reason::malformed);
    CHECK(net::parse_ipv4_prefix("10.0.0.0/8").value_or({}).length == 8);
}

TEST_CASE("the longest texts, and streams") {
    auto const longest = net::parse_ipv6_prefix("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128").value_or({});
    CHECK(shown(longest) == "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128");
    auto const t = to_text(longest);
    CHECK(std::strlen(t.c_str()) == t.size());
    std::ostringstream out;
    out << to_text(ip("::1")) << ' ' << to_text(mac_address{{2, 0, 0, 0, 0, 1}});
    CHECK(out.str() == "::1 02:00:00:00:00:01");
    CHECK(static_cast<std::string_view>(to_text(ip("::1"))).size() == 3);
}
