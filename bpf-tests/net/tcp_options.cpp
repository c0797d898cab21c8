// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "tcp_options.bpf.cpp"
#include <random>
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::answer, test::byte_string, test::joined;

static_assert(!net::tcp_options{}.has_mss && !net::tcp_options{}.has_window_scale);
static_assert(!net::tcp_options{}.sack_permitted && !net::tcp_options{}.has_timestamps);
static_assert(net::tcp_options{}.sack_blocks == 0);

namespace {
/// What is to be found, walked in the plainest way.
struct expected {
    reason why = reason::none;
    u64 there = 0, mss = 0, window_scale = 0, blocks = 0, sack_at = 0, timestamp = 0, echo = 0;
};
auto walk(byte_string const &o, u32 most) -> expected {
    expected e;
    auto const number = [&](std::size_t at, u32 bytes) {
        u64 n = 0;
        for (u32 i = 0; i < bytes; i++) n = n << 8 | o[at + i];
        return n;
    };
    u32 count = 0;
    for (std::size_t at = 0; at < o.size();) {
        if (count++ == most) return {.why = reason::too_deep};
        if (o[at] == 0) break;
        if (o[at] == 1) {
            at++;
            continue;
        }
        if (at + 1 == o.size() || o[at + 1] < 2 || at + o[at + 1] > o.size()) return {.why = reason::malformed};
        u32 const length = o[at + 1];
        if (o[at] == 2 && length == 4) e.there |= 1, e.mss = number(at + 2, 2);
        if (o[at] == 3 && length == 3) e.there |= 2, e.window_scale = number(at + 2, 1);
        if (o[at] == 4 && length == 2) e.there |= 4;
        if (o[at] == 5) e.blocks = (length - 2) / 8, e.sack_at = at + 2;
        if (o[at] == 8 && length == 10) e.there |= 8, e.timestamp = number(at + 2, 4), e.echo = number(at + 6, 4);
        at += length;
    }
    return e;
}
struct readers {
    both v4{all_options}, v6{most_options}, four{four_options};

    auto check(byte_string const &options) -> void {
        INFO("options " << test::hex(options));
        auto const compare = [&](answer const &a, expected const &e) {
            CHECK(a.why == e.why);
            if (e.why != reason::none) return;
            u64 const all[] = {e.there, e.mss, e.window_scale, e.blocks, e.sack_at, e.timestamp, e.echo};
            for (u32 i = 0; i < 7; i++) CHECK(a.number(i) == all[i]);
        };
        auto filled = options;
        filled.resize((options.size() + 3) / 4 * 4);
        compare(v4.run(packet{}.ethernet().ipv4().tcp({.options = options}).payload("abc")), walk(filled, 40));
        compare(v6.run(packet{}.ethernet().ipv6().tcp({.options = options})), walk(filled, 20));
        CHECK(four.run(packet{}.ethernet().ipv4().tcp({.options = options})).why == walk(filled, 4).why);
    }
};
} // namespace

TEST_CASE("no options, and what a SYN of a usual system has") {
    readers all;
    all.check({});
    auto const a = all.v4.run(
        packet{}.ethernet().ipv4().tcp({.flags = 2, .options = {2,    4,    0x05, 0xb4, 4,    2,    8, 10, 0x01, 0x02,
                                                                0x03, 0x04, 0xf5, 0xf6, 0xf7, 0xf8, 1, 3,  3,    7}}));
    CHECK(a.why == reason::none);
    u64 const usual[] = {15, 1460, 7, 0, 0, 0x0102'0304, 0xf5f6'f7f8};
    for (u32 i = 0; i < 7; i++) CHECK(a.number(i) == usual[i]);
}

TEST_CASE("each option alone, at each place") {
    readers all;
    for (auto const &one : {byte_string{2, 4, 0x05, 0xb4}, byte_string{3, 3, 7}, byte_string{4, 2},
                            byte_string{8, 10, 1, 2, 3, 4, 5, 6, 7, 8}, byte_string{5, 10, 1, 2, 3, 4, 5, 6, 7, 8},
                            joined({5, 34}, byte_string(32, 9)), byte_string{253, 6, 1, 2, 3, 4}})
        for (std::size_t before = 0; before + one.size() <= 40; before++)
            all.check(joined(byte_string(before, 1), one));
}

