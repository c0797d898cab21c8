// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpf/libbpf.h>
#include <bpfxx/core/endian.hpp>
#include <bpfxx/core/verdict.hpp>
#include <bpfxx/user/map.hpp>
#include <type_traits>
#include <user/child.hpp>
#include <user/expect.hpp>
#include <user/raw_program.hpp>

using namespace bpfxx;
using namespace bpfxx::user;
using test::failure_of;
using test::has;

namespace {
struct flow_key {
    be32 address;
    be16 port;
};
using flow_spec = spec::hash<flow_key, u64, 2>;
auto make_flows() -> map<flow_spec> {
    auto const fd = test::make_map(BPF_MAP_TYPE_HASH, sizeof(flow_key), 8, 2, "flows");
    return map<flow_spec>{fd.get()};
}
auto const first = flow_key{be32{0x0a000001}, be16{80}};
auto const second = flow_key{be32{0x0a000001}, be16{81}};
auto const third = flow_key{be32{0x0a000002}, be16{80}};

template <class Map>
concept erases = requires(Map const &m) {
    m.erase({});
};
template <class Map>
concept sums = requires(Map const &m) {
    m.sum({});
};
template <class Map>
concept looks_up = requires(Map const &m) {
    m.lookup({});
};
} // namespace

static_assert(!std::is_copy_constructible_v<map<flow_spec>> && std::is_nothrow_move_constructible_v<map<flow_spec>>);
static_assert(erases<map<flow_spec>> && !erases<map<spec::array<u64, 1>>>);
static_assert(sums<map<xdp::counters>> && !sums<map<flow_spec>> && !sums<map<spec::per_cpu_array<u32, 1>>>);
static_assert(!looks_up<map<spec::ring_buffer<4096>>>);

TEST_CASE("entries are made, found, changed and erased") {
    if (test::cannot_load()) return;
    auto const flows = make_flows();
    CHECK_FALSE(flows.lookup(first));
    CHECK(flows.update(first, 1));
    CHECK(flows.lookup(first) == 1u);
    CHECK(flows.update(first, 2));
    CHECK(flows.lookup(first) == 2u);
    CHECK_FALSE(flows.lookup(second));
    CHECK(flows.size() == 1);
    CHECK(flows.erase(first));
    CHECK_FALSE(flows.erase(first));
    CHECK(flows.size() == 0);
}

TEST_CASE("update can be told to make only, or to replace only") {
    if (test::cannot_load()) return;
    auto const flows = make_flows();
    CHECK_FALSE(flows.update(first, 1, update_mode::replace));
    CHECK(flows.update(first, 1, update_mode::create));
    CHECK_FALSE(flows.update(first, 2, update_mode::create));
    CHECK(flows.lookup(first) == 1u);
    CHECK(flows.update(first, 3, update_mode::replace));
    CHECK(flows.lookup(first) == 3u);
}

TEST_CASE("a full map says so, with its name and capacity") {
    if (test::cannot_load()) return;
    auto const flows = make_flows();
    flows.update(first, 1);
    flows.update(second, 1);
    auto const e = failure_of([&] { flows.update(third, 1); });
    CHECK(e.code() == E2BIG);
    CHECK(has(e.what(), "cannot update map 'flows'"));
    CHECK(has(e.what(), "it is full: its capacity is 2"));
}

TEST_CASE("clear empties a hash and zeroes an array") {
    if (test::cannot_load()) return;
    auto const flows = make_flows();
    flows.update(first, 1);
    flows.update(second, 1);
    flows.clear();
    CHECK(flows.size() == 0);

    auto const fd = test::make_map(BPF_MAP_TYPE_ARRAY, 4, 8, 3, "numbers");
    auto const numbers = map<spec::array<u64, 3>>{fd.get()};
    for (u32 i = 0; i < 3; i++) numbers.update(i, i + 1);
    CHECK(numbers.size() == 3);
    numbers.clear();
    for (u32 i = 0; i < 3; i++) CHECK(numbers.lookup(i) == 0u);
    CHECK_FALSE(numbers.lookup(3));
    CHECK(has(failure_of([&] { numbers.update(3, 1); }).what(), "its last index is 2"));
}

TEST_CASE("a per-CPU array has a value for each CPU, and sums") {
    if (test::cannot_load()) return;
    auto const cpus = static_cast<u64>(libbpf_num_possible_cpus());
    auto const fd = test::make_map(BPF_MAP_TYPE_PERCPU_ARRAY, 4, sizeof(xdp::tally), reason_count, "counts");
    auto const counts = map<xdp::counters>{fd.get()};
    CHECK(counts.sum(1).drop == 0);

    auto values = std::vector<xdp::tally>(cpus);
    for (u64 i = 0; i < cpus; i++) values[i] = {.aborted = 0, .drop = i + 1, .pass = 10, .tx = 0, .redirect = 0};
    CHECK(counts.update(1, values));
    auto const back = counts.lookup(1);
    REQUIRE(back);
    REQUIRE(back->size() == cpus);
    CHECK((*back)[cpus - 1].drop == cpus);
    CHECK(counts.sum(1, &xdp::tally::drop) == cpus * (cpus + 1) / 2);
    CHECK(counts.sum(1, [](xdp::tally const &t) { return t.pass * 2; }) == 20 * cpus);
    auto const all = counts.sum(1);
    CHECK(all.drop == cpus * (cpus + 1) / 2);
    CHECK(all.pass == 10 * cpus);
    CHECK(all.redirect == 0);

    CHECK(counts.update(2, xdp::tally{1, 1, 1, 1, 1}));
    CHECK(counts.sum(2).tx == cpus);
    CHECK_FALSE(counts.lookup(reason_count));
    for (auto const count : {cpus + 1, cpus - 1})
        CHECK(has(failure_of([&] { counts.update(1, std::vector<xdp::tally>(count)); }).what(), "possible CPUs"));

    u32 entries = 0;
    for (auto const &[index, per_cpu] : counts) {
        CHECK(index == entries++);
        CHECK(per_cpu.size() == cpus);
    }
    CHECK(entries == reason_count);
    counts.clear();
    CHECK(counts.sum(1, &xdp::tally::pass) == 0);
}

TEST_CASE("the map outlives the descriptor that it was made from, and moves") {
    if (test::cannot_load()) return;
    auto flows = make_flows();
    auto moved = std::move(flows);
    CHECK(moved.update(first, 7));
    CHECK(moved.lookup(first) == 7u);
}

TEST_CASE("what fails names the map") {
    if (test::cannot_load()) return;
    CHECK(failure_of([] { map<flow_spec>::pinned("/does/not/exist"); }).code() == ENOENT);
    CHECK(has(failure_of([] { map<flow_spec>::pinned("/does/not/exist"); }).what(), "/does/not/exist"));
    if (geteuid() != 0) return;
    auto const said = test::said_by_nobody([](auto const &say) { say(failure_of([] { make_flows(); }).what()); });
    CHECK(has(said, "Operation not permitted"));
    CHECK(has(said, "CAP_BPF"));
}
