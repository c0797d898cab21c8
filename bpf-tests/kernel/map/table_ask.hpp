// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Asks the program of table_serve.hpp.
#include <cerrno>
#include <kernel/map/one_cpu.hpp>
#include <random>
#include <support/both.hpp>
#include <support/dump.hpp>

namespace bpfxx::test {
enum what : u8 { lookup, update, erase, contains };
inline auto ask(u8 what, u32 key, u32 number = 0, u8 flags = BPF_ANY) -> std::vector<u8> {
    request r{what, flags, be32{key}, be32{number}, {}};
    auto const *const at = reinterpret_cast<u8 const *>(&r);
    return {at, at + sizeof r};
}
inline auto error(answer const &a) -> i64 { return static_cast<i64>(a.number(0)); }

/// What every kind with keys does, full or not.
inline auto check_entries(both &run) -> void {
    CHECK(run.step(ask(lookup, 1)).number(1) == 0);
    CHECK(error(run.step(ask(erase, 1))) == -ENOENT);
    CHECK(error(run.step(ask(update, 1, 1, BPF_EXIST))) == -ENOENT);
    CHECK(error(run.step(ask(update, 1, 100, BPF_NOEXIST))) == 0);
    CHECK(error(run.step(ask(update, 1, 2, BPF_NOEXIST))) == -EEXIST);
    CHECK(run.step(ask(lookup, 1)).number(2) == 100);
    CHECK(run.step(ask(lookup, 1)).number(2) == 101); // it counts in the map itself
    CHECK(run.step(ask(contains, 1)).number(1) == 1);
    CHECK(run.step(ask(contains, 2)).number(1) == 0);
    CHECK(error(run.step(ask(update, 1, 5, BPF_EXIST))) == 0);
    CHECK(error(run.step(ask(update, 1, 5, 3))) == -EINVAL);
    CHECK(run.step(ask(lookup, 1)).number(2) == 5);
    CHECK(error(run.step(ask(erase, 1))) == 0);
    CHECK(run.step(ask(contains, 1)).number(1) == 0);
}
inline auto check_history(both &run, u32 keys) -> void {
    std::mt19937 random{4};
    for (u32 i = 0; i < 1000; i++) {
        auto const n = random();
        run.step(ask(static_cast<u8>(n % 4), (n >> 8) % keys, i, static_cast<u8>(n >> 24 & 3)));
    }
}
/// Which entry an LRU map gives up is the kernel's choice; that it takes all new ones is not.
inline auto check_eviction(both &run) -> void {
    for (u32 i = 0; i < 300; i++) {
        CHECK(error(run.step(ask(update, i, i))) == 0);
        CHECK(run.step(ask(contains, i)).number(1) == 1);
    }
    u32 entries = 0;
    run.native_map("flows").for_each([&](void const *, void const *) { entries++; });
    CHECK(entries == 64);
    run.each_kernel_map("flows", [](int fd) {
        u32 n = 0, key, next;
        for (void *at = nullptr; bpf_map_get_next_key(fd, at, &next) == 0; at = &key) key = next, n++;
        CHECK(n > 0);
        CHECK(n <= 64);
    });
}
inline auto check_dump(both &run, bool per_cpu) -> void {
    run.step(ask(update, 9, 21));
    run.each_kernel_map("flows", [&](int fd) {
        auto const entries = dump(fd);
        INFO(entries);
        REQUIRE(entries.size() == 1);
        auto const &entry = entries[0].at("formatted");
        CHECK(entry.at("key") == 9);
        u64 packets = 0;
        if (!per_cpu)
            packets = entry.at("value").at("packets").get<u64>();
        else
            for (auto const &cpu : entry.at("values")) packets += cpu.at("value").at("packets").get<u64>();
        CHECK(packets == 21);
    });
}
} // namespace bpfxx::test
