// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "memory.bpf.cpp"
#include <cstring>
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::text;

namespace {
/// Every offset of a word of this type in a block that ends where its allocation ends.
template <class T> auto round_trips() -> void {
    for (std::size_t offset = 0; offset <= 16; offset++) {
        std::vector<u8> block(offset + sizeof(T), 0xee);
        auto const value = static_cast<T>(0x0123'4567'89ab'cdefull);
        store<T>(block.data() + offset, value);
        T copy;
        std::memcpy(&copy, block.data() + offset, sizeof copy);
        CHECK(copy == value);
        CHECK(load<T>(block.data() + offset) == value);
        for (std::size_t i = 0; i < offset; i++) CHECK(block[i] == 0xee);
    }
}
} // namespace

TEST_CASE("one word, whatever the address") {
    round_trips<u8>();
    round_trips<u16>();
    round_trips<u32>();
    round_trips<u64>();
    round_trips<i32>();
}

TEST_CASE("loads and stores in a packet") {
    both read{loads}, write{stores};
    std::vector<u8> bytes(40);
    for (std::size_t i = 0; i < bytes.size(); i++) bytes[i] = static_cast<u8>(0xf0 - i * 3);
    auto const number = [&](std::size_t at, std::size_t size) {
        u64 v = 0;
        for (std::size_t i = 0; i < size; i++) v = v << 8 | bytes[at + i];
        return v;
    };
    auto const a = read.run(bytes);
    CHECK(a.number(0) == number(1, 1));
    CHECK(a.number(1) == number(1, 2));
    CHECK(a.number(2) == number(1, 4));
    CHECK(a.number(3) == number(1, 8));
    CHECK(a.number(4) == number(6, 2));
    CHECK(a.number(5) == number(10, 4));
    CHECK(a.number(6) == number(12, 8));
    CHECK(a.number(7) == number(32, 8));
    CHECK(a.bytes == bytes);

    auto expected = bytes;
    for (u8 i = 0; i < 15; i++) expected[i] = static_cast<u8>(i + 1);
    for (u8 i = 0; i < 8; i++) expected[32u + i] = static_cast<u8>(0x11 + i);
    CHECK(write.run(bytes).bytes == expected);
}

TEST_CASE("what a helper has filled in is read wherever its words lie") {
    both run{copies};
    std::vector<u8> bytes(64);
    for (std::size_t i = 0; i < bytes.size(); i++) bytes[i] = static_cast<u8>(0xf0 - i);
    auto const a = run.run(bytes);
    CHECK(a.verdict == tc::ok);
    CHECK(a.number(0) == 0xe2);
    CHECK(a.number(1) == 0xe1e0dfde);
    CHECK(a.number(2) == 0xdddc);
    CHECK(a.number(3) == 0xdbdad9d8d7d6d5d4);
    CHECK(a.number(4) == 0xd1);
}

TEST_CASE("texts of every length, each byte wrong once") {
    both run{compares};
    auto const alphabet = text("abcdefghijklmnopqrstuvwxyz0123456789....");
    u64 const lengths = 0x8003'93ff; // those that the program compares
    CHECK(run.run(alphabet).number(0) == lengths);
    CHECK(run.run(text("xabcdefgh...............................")).number(1) == 1);
    CHECK(run.run(text("xyzabc..................................")).number(2) == 1);
    for (std::size_t wrong = 0; wrong < 32; wrong++) {
        auto changed = alphabet;
        changed[wrong] ^= 0x80;
        auto const shorter = (u64{2} << wrong) - 1;
        CHECK(run.run(changed).number(0) == (lengths & shorter));
    }
}
