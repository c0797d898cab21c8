// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "array_of_maps.bpf.cpp"
#include <kernel/map/inner.hpp>

using namespace test;

namespace {
auto ask(u32 queue, u32 address) -> std::vector<u8> {
    request r{be32{queue}, be32{address}, {}};
    auto const *const at = reinterpret_cast<u8 const *>(&r);
    return {at, at + sizeof r};
}
} // namespace

TEST_CASE("an inner map is used like any other, once it is there") {
    both run{count_in};
    CHECK(run.step(ask(1, 5)).number(0) == 0);
    put_inner(run, "by_queue", u32{1}, {BPF_MAP_TYPE_HASH, 4, 8, 16});
    auto const flows = host::make_map<flows_spec>();
    host::map<spec::array_of_maps<flows_spec, 4>>{run.native_map("by_queue")}.update(1, flows);
    auto a = run.step(ask(1, 5));
    CHECK(a.number(0) == 1);
    CHECK(a.number(1) == 0);
    CHECK(a.number(2) == 0);
    CHECK(run.step(ask(1, 5)).number(2) == 2);
    CHECK(run.step(ask(1, 6)).number(2) == 0);
    CHECK(run.step(ask(0, 5)).number(0) == 0);
    CHECK(run.step(ask(4, 5)).number(0) == 0); // behind the end
    CHECK(flows.lookup(be32{5}) == 2u);
}

TEST_CASE("an inner map may be a buffer") {
    both run{count_in};
    CHECK(run.step(ask(0, 0)).number(3) == 0);
    put_inner(run, "by_cpu", u32{0}, {BPF_MAP_TYPE_RINGBUF, 0, 0, 4096});
    host::map<spec::array_of_maps<news_spec, 2>>{run.native_map("by_cpu")}.update(0, host::make_map<news_spec>());
    CHECK(run.step(ask(0, 0)).number(3) == 1);
}
