// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "array.bpf.cpp"
#include <cerrno>
#include <random>
#include <support/both.hpp>
#include <support/dump.hpp>

using test::answer, test::both;

namespace {
enum what : u8 { lookup, update, add };
auto ask(u8 what, u32 index, u32 number = 0, u8 flags = BPF_ANY) -> std::vector<u8> {
    request r{what, flags, be32{index}, be32{number}, {}};
    auto const *const at = reinterpret_cast<u8 const *>(&r);
    return {at, at + sizeof r};
}
auto error(answer const &a) -> i64 { return static_cast<i64>(a.number(0)); }
} // namespace

TEST_CASE("all entries are there from the start, and none behind the end") {
    both run{serve};
    for (u32 i : {0u, 1u, 4u, 5u, 6u, 0x7fff'ffffu, 0x8000'0000u, 0xffff'ffffu}) {
        INFO(i);
        auto const a = run.step(ask(lookup, i));
        CHECK(a.number(1) == (i < 5));
        CHECK(a.number(2) == 0);
        CHECK(error(run.step(ask(update, i, 1))) == (i < 5 ? 0 : -E2BIG));
        CHECK(error(run.step(ask(update, i, 2, BPF_EXIST))) == (i < 5 ? 0 : -E2BIG));
        CHECK(error(run.step(ask(update, i, 3, BPF_NOEXIST))) == (i < 5 ? -EEXIST : -E2BIG));
        CHECK(error(run.step(ask(update, i, 4, 3))) == -EINVAL);
        CHECK(run.step(ask(lookup, i)).number(2) == (i < 5 ? 6 : 0));
    }
}

TEST_CASE("values stay where they are") {
    both run{serve};
    for (u32 i = 0; i < 5; i++) run.step(ask(update, i, i * 1000));
    for (u32 i = 0; i < 5; i++) run.step(ask(add, i, i));
    for (u32 i = 0; i < 5; i++) {
        auto const n = i * 1000;
        CHECK(run.step(ask(lookup, i)).number(2) == u64{n} + i + static_cast<u16>(n) + static_cast<u8>(n + 1));
    }
}

TEST_CASE("3000 random requests have one history") {
    both run{serve};
    std::mt19937 random{5};
    for (u32 i = 0; i < 3000; i++) {
        auto const n = random();
        run.step(ask(static_cast<u8>(n % 3), n >> 8 & 7, i, static_cast<u8>(n >> 16 & 3)));
    }
}

TEST_CASE("bpftool prints values by the names of their fields") {
    both run{serve};
    run.step(ask(update, 3, 300));
    run.each_kernel_map("places", [](int fd) {
        auto const entries = test::dump(fd);
        INFO(entries);
        REQUIRE(entries.size() == 5);
        auto const &entry = entries[3].at("formatted");
        CHECK(entry.at("key") == 3);
        CHECK(entry.at("value").at("a") == 300);
        CHECK(entry.at("value").at("b") == 300);
        CHECK(entry.at("value").at("c") == nlohmann::json::parse("[1,2,3,4,44]"));
    });
}
