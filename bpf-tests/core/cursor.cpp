// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "cursor.bpf.cpp"
#include <numeric>
#include <support/both.hpp>

using test::both;

TEST_CASE("a cursor knows both bounds, and moving trusts neither") {
    std::vector<u8> bytes(10);
    auto const c = whole_packet(bytes.data(), bytes.data() + 10);
    CHECK(c.remaining() == 10);
    CHECK(c.holds(0));
    CHECK(c.holds(10));
    CHECK_FALSE(c.holds(11));
    auto const m = c.moved(4);
    CHECK(m.remaining() == 6);
    CHECK(m.holds(6));
    CHECK_FALSE(m.holds(7));
    CHECK(m.left == unlimited); // the walk takes off what it steps over
    CHECK(c.moved(10).holds(0));
    CHECK_FALSE(c.moved(10).holds(1));
    auto limited = c;
    limited.limit(7);
    CHECK(limited.left == 7);
    limited.limit(9); // an inner length does not widen an outer one
    CHECK(limited.left == 7);
    limited.limit(0);
    CHECK(limited.left == 0);
    CHECK(limited.remaining() == 10);
}

TEST_CASE("what is reached at an offset, and how far it is skipped to") {
    std::vector<u8> bytes(40'000);
    for (auto const size : {0u, 1u, 100u, 16'383u, 20'000u, 40'000u}) {
        auto c = whole_packet(bytes.data(), bytes.data() + size);
        for (auto const allowed : {i64{-1}, i64{0}, i64{4}, i64{50}, i64{unlimited}})
            for (u32 const offset : {0u, 1u, 46u, 96u, 97u, 16'379u, 16'383u, 16'384u, 0xffff'ffffu}) {
                c.left = allowed;
                u8 *at = nullptr;
                INFO(size << " bytes, " << allowed << " allowed, offset " << offset);
                auto const there = offset <= farthest && u64{offset} + 4 <= size && i64{offset} + 4 <= allowed;
                CHECK(c.reaches<4>(offset, at) == there);
                if (there) CHECK(at == bytes.data() + offset);
            }
    }
    auto c = whole_packet(bytes.data(), bytes.data() + 40'000);
    for (u32 const place : {0u, 5u, 16'388u, 32'767u}) { // skips are counted from the packet's first byte
        CHECK(c.skip(static_cast<u32>(place - detail::distance(c.base, c.at))));
        CHECK(c.at == bytes.data() + place);
    }
    CHECK_FALSE(c.skip(1));
    CHECK(c.at == bytes.data() + 32'767);
}

TEST_CASE("bounds of a frame") {
    both run{bounds};
    for (std::size_t size = 0; size <= 64; size++) {
        std::vector<u8> bytes(size);
        std::iota(bytes.begin(), bytes.end(), u8{1});
        auto const a = run.run(bytes);
        CHECK(a.number(0) == size);
        CHECK(a.number(1) == 1);
        CHECK(a.number(2) == (size >= 14));
        CHECK(a.number(3) == (size >= 15));
        CHECK(a.number(4) == 0);
        CHECK(a.number(5) == (size >= 15));
        CHECK(a.number(6) == (size >= 16 ? 16 : 0xeee));
        CHECK(a.number(7) == 0x7fff'ffff);
    }
    for (std::size_t size : {1499u, 1500u, 3520u}) {
        auto const a = run.run(std::vector<u8>(size));
        CHECK(a.number(0) == size);
        CHECK(a.number(4) == (size >= 1500));
    }
}

TEST_CASE("whichever bound is nearer ends a walk") {
    both run{walk};
    for (std::size_t size : {1u, 5u, 14u, 30u, 39u, 40u, 41u, 100u})
        for (u32 length : {0u, 1u, 14u, 29u, 30u, 31u, 40u, 41u, 255u}) {
            std::vector<u8> bytes(size, 3);
            bytes[0] = static_cast<u8>(length);
            auto const count = std::min<u64>({size, length, 40});
            auto const a = run.run(bytes);
            CHECK(a.number(0) == count);
            CHECK(a.number(1) == (count == 0 ? 0 : length + 3 * (count - 1)));
            CHECK(a.number(2) == std::min(length, 40u));
        }
    CHECK(run.run({}).verdict == xdp::drop);
}

TEST_CASE("a settled place is the same place") {
    both run{settled};
    for (std::size_t size : {2u, 3u, 6u, 7u, 14u, 1500u})
        for (u8 const first : {u8{0}, u8{1}})
            for (u8 const limit : {u8{0}, u8{1}, u8{200}}) {
                std::vector<u8> bytes(size);
                std::iota(bytes.begin(), bytes.end(), u8{7});
                bytes[0] = first;
                bytes[1] = limit;
                std::size_t const at = first % 2 == 0 ? 2 : 6;
                auto const a = run.run(bytes);
                auto const there = limit > 0 && size > at;
                CHECK(a.number(0) == there);
                CHECK(a.number(1) == there);
                CHECK(a.number(2) == (there ? limit : 0));
                CHECK(a.number(3) == a.number(2));
                CHECK(a.number(4) == (there ? bytes[at] : 0xeee));
                CHECK(a.number(5) == 1);
            }
}

TEST_CASE("what starts further away than a place can be settled is not there") {
    std::vector<u8> bytes(0x9000, u8{1});
    auto const whole = whole_packet(bytes.data(), bytes.data() + bytes.size());
    auto near = whole.moved(0x7fff);
    CHECK((near.settle() && near.left == unlimited && near.at == bytes.data() + 0x7fff));
    auto far = whole.moved(0x8000);
    CHECK((far.settle() && far.left == 0));
}

TEST_CASE("a place to which all ways lead is the same place, as far as an offset may be") {
    std::vector<u8> bytes(0x9000, u8{1});
    auto const whole = whole_packet(bytes.data(), bytes.data() + bytes.size());
    for (u32 const n : {0u, 1u, 34u, farthest - 1, farthest}) {
        auto here = whole.moved(n);
        CHECK((here.merge() && here.at == bytes.data() + n && here.left == unlimited && here.base == bytes.data()));
    }
    for (u32 const n : {farthest + 1, 0x7fffu, 0x8000u}) {
        auto here = whole.moved(n);
        CHECK((!here.merge() && here.at == bytes.data() + n));
    }
}
