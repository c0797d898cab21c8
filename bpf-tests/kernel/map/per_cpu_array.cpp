// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "per_cpu_array.bpf.cpp"
#include <cerrno>
#include <kernel/map/one_cpu.hpp>
#include <random>
#include <support/both.hpp>
#include <support/dump.hpp>

using test::answer, test::both, test::one_cpu;

namespace {
enum what : u8 { lookup, update, add };
auto ask(u8 what, u32 index, u32 number = 0, u8 flags = BPF_ANY) -> std::vector<u8> {
    request r{what, flags, be32{index}, be32{number}, {}};
    auto const *const at = reinterpret_cast<u8 const *>(&r);
    return {at, at + sizeof r};
}
auto error(answer const &a) -> i64 { return static_cast<i64>(a.number(0)); }
} // namespace

TEST_CASE("values of one CPU, and none behind the end") {
    one_cpu const here;
    both run{serve};
    for (u32 i : {0u, 2u, 3u, 0xffff'ffffu}) {
        INFO(i);
        auto const there = i < 3;
        CHECK(run.step(ask(lookup, i)).number(1) == (there ? 0 : 99));
        CHECK(error(run.step(ask(update, i, 5))) == (there ? 0 : -E2BIG));
        CHECK(error(run.step(ask(update, i, 6, BPF_NOEXIST))) == (there ? -EEXIST : -E2BIG));
        CHECK(error(run.step(ask(update, i, 7, BPF_EXIST))) == (there ? 0 : -E2BIG));
        CHECK(error(run.step(ask(update, i, 8, 3))) == -EINVAL);
        run.step(ask(add, i, 10));
        auto const a = run.step(ask(lookup, i));
        CHECK(a.number(1) == (there ? 8 : 99));
        CHECK(a.number(2) == (there ? 11 : 99));
    }
}

TEST_CASE("3000 random requests have one history") {
    one_cpu const here;
    both run{serve};
    std::mt19937 random{6};
    for (u32 i = 0; i < 3000; i++) {
        auto const n = random();
        run.step(ask(static_cast<u8>(n % 3), n >> 8 & 3, i, static_cast<u8>(n >> 16 & 3)));
    }
}

TEST_CASE("user space sees each CPU's value") {
    one_cpu const here;
    both run{serve};
    for (u32 i = 0; i < 100; i++) run.step(ask(add, 1, i));
    u32 const index = 1;
    run.each_kernel_map("tallies", [&](int fd) {
        std::vector<u8> values(static_cast<std::size_t>(libbpf_num_possible_cpus()) * sizeof(tally));
        REQUIRE(bpf_map_lookup_elem(fd, &index, values.data()) == 0);
        u64 packets = 0, bytes = 0;
        for (std::size_t i = 0; i < values.size(); i += sizeof(tally)) {
            packets += load<u64>(values.data() + i);
            bytes += load<u32>(values.data() + i + 8);
        }
        CHECK(packets == 100);
        CHECK(bytes == 4950);
    });
}

TEST_CASE("bpftool prints values by the names of their fields") {
    one_cpu const here;
    both run{serve};
    run.step(ask(update, 1, 21));
    run.each_kernel_map("tallies", [](int fd) {
        auto const entries = test::dump(fd);
        INFO(entries);
        REQUIRE(entries.size() == 3);
        auto const &entry = entries[1].at("formatted");
        CHECK(entry.at("key") == 1);
        u64 packets = 0;
        for (auto const &cpu : entry.at("values")) packets += cpu.at("value").at("packets").get<u64>();
        CHECK(packets == 21);
    });
}
