// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "array_of_maps.bpf.cpp"
#include <support/both.hpp>
#include <unistd.h>

using test::both;

namespace {
auto ask(u32 queue, u32 address, u16 who = 0, u32 slot = 0) -> std::vector<u8> {
    request r{be32{queue}, be32{address}, {be16{who}}, be32{slot}};
    auto const *const at = reinterpret_cast<u8 const *>(&r);
    return {at, at + sizeof r};
}
template <class Key> auto put(both &run, char const *outer, Key const &key, bpf_map_type type, u32 k, u32 v, u32 n) {
    run.each_kernel_map(outer, [&](int fd) {
        auto const inner = bpf_map_create(type, "inner", k, v, n, nullptr);
        REQUIRE(inner >= 0);
        CHECK(bpf_map_update_elem(fd, &key, &inner, BPF_ANY) == 0);
        close(inner); // the outer map keeps it
    });
}
} // namespace

TEST_CASE("an inner map is used like any other, once it is there") {
    both run{count_in};
    CHECK(run.step(ask(1, 5)).number(0) == 0);
    put(run, "by_queue", u32{1}, BPF_MAP_TYPE_HASH, 4, 8, 16);
    auto const flows = host::make_map<flows_spec>();
    host::map<spec::array_of_maps<flows_spec, 4>>{run.native_map("by_queue")}.update(1, flows);
    auto a = run.step(ask(1, 5));
    CHECK(a.number(0) == 1);
    CHECK(a.number(1) == 0);
    CHECK(a.number(2) == 0);
    CHECK(run.step(ask(1, 5)).number(2) == 2);
    CHECK(run.step(ask(1, 6)).number(2) == 0);
    CHECK(run.step(ask(0, 5)).number(0) == 0);
    CHECK(run.step(ask(4, 5)).number(0) == 0);
    CHECK(flows.lookup(be32{5}) == 2u);
}

TEST_CASE("by key, and a buffer") {
    both run{count_in};
    CHECK(run.step(ask(0, 0, 7, 2)).number(3) == 0);
    tenant const seven{be16{7}};
    put(run, "by_tenant", seven, BPF_MAP_TYPE_ARRAY, 4, 8, 4);
    put(run, "by_cpu", u32{0}, BPF_MAP_TYPE_RINGBUF, 0, 0, 4096);
    host::map<tenants_spec>{run.native_map("by_tenant")}.update(seven, host::make_map<slots_spec>());
    auto const news = host::make_map<news_spec>();
    host::map<spec::array_of_maps<news_spec, 2>>{run.native_map("by_cpu")}.update(0, news);
    auto const a = run.step(ask(0, 0, 7, 2));
    CHECK(a.number(3) == 1);
    CHECK(a.number(4) == 1);
    CHECK(a.number(5) == 1);
    CHECK(run.step(ask(0, 0, 7, 2)).number(4) == 2);
    CHECK(run.step(ask(0, 0, 7, 4)).number(4) == 0);
    CHECK(run.step(ask(0, 0, 8, 2)).number(3) == 0);
}
