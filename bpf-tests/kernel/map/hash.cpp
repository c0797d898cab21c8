// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "hash.bpf.cpp"
#include <cerrno>
#include <random>
#include <support/both.hpp>
#include <support/dump.hpp>

using test::answer, test::both;

namespace {
enum what : u8 { lookup, update, erase, contains, add, update_any };
auto ask(u8 what, u32 address, u32 number = 0, u8 flags = BPF_ANY) -> std::vector<u8> {
    request r{what, flags, {be32{address}, be16{80}, 1, 2}, be32{number}, {}};
    auto const *const at = reinterpret_cast<u8 const *>(&r);
    return {at, at + sizeof r};
}
auto error(answer const &a) -> i64 { return static_cast<i64>(a.number(0)); }
} // namespace

TEST_CASE("entries come, change and go") {
    both run{serve};
    CHECK(run.step(ask(lookup, 1)).number(1) == 0);
    CHECK(run.step(ask(contains, 1)).number(1) == 0);
    CHECK(error(run.step(ask(update, 1, 100))) == 0);
    auto a = run.step(ask(lookup, 1));
    CHECK(a.number(1) == 1);
    CHECK(a.number(2) == 100);
    CHECK(a.number(3) == 200);
    CHECK(run.step(ask(contains, 1)).number(1) == 1);
    CHECK(run.step(ask(contains, 2)).number(1) == 0);
    CHECK(error(run.step(ask(update_any, 1, 5))) == 0);
    CHECK(run.step(ask(lookup, 1)).number(2) == 5);
    run.step(ask(add, 1, 7));
    CHECK(run.step(ask(lookup, 1)).number(2) == 12);
    CHECK(error(run.step(ask(erase, 1))) == 0);
    CHECK(run.step(ask(lookup, 1)).number(1) == 0);
    CHECK(error(run.step(ask(update, 1, 9))) == 0);
    CHECK(run.step(ask(lookup, 1)).number(2) == 9); // nothing is left of before
}

TEST_CASE("errors are the kernel's") {
    both run{serve};
    CHECK(error(run.step(ask(erase, 1))) == -ENOENT);
    CHECK(error(run.step(ask(update, 1, 1, BPF_EXIST))) == -ENOENT);
    CHECK(error(run.step(ask(update, 1, 1, BPF_NOEXIST))) == 0);
    CHECK(error(run.step(ask(update, 1, 2, BPF_NOEXIST))) == -EEXIST);
    CHECK(run.step(ask(lookup, 1)).number(2) == 1);
    CHECK(error(run.step(ask(update, 1, 3, BPF_EXIST))) == 0);
    CHECK(error(run.step(ask(update, 1, 4, 3))) == -EINVAL);
    CHECK(error(run.step(ask(update, 1, 4, 255))) == -EINVAL);
    CHECK(run.step(ask(lookup, 1)).number(2) == 3);
    for (u32 i = 2; i <= 4; i++) CHECK(error(run.step(ask(update, i, i))) == 0);
    CHECK(error(run.step(ask(update, 5, 5))) == -E2BIG);
    CHECK(error(run.step(ask(update, 5, 5, BPF_NOEXIST))) == -E2BIG);
    CHECK(error(run.step(ask(update, 5, 5, BPF_EXIST))) == -ENOENT);
    CHECK(error(run.step(ask(update, 4, 40))) == 0); // what is there can change in a full map
    CHECK(error(run.step(ask(erase, 2))) == 0);
    CHECK(error(run.step(ask(update, 5, 5))) == 0);
    CHECK(error(run.step(ask(update, 6, 6))) == -E2BIG);
    CHECK(run.step(ask(lookup, 4)).number(2) == 40);
}

TEST_CASE("a key straight from the packet") {
    both run{direct};
    CHECK(run.step(ask(0, 1)).number(0) == 0);
    run.each_kernel_map("flows", [](int fd) {
        flow const key{be32{1}, be16{80}, 1, 2};
        usage const value{41, 0, 0};
        CHECK(bpf_map_update_elem(fd, &key, &value, BPF_ANY) == 0);
    });
    flow const key{be32{1}, be16{80}, 1, 2};
    usage const value{41, 0, 0};
    CHECK(run.native_map("flows").update(&key, &value, BPF_ANY) == 0);
    auto const found = run.step(ask(0, 1)), missed = run.step(ask(0, 2));
    CHECK(found.number(0) == 1);
    CHECK(found.number(1) == 41);
    CHECK(missed.number(0) == 0);
    CHECK(missed.number(1) == 0);
}

TEST_CASE("5000 random requests have one history") {
    both run{serve};
    std::mt19937 random{4};
    for (u32 i = 0; i < 5000; i++) {
        auto const n = random();
        run.step(ask(static_cast<u8>(n % 6), n >> 8 & 7, i, static_cast<u8>(n >> 16 & 3)));
    }
}

TEST_CASE("bpftool prints keys and values by the names of their fields") {
    both run{serve};
    run.step(ask(update, 0x0102'0304, 21));
    run.each_kernel_map("flows", [](int fd) {
        auto const entries = test::dump(fd);
        INFO(entries);
        REQUIRE(entries.size() == 1);
        auto const &entry = entries[0].at("formatted");
        CHECK(entry.at("key").at("address").at("raw") == nlohmann::json::parse("[1,2,3,4]"));
        CHECK(entry.at("key").at("kind") == 1);
        CHECK(entry.at("key").at("zone") == 2);
        CHECK(entry.at("value").at("packets") == 21);
        CHECK(entry.at("value").at("bytes") == 42);
        CHECK(entry.at("value").at("last") == 7);
        bpf_map_info info{};
        auto size = static_cast<__u32>(sizeof info);
        REQUIRE(bpf_obj_get_info_by_fd(fd, &info, &size) == 0);
        CHECK(info.type == BPF_MAP_TYPE_HASH);
        CHECK(info.max_entries == 4);
        CHECK(info.key_size == sizeof(flow));
        CHECK(info.value_size == sizeof(usage));
        CHECK(std::string{info.name} == "flows");
    });
}
