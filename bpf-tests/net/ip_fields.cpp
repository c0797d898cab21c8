// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// That checksums follow: kernel/tc_rewrite.cpp.
#include <bpfxx/net/ip_fields.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <cstring>
#include <support/catch.hpp>

using namespace bpfxx;

template <class Word, class Header>
concept is_word_for = requires {
    typename Word::template in<Header>;
};
struct neither {};
static_assert(is_word_for<net::hops, net::ipv4> && is_word_for<net::hops, net::ipv6> &&
              !is_word_for<net::hops, neither>);
static_assert(is_word_for<net::dscp, net::ipv4> && is_word_for<net::dscp, net::ipv6>);
static_assert(is_word_for<net::ecn, net::ipv4> && is_word_for<net::ecn, net::ipv6>);
namespace {
template <class Word, class Header> auto read(Header const &h) -> u32 {
    using field = typename Word::template in<Header>;
    return static_cast<u32>(field::value(h.*field::member));
}
template <class Word, class Header> auto write(Header &h, u8 value) -> void {
    using field = typename Word::template in<Header>;
    h.*field::member = field::made(h.*field::member, value);
}
template <class Header> auto check(Header h) -> void {
    CHECK(read<net::hops>(h) == 64);
    CHECK(read<net::dscp>(h) == 46);
    CHECK(read<net::ecn>(h) == 1);
    auto const before = h;
    write<net::hops>(h, 63);
    write<net::dscp>(h, 12);
    write<net::ecn>(h, 2);
    CHECK(read<net::hops>(h) == 63);
    CHECK(read<net::dscp>(h) == 12);
    CHECK(read<net::ecn>(h) == 2);
    write<net::hops>(h, 64);
    write<net::dscp>(h, 46);
    write<net::ecn>(h, 1);
    CHECK(std::memcmp(&h, &before, sizeof h) == 0); // and nothing else has changed
}
} // namespace

TEST_CASE("one word, for the field that each IP has") {
    check(net::ipv4{.version_ihl = 0x45, .tos = 0xb9, .ttl = 64});
    check(net::ipv6{.version_class_flow = be32{0x6b9a'bcde}, .hop_limit = 64});
}
