// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The stand-ins of checksum helpers have the kernel's answers, and leave the same bytes.
#include "tc_csum.bpf.cpp"
#include <cerrno>
#include <random>
#include <support/both.hpp>

using test::both;

namespace {
auto ask(u32 offset, u64 from, u64 to, u64 flags) -> std::vector<u8> {
    std::vector<u8> b(80);
    for (std::size_t i = 0; i < b.size(); i++) b[i] = static_cast<u8>(i * 37);
    b[12] = 0x88, b[13] = 0xb5;
    request const r{be32{offset}, be64{from}, be64{to}, be64{flags}};
    std::memcpy(b.data() + 14, static_cast<void const *>(&r), sizeof r);
    return b;
}
auto answered(test::answer const &a) -> i64 { return static_cast<i64>(a.number(0)); }
constexpr u32 place = 50;
} // namespace

TEST_CASE("replacements: sizes, flags, places") {
    both third{l3}, fourth{l4};
    third.of_this_order(), fourth.of_this_order(); // they are asked with sums as numbers
    std::mt19937_64 random{7};
    for (u32 i = 0; i < 200; i++)
        for (u32 const size : {0u, 2u, 4u}) {
            auto const from = size == 0 ? 0 : random() & (size == 2 ? 0xffff : 0xffff'ffff);
            auto const to = random() & (size == 2 ? 0xffff : 0xffff'ffff);
            auto const in = ask(place, from, to, size);
            CHECK(answered(third.run(in)) == 0);
            for (u64 const flags : {u64{0}, u64{BPF_F_PSEUDO_HDR}, u64{BPF_F_MARK_MANGLED_0}})
                CHECK(answered(fourth.run(ask(place, from, to, size | flags))) == 0);
        }
    for (u32 const size : {1u, 3u, 8u}) {
        CHECK(answered(third.run(ask(place, 0, 1, size))) == -EINVAL);
        CHECK(answered(fourth.run(ask(place, 0, 1, size))) == -EINVAL);
    }
    CHECK(answered(third.run(ask(place, 1, 1, 0))) == -EINVAL);
    CHECK(answered(fourth.run(ask(place, 1, 1, 0))) == -EINVAL);
    CHECK(answered(third.run(ask(place, 0, 1, 0x10))) == -EINVAL);
    CHECK(answered(fourth.run(ask(place, 0, 1, 0x1000))) == -EINVAL);
    for (u32 const offset : {place + 1, 79u, 80u, 0x1'0000u}) {
        CHECK(answered(third.run(ask(offset, 0, 1, 2))) == -EFAULT);
        CHECK(answered(fourth.run(ask(offset, 0, 1, 2))) == -EFAULT);
    }
    // A checksum of zero is none, where the flag says so.
    auto none = ask(place, 1, 2, 2 | u64{BPF_F_MARK_MANGLED_0});
    none[place] = none[place + 1] = 0;
    CHECK(fourth.run(none).bytes == none);
}

TEST_CASE("bytes are stored, up to the end") {
    both run{stores};
    for (u64 const flags : {0, 1, 2, 3})
        for (u32 const offset : {0u, 33u, 72u})
            CHECK(answered(run.run(ask(offset, 0, 0x0102'0304'0506'0708, flags))) == 0);
    for (u32 const offset : {73u, 80u, 0xffffu}) CHECK(answered(run.run(ask(offset, 0, 1, 0))) == -EFAULT);
    CHECK(answered(run.run(ask(0, 0, 1, 4))) == -EINVAL);
}

TEST_CASE("differences, and nothing to update") {
    both run{sums};
    run.of_this_order();
    std::mt19937_64 random{8};
    for (u32 i = 0; i < 100; i++) {
        auto const a = run.run(ask(static_cast<u32>(random()), random(), random(), 0));
        CHECK(static_cast<i64>(a.number(1)) == -524);
    }
}
