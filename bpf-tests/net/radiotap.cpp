// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "radiotap.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string;

static_assert(header<net::radiotap> && sizeof(net::radiotap) == 8);
static_assert(__builtin_offsetof(net::radiotap, length) == 2 && __builtin_offsetof(net::radiotap, present) == 4);
constexpr net::radiotap sample{0, 0, le16{0x123}, le32{7}};
static_assert(sample.valid() && sample.size() == 0x123 && sample.next() == net::link_type{105});
static_assert(net::radiotap{0, 0, le16{0xfff}, {}}.valid() && net::radiotap{0, 0, le16{0xfff}, {}}.size() == 0xfff);
static_assert(!net::radiotap{1, 0, le16{8}, {}}.valid() && !net::radiotap{0, 0, le16{0x1000}, {}}.valid());

/// Says to have `length` bytes and has `size`.
static auto radiotap(u32 length, std::size_t size, u8 version = 0) -> byte_string {
    byte_string b{version, 0, static_cast<u8>(length), static_cast<u8>(length >> 8), 0x2e, 0x40, 0, 0xa0};
    b.resize(size, 0x5a);
    return b;
}
static auto radiotap(u32 length) -> byte_string { return radiotap(length, length); }
static byte_string const data{8, 0, 0, 0, 2, 0, 0,    0,    0,    1,    2, 0, 0, 0, 0, 2,
                              2, 0, 0, 0, 0, 3, 0x30, 0x12, 0xaa, 0xaa, 3, 0, 0, 0, 8, 6};

TEST_CASE("fields, and lengths from 8 on, odd ones too") {
    both see{monitor};
    for (u32 const length : {8, 9, 13, 18, 36, 255, 256, 1500, 3000}) {
        auto const a = see.run(packet{}.other(radiotap(length)).payload("inside"));
        CHECK(a.why == reason::none);
        u64 const expected[] = {length, 0xa000402e, length - 8, length > 8 ? 0x5au : 0, 6};
        for (u32 i = 0; i < 5; i++) CHECK(a.number(i) == expected[i]);
    }
}

TEST_CASE("cut off at every length") {
    both see{monitor}, arp{frame}, frames{exact};
    for (u32 const length : {8, 13, 36}) {
        see.sweep(packet{}.other(radiotap(length)).payload("abc"), length);
        frames.sweep(packet{}.other(radiotap(length)).payload(data), length + 24);
        arp.sweep(packet{}.other(radiotap(length)).payload(data).arp().payload("abc"), length + 60);
    }
}

TEST_CASE("other versions, lengths below 8 and above 4095 are malformed") {
    both see{monitor};
    for (u8 const version : {1, 2, 128, 255})
        CHECK(see.run(packet{}.other(radiotap(8, 8, version)).payload("inside")).why == reason::malformed);
    for (u32 length = 0; length < 8; length++)
        CHECK(see.run(packet{}.other(radiotap(length, 8)).payload("inside")).why == reason::malformed);
    for (u32 const length : {0x1000, 0x1008, 0x8000, 0xffff})
        CHECK(see.run(packet{}.other(radiotap(length, 3000))).why == reason::malformed);
    CHECK(see.run(packet{}.other(radiotap(0xfff, 3000))).why == reason::truncated);
}

TEST_CASE("what it leads to") {
    both arp{frame};
    auto const a = arp.run(packet{}.other(radiotap(36)).payload(data).arp().payload("abc"));
    CHECK(a.why == reason::none);
    u64 const expected[] = {36, 0x123, 1, 3};
    for (u32 i = 0; i < 4; i++) CHECK(a.number(i) == expected[i]);
    CHECK(arp.run(packet{}.other(radiotap(36)).payload(data).ipv4().payload(byte_string(20))).why != reason::none);
}