TEST_CASE("the end of the list hides what follows") {
    readers all;
    all.check({0, 2, 4, 5, 0xb4});
    all.check({2, 4, 5, 0xb4, 0, 3, 3, 7});
    all.check({1, 1, 1, 0, 8, 0});
}

TEST_CASE("of an option that stands there twice, the last one") {
    readers all;
    all.check({2, 4, 0, 1, 2, 4, 0, 2});
    all.check({3, 3, 1, 3, 3, 2, 5, 10, 1, 2, 3, 4, 5, 6, 7, 8, 5, 2});
}

TEST_CASE("every length of every kind") {
    readers all;
    for (u8 const kind : {2, 3, 4, 5, 8, 9, 255})
        for (u32 length = 0; length < 256; length++) {
            all.check(joined({kind, static_cast<u8>(length)}, byte_string(10, 1)));
            all.check(joined({1, 1, kind, static_cast<u8>(length)}, byte_string(36, 1)));
        }
    all.check({1, 1, 1, 2}); // a kind without a length
    all.check(joined(byte_string(39, 1), {8}));
}

TEST_CASE("more options than asked for are too deep") {
    readers all;
    for (std::size_t n = 0; n <= 40; n += 4) all.check(byte_string(n, 1));
    CHECK(all.four.run(packet{}.ethernet().ipv4().tcp({.options = {1, 1, 1, 1, 2, 4, 0, 9}})).why == reason::too_deep);
    CHECK(all.four.run(packet{}.ethernet().ipv4().tcp({.options = {1, 1, 1, 1}})).why == reason::none);
    CHECK(all.v6.run(packet{}.ethernet().ipv6().tcp({.options = byte_string(24, 1)})).why == reason::too_deep);
}

TEST_CASE("cut off at every length") {
    readers all;
    byte_string const usual = {2, 4, 0x05, 0xb4, 4, 2, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8, 1, 3, 3, 7};
    all.v4.sweep(packet{}.ethernet().ipv4().tcp({.options = usual}).payload("abc"), 74);
    all.v6.sweep(packet{}.ethernet().ipv6().tcp({.options = usual}).payload("abc"), 94);
}

TEST_CASE("the payload is no option") {
    readers all;
    // A data offset of five: what looks like options is payload.
    auto const in = packet{}.ethernet().ipv4().tcp({.data_offset = 5}).payload({2, 4, 5, 0xb4}).bytes();
    CHECK(all.v4.run(in).number(0) == 0);
    auto const odd = packet{}.ethernet().ipv4().tcp({.options = {1, 1, 2, 4}}).payload({5, 0xb4, 0, 0}).bytes();
    CHECK(all.v4.run(odd).why == reason::malformed);
}

TEST_CASE("the blocks of a SACK") {
    both block{first_block};
    auto const a = block.run(
        packet{}.ethernet().ipv4().tcp({.options = {1, 1, 5, 18, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 9, 9, 9, 9, 9}}));
    CHECK(a.why == reason::none);
    CHECK(a.number(0) == 2);
    CHECK(a.number(1) == 0x0102'0304);
    CHECK(a.number(2) == 0x0506'0708);
    CHECK(a.number(3) == 20);
    // A SACK without a block, at the end: what follows is no option.
    CHECK(block.run(packet{}.ethernet().ipv4().tcp({.options = {1, 1, 5, 2}}).payload("abcdefgh")).why ==
          reason::truncated);
}

TEST_CASE("random options") {
    readers all;
    std::mt19937 random{1};
    auto const below = [&](u32 n) { return static_cast<u32>(random() % n); };
    for (u32 round = 0; round < 1500; round++) {
        byte_string options;
        while (options.size() < 40 && below(8) != 0) {
            u32 const kind = below(4) == 0 ? below(256) : below(10);
            u32 const usual[] = {1, 1, 4, 3, 2, 2 + 8 * below(5), 6, 6, 10, 3};
            u32 const length = below(6) == 0 || kind >= 10 ? below(12) : usual[kind];
            options.push_back(static_cast<u8>(kind));
            if (kind < 2) continue;
            options.push_back(static_cast<u8>(length));
            for (u32 i = 2; i < length; i++) options.push_back(static_cast<u8>(random()));
        }
        if (options.size() > 40) options.resize(40);
        all.check(options);
    }
}
