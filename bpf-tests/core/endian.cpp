// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "endian.bpf.cpp"
#include <algorithm>
#include <random>
#include <support/both.hpp>

using test::both;

// What is known while compiling: order of bytes, value, comparison.
static_assert(be16{0x0102}.raw[0] == 1 && be16{0x0102}.raw[1] == 2);
static_assert(be32{0x0102'0304}.raw[0] == 1 && be32{0x0102'0304}.raw[3] == 4);
static_assert(be64{0x0102'0304'0506'0708}.raw[0] == 1 && be64{0x0102'0304'0506'0708}.raw[7] == 8);
static_assert(le16{0x0102}.raw[0] == 2 && le32{0x0102'0304}.raw[0] == 4 && le64{0x0102'0304'0506'0708}.raw[7] == 1);
static_assert(be16{0xfffe}.value() == 0xfffe && be32{0xfedc'ba98}.value() == 0xfedc'ba98 &&
              be64{0xfedc'ba98'7654'3210}.value() == 0xfedc'ba98'7654'3210);
static_assert(le16{0xfffe}.value() == 0xfffe && le32{0xfedc'ba98}.value() == 0xfedc'ba98 &&
              le64{0xfedc'ba98'7654'3210}.value() == 0xfedc'ba98'7654'3210);
static_assert(be<u8>{7}.value() == 7 && le<u8>{7}.value() == 7);
static_assert(be16{1} == be16{1} && be16{1} != be16{0x100} && le32{5} == le32{5} && le32{5} != le32{6});
static_assert(be{color{3}} == color{3} && be{color{3}} != color{0x300} && be{color{3}}.value() == color{3});
static_assert(be16{}.raw[0] == 0 && le64{}.value() == 0);
static_assert([] {
    be32 a{1};
    be32 const b{0xfedc'ba98};
    a = b;
    be32 const copy{a};
    return copy == b && copy.wire() == b.wire();
}());
static_assert([] {
    be16 a;
    a.put(be16{0x1234}.wire());
    return a.value() == 0x1234;
}());
static_assert(reversed(u8{0x12}) == 0x12 && reversed(u16{0x1234}) == 0x3412 && reversed(0x1234'5678u) == 0x7856'3412);
static_assert(reversed(u64{0x0123'4567'89ab'cdef}) == 0xefcd'ab89'6745'2301);
static_assert(network_order(little_order(u32{0x1234'5678})) == 0x7856'3412);
// What a header is made of: no padding, any address, usable as it lies in a packet.
static_assert(alignof(be16) == 1 && alignof(be32) == 1 && alignof(be64) == 1 && alignof(le64) == 1);
static_assert(sizeof(be16) == 2 && sizeof(be32) == 4 && sizeof(be64) == 8 && sizeof(be<color>) == 2);
static_assert(__is_standard_layout(be64) && __is_standard_layout(le64));

namespace {
/// Constant and run-time computation agree, at every alignment.
template <class Wire, class T> auto agrees(T value) -> bool {
    u8 room[16 + sizeof(Wire)];
    for (u32 skew = 0; skew < 8; skew++) {
        auto *const at = new (room + skew) Wire{value};
        u64 big = 0;
        for (u32 i = 0; i < sizeof(Wire); i++) big = big << 8 | at->raw[i];
        bool const is_big = __is_same(Wire, be<T>);
        if (static_cast<T>(big) != (is_big ? value : reversed(value)) || at->value() != value ||
            !(*at == Wire{value}) || *at == Wire{static_cast<T>(value ^ 1)})
            return false;
    }
    return true;
}
} // namespace

TEST_CASE("every 16-bit value, and many wider ones, come back") {
    bool good = true;
    for (u32 v = 0; v <= 0xffff; v++)
        good = good && agrees<be16>(static_cast<u16>(v)) && agrees<le16>(static_cast<u16>(v));
    CHECK(good);
    std::mt19937_64 random{3};
    for (u32 i = 0; i < 20'000; i++) {
        auto const v = static_cast<u64>(random());
        good = good && agrees<be32>(static_cast<u32>(v)) && agrees<le32>(static_cast<u32>(v)) && agrees<be64>(v) &&
               agrees<le64>(v);
    }
    CHECK(good);
}

TEST_CASE("values in a packet") {
    both read{reads}, equal{equals}, write{writes};
    std::vector<u8> bytes(30);
    for (std::size_t i = 0; i < bytes.size(); i++) bytes[i] = static_cast<u8>(i + 1);
    auto const a = read.run(bytes);
    CHECK(a.number(0) == 0x0102);
    CHECK(a.number(1) == 0x0304'0506);
    CHECK(a.number(2) == 0x0708'090a'0b0c'0d0e);
    CHECK(a.number(3) == 0x100f);
    CHECK(a.number(4) == 0x1413'1211);
    CHECK(a.number(5) == 0x1c1b'1a19'1817'1615);
    CHECK(a.number(6) == 0x1d1e);
    CHECK(a.number(7) == 0x0102);

    auto const b = equal.run(bytes);
    for (u32 i = 0; i < 7; i++) CHECK(b.number(i) == 1);
    CHECK(b.number(7) == 0);
    for (std::size_t wrong = 0; wrong < bytes.size(); wrong++) {
        auto changed = bytes;
        changed[wrong] ^= 0x10;
        auto const c = equal.run(changed);
        u64 sum = 0;
        for (u32 i = 0; i < 7; i++) sum += c.number(i);
        CHECK(sum == 6); // one field is affected, and no other
    }

    auto expected = bytes;
    std::reverse_copy(bytes.begin() + 14, bytes.begin() + 16, expected.begin());
    std::reverse_copy(bytes.begin() + 16, bytes.begin() + 20, expected.begin() + 2);
    std::reverse_copy(bytes.begin() + 20, bytes.begin() + 28, expected.begin() + 6);
    std::reverse_copy(bytes.begin(), bytes.begin() + 2, expected.begin() + 14);
    std::reverse_copy(bytes.begin() + 2, bytes.begin() + 6, expected.begin() + 16);
    std::reverse_copy(bytes.begin() + 6, bytes.begin() + 14, expected.begin() + 20);
    expected[29]++;
    CHECK(write.run(bytes).bytes == expected);
}
