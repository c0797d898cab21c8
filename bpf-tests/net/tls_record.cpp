// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "tls_record.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string;

static_assert(header<net::tls_record> && sizeof(net::tls_record) == 5);
static_assert(__builtin_offsetof(net::tls_record, version) == 1 && __builtin_offsetof(net::tls_record, length) == 3);
static_assert(matches(net::tls_record::id, net::tcp_port{443}) && matches(net::tls_record::id, net::tcp_port{25}));
static_assert(is_same<next_key<net::tls_record>, net::tls_content>);
constexpr auto of(u8 type, u16 version, u16 length) -> net::tls_record {
    return {net::tls_content{type}, be16{version}, be16{length}};
}
static_assert(of(22, 0x0301, 512).valid() && of(22, 0x0301, 512).covers() == 517);
static_assert(of(20, 0x0303, 1).valid() && of(24, 0x0300, 0).valid());
static_assert(!of(19, 0x0303, 1).valid() && !of(25, 0x0303, 1).valid() && !of(22, 0x0203, 1).valid());
static_assert(of(23, 0x0303, 18432).valid() && !of(23, 0x0303, 18433).valid());

static auto segment(u8 type, u16 version, u16 length) -> packet {
    return packet{}
        .ethernet()
        .ipv4()
        .tcp({.dst = 443, .options = byte_string(12, 1)})
        .payload({type, static_cast<u8>(version >> 8), static_cast<u8>(version), static_cast<u8>(length >> 8),
                  static_cast<u8>(length), 1, 2, 3, 4, 5, 6});
}

TEST_CASE("the fields of a record, which ends where it says or with the segment") {
    both what{record};
    for (u16 length = 0; length < 10; length++) {
        auto const a = what.run(segment(22, 0x0301, length));
        CHECK(a.why == reason::none);
        u64 const expected[] = {22, 0x0301, length, std::min<u64>(length, 6)};
        for (u32 i = 0; i < 4; i++) CHECK(a.number(i) == expected[i]);
    }
}

TEST_CASE("every type and version, and the longest record") {
    both what{record};
    for (u32 n = 0; n < 256; n++) {
        CHECK(what.run(segment(static_cast<u8>(n), 0x0303, 6)).why ==
              (n >= 20 && n <= 24 ? reason::none : reason::malformed));
        CHECK(what.run(segment(22, static_cast<u16>(n << 8 | 3), 6)).why ==
              (n == 3 ? reason::none : reason::malformed));
    }
    CHECK(what.run(segment(23, 0x0303, 18432)).why == reason::none);
    CHECK(what.run(segment(23, 0x0303, 18433)).why == reason::malformed);
}

TEST_CASE("cut off at every length") {
    both what{record};
    what.sweep(segment(22, 0x0301, 6), 71);
}
