// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "hash_of_maps.bpf.cpp"
#include <kernel/map/inner.hpp>

using namespace test;

namespace {
auto ask(u16 who, u32 slot) -> std::vector<u8> {
    request r{{be16{who}}, be32{slot}, {}};
    auto const *const at = reinterpret_cast<u8 const *>(&r);
    return {at, at + sizeof r};
}
} // namespace

TEST_CASE("each key has a map of its own") {
    both run{count_in};
    host::map<tenants_spec> native{run.native_map("by_tenant")};
    CHECK(run.step(ask(7, 2)).number(0) == 0);
    for (u16 const who : {u16{7}, u16{0x700}}) {
        tenant const key{be16{who}};
        put_inner(run, "by_tenant", key, {BPF_MAP_TYPE_ARRAY, 4, 8, 4});
        native.update(key, host::make_map<slots_spec>());
    }
    CHECK(run.step(ask(7, 2)).number(1) == 1);
    CHECK(run.step(ask(7, 2)).number(1) == 2);
    CHECK(run.step(ask(7, 3)).number(1) == 1);
    CHECK(run.step(ask(0x700, 2)).number(1) == 1);
    auto const behind = run.step(ask(7, 4));
    CHECK(behind.number(0) == 1);
    CHECK(behind.number(1) == 0);
    CHECK(run.step(ask(8, 2)).number(0) == 0);
}
