// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/core/endian.hpp>
#include <bpfxx/core/padding.hpp>
#include <bpfxx/net/ip_prefix.hpp>
#include <bpfxx/net/keys.hpp>
#include <bpfxx/net/mac_address.hpp>
#include <support/catch.hpp>

using namespace bpfxx;

namespace {
template <class T> constexpr bool padded = detail::padding<T>::is_there;

enum class kind : u8 {};
struct between_and_behind {
    be16 port;
    u32 tenant;
    u8 kind;
};
struct between {
    u8 a;
    u32 b;
};
struct behind {
    u32 a;
    be16 b;
};
struct between_and_behind_of_numbers {
    u16 a;
    u32 b;
    u8 c;
};
struct numbers_behind {
    u64 a;
    u8 b;
};
struct filled {
    be16 port;
    u16 unused;
    u32 tenant;
};
struct arrays {
    be16 ports[3];
    u16 unused;
    u32 tenants[2][2];
    filled more[2];
};
struct padded_inside {
    behind inner;
    u32 tenant;
};
struct padded_element {
    between_and_behind inner[2];
    be32 tenant;
};
struct addresses {
    u32 tenant;
    net::ip_address from, to;
    net::ip_proto protocol;
    u8 unused[3];
};
struct addresses_and_hole {
    net::ip_address from, to;
    net::ip_proto protocol;
    u32 tenant;
};
struct station {
    net::mac_address mac;
    u16 vlan;
};
struct station_and_hole {
    net::mac_address mac;
    u32 vlan;
};
struct network {
    net::ipv6_prefix prefix;
    u8 unused[2];
    bool strict;
    u32 tenant;
};
struct flags {
    kind a;
    bool b;
    be16 c;
    u32 d;
};
struct nameless_union {
    be16 a;
    u16 b;
    union {
        u32 c;
        u8 d[4];
    };
};
struct nameless_union_and_hole {
    be16 a;
    union {
        u32 c;
        u8 d[4];
    };
};
struct bit_fields {
    u32 a : 4, b : 28;
};
struct number {
    float a;
    u32 b;
};
struct name_of_process {
    char name[16];
    be32 address;
    u32 id;
};
struct large {
    u8 name[100];
    u32 id;
};
struct large_and_hole {
    u8 name[101];
    u32 id;
};
struct only_wire {
    u8 a;
    be32 b;
    be64 c;
    u8 d;
};
struct alignas(8) spread {
    be32 a;
};
} // namespace

TEST_CASE("bytes that belong to no member are found, wherever they are") {
    STATIC_REQUIRE(padded<between_and_behind>);
    STATIC_REQUIRE(padded<between>);
    STATIC_REQUIRE(padded<behind>);
    STATIC_REQUIRE(padded<padded_inside>);
    STATIC_REQUIRE(padded<padded_element>);
    STATIC_REQUIRE(padded<addresses_and_hole>);
    STATIC_REQUIRE(padded<station_and_hole>);
    STATIC_REQUIRE(padded<nameless_union_and_hole>);
    STATIC_REQUIRE(padded<large_and_hole>);
    STATIC_REQUIRE(padded<spread>);
}

TEST_CASE("a struct that is all members has none") {
    STATIC_REQUIRE_FALSE(padded<filled>);
    STATIC_REQUIRE_FALSE(padded<arrays>);
    STATIC_REQUIRE_FALSE(padded<addresses>);
    STATIC_REQUIRE_FALSE(padded<station>);
    STATIC_REQUIRE_FALSE(padded<network>);
    STATIC_REQUIRE_FALSE(padded<flags>);
    STATIC_REQUIRE_FALSE(padded<nameless_union>);
    STATIC_REQUIRE_FALSE(padded<bit_fields>);
    STATIC_REQUIRE_FALSE(padded<number>);
    STATIC_REQUIRE_FALSE(padded<name_of_process>);
    STATIC_REQUIRE_FALSE(padded<large>);
    STATIC_REQUIRE_FALSE(padded<only_wire>);
    STATIC_REQUIRE_FALSE(padded<u32>);
    STATIC_REQUIRE_FALSE(padded<be16>);
    STATIC_REQUIRE_FALSE(padded<void>);
}

TEST_CASE("padding is cleared, and nothing else") {
    auto const cleared = []<class T>(T const & /*of*/) {
        alignas(8) u8 bytes[sizeof(T)];
        for (auto &byte : bytes) byte = 1;
        detail::clear_padding<T>(bytes);
        u64 told = 0;
        for (u32 i = 0; i < sizeof(T); i++) told |= u64{bytes[i]} << i;
        return told; // a bit for each byte that stayed
    };
    CHECK(cleared(between_and_behind_of_numbers{}) == 0b0001'1111'0011);
    CHECK(cleared(between{}) == 0b1111'0001);
    CHECK(cleared(numbers_behind{}) == 0b0000'0001'1111'1111);
    CHECK(cleared(filled{}) == 0xff); // not copied byte by byte, and of members all the same
}
