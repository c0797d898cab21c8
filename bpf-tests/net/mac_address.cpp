// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "mac_address.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using net::mac_address;
using test::both, test::packet, test::patched, test::byte_string;

static_assert(sizeof(mac_address) == 6 && alignof(mac_address) == 1);
constexpr mac_address station_1{{2, 0, 0, 0, 0, 1}}, everybody{{255, 255, 255, 255, 255, 255}};
static_assert(station_1 == mac_address{{2, 0, 0, 0, 0, 1}} && station_1 != everybody);
static_assert(everybody.is_group() && !station_1.is_group() && mac_address{{1, 0, 0x5e, 0, 0, 1}}.is_group());

TEST_CASE("each byte of an address counts") {
    both where{station};
    auto const same = packet{}.ethernet({.src = {2, 0, 0, 0, 0, 2}}).bytes();
    CHECK(where.run(same).number(0) == 1);
    for (u32 i = 0; i < 6; i++) {
        auto other = same;
        other[i] ^= 0x80;
        CHECK(where.run(other).number(0) == 0);
        CHECK(mac_address{{1, 2, 3, 4, 5, 6}} != mac_address{{1, 2, 3, 4, 5, static_cast<u8>(7 + i)}});
    }
}

TEST_CASE("the group bit is the lowest of the first byte") {
    both where{station};
    for (u32 first = 0; first < 256; first++) {
        auto const a = where.run(packet{}.ethernet({.dst = {static_cast<u8>(first), 1, 1, 1, 1, 1}}));
        CHECK(a.number(1) == first % 2);
        CHECK(a.number(2) == 0);
    }
}

TEST_CASE("an address is a key of a map") {
    both where{visits};
    auto const first = packet{}.ethernet({.src = {2, 0, 0, 0, 0, 7}}).bytes();
    auto const second = packet{}.ethernet({.src = {2, 0, 0, 0, 0, 8}}).bytes();
    CHECK(where.step(first).number(0) == 1);
    CHECK(where.step(second).number(0) == 1);
    CHECK(where.step(first).number(0) == 2);
    CHECK(where.step(first).number(0) == 3);
    CHECK(where.step(second).number(0) == 2);
    auto const key = mac_address{{2, 0, 0, 0, 0, 7}};
    where.each_kernel_map("stations", [&](int fd) {
        u32 times = 0;
        REQUIRE(bpf_map_lookup_elem(fd, &key, &times) == 0);
        CHECK(times == 3);
    });
    u32 times = 0;
    std::memcpy(&times, where.native_map("stations").lookup(&key), sizeof times);
    CHECK(times == 3);
}

TEST_CASE("an address is written as a whole") {
    both answer{reflect};
    auto const in = packet{}.ethernet({.dst = {1, 2, 3, 4, 5, 6}, .src = {7, 8, 9, 10, 11, 12}}).payload("x").bytes();
    auto const a = answer.run(in);
    CHECK(a.verdict == xdp::tx);
    CHECK(a.bytes == patched(in, 0, {7, 8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6}));
    answer.sweep(in, [](std::size_t length, test::answer const &is) {
        return length < 14 ? is.why == reason::truncated : is.verdict == xdp::tx;
    });
}
