// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "lpm_trie.bpf.cpp"
#include <algorithm>
#include <cerrno>
#include <random>
#include <support/both.hpp>
#include <support/dump.hpp>

using test::answer, test::both;

namespace {
enum what : u8 { lookup, update, erase };
auto ask(u8 what, u8 length, u32 address, u32 number = 0, u8 flags = BPF_ANY) -> std::vector<u8> {
    request r{what, flags, length, 0, be32{address}, be32{number}, {}};
    auto const *const at = reinterpret_cast<u8 const *>(&r);
    return {at, at + sizeof r};
}
auto error(answer const &a) -> i64 { return static_cast<i64>(a.number(0)); }
} // namespace

TEST_CASE("the longest prefix wins") {
    both run{serve};
    CHECK(run.step(ask(lookup, 32, 0x0a010203)).number(1) == 0);
    CHECK(error(run.step(ask(update, 8, 0x0a000000, 8))) == 0);
    CHECK(error(run.step(ask(update, 16, 0x0a010000, 16))) == 0);
    CHECK(error(run.step(ask(update, 24, 0x0a0102ff, 24))) == 0); // bits behind the length do not count
    CHECK(run.step(ask(lookup, 32, 0x0a010203)).number(2) == 24);
    CHECK(run.step(ask(lookup, 32, 0x0a010303)).number(2) == 16);
    CHECK(run.step(ask(lookup, 32, 0x0a020303)).number(2) == 8);
    CHECK(run.step(ask(lookup, 20, 0x0a010203)).number(2) == 16); // a prefix longer than what is asked is none of it
    CHECK(run.step(ask(lookup, 32, 0x0b000000)).number(1) == 0);
    CHECK(error(run.step(ask(update, 0, 0, 1))) == 0);
    CHECK(run.step(ask(lookup, 32, 0x0b000000)).number(2) == 1);
    CHECK(error(run.step(ask(erase, 24, 0x0a010200))) == 0);
    CHECK(run.step(ask(lookup, 32, 0x0a010203)).number(2) == 16);
}

// Linux 6.13, and updates of 6.1 and later.
constexpr auto replaces = "a full LPM trie that replaces an entry";

TEST_CASE("errors are the kernel's") {
    both run{serve};
    run.needs(6, 1, replaces);
    CHECK(error(run.step(ask(erase, 8, 0))) == -ENOENT);
    CHECK(error(run.step(ask(update, 33, 0))) == -EINVAL);
    CHECK(error(run.step(ask(erase, 33, 0))) == -EINVAL);
    CHECK(error(run.step(ask(update, 8, 0, 1, BPF_EXIST))) == -ENOENT);
    CHECK(error(run.step(ask(update, 8, 0, 1, BPF_NOEXIST))) == 0);
    CHECK(error(run.step(ask(update, 8, 0, 1, BPF_NOEXIST))) == -EEXIST);
    CHECK(error(run.step(ask(update, 8, 0, 1, 3))) == -EINVAL);
    for (u8 i = 1; i < 8; i++) CHECK(error(run.step(ask(update, 8, u32{i} << 24, i))) == 0);
    CHECK(error(run.step(ask(update, 8, 9u << 24, 9))) == -ENOSPC);
    CHECK(error(run.step(ask(update, 8, 7u << 24, 9))) == 0);
}

TEST_CASE("a key that is too long is found nowhere") {
    both run{serve};
    run.needs(6, 8, "a check of the length that is looked up");
    CHECK(error(run.step(ask(update, 8, 0x0a000000, 8))) == 0);
    CHECK(run.step(ask(lookup, 32, 0x0a000000)).number(1) == 1);
    CHECK(run.step(ask(lookup, 33, 0x0a000000)).number(1) == 0);
}

TEST_CASE("2000 random requests have one history") {
    both run{serve};
    run.needs(6, 1, replaces);
    std::mt19937 random{4};
    for (u32 i = 0; i < 2000; i++) {
        auto const n = random();
        run.step(ask(static_cast<u8>(n % 3), static_cast<u8>((n >> 4) % 33), (n >> 10 & 3) << 30 | (n >> 12 & 3), i,
                     static_cast<u8>(n >> 16 & 3)));
    }
    // What user space finds: keys as they were last given, with the bits that do not count.
    std::vector<std::string> native;
    run.native_map("routes").for_each(
        [&](void const *key, void const *) { native.emplace_back(static_cast<char const *>(key), 8); });
    std::sort(native.begin(), native.end());
    run.each_kernel_map("routes", [&](int fd) {
        std::vector<std::string> kernel;
        std::string key(8, '\0'), next(8, '\0');
        for (void *before = nullptr; bpf_map_get_next_key(fd, before, next.data()) == 0; before = key.data())
            kernel.push_back(key = next);
        std::sort(kernel.begin(), kernel.end());
        CHECK(kernel == native);
    });
}

TEST_CASE("a key of 16 bytes") {
    both run{both_versions};
    auto const a = run.step(ask(0, 0, 0x0a010203));
    CHECK(a.number(1) == 7);
    CHECK(a.number(3) == 8);
    CHECK(a.number(4) == 0);
    CHECK(run.step(ask(0, 0, 0x0b010203)).number(1) == 0);
}

TEST_CASE("bpftool prints prefixes") {
    both run{serve};
    run.step(ask(update, 24, 0x0a010200, 21));
    run.each_kernel_map("routes", [](int fd) {
        auto const entries = test::dump(fd);
        INFO(entries);
        REQUIRE(entries.size() == 1);
        CHECK(entries[0].at("formatted").at("key").at("length") == 24);
        CHECK(entries[0].at("formatted").at("value") == 21);
    });
}
