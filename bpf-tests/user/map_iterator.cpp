// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <algorithm>
#include <bpfxx/user/map.hpp>
#include <iterator>
#include <map>
#include <user/expect.hpp>
#include <user/raw_program.hpp>

using namespace bpfxx;
using namespace bpfxx::user;

using table = map<spec::hash<u32, u64, 5000>>;
static_assert(std::input_iterator<map_iterator<spec::hash<u32, u64, 1>>>);
static_assert(std::sentinel_for<std::default_sentinel_t, map_iterator<spec::array<u64, 1>>>);

namespace {
auto filled(u32 entries, u32 capacity) -> table {
    auto const fd = test::make_map(BPF_MAP_TYPE_HASH, 4, 8, capacity);
    auto result = table{fd.get()};
    for (u32 i = 0; i < entries; i++) result.update(i, i * 10ull);
    return result;
}
} // namespace

TEST_CASE("every entry is seen once") {
    if (test::cannot_load()) return;
    auto const entries = GENERATE(0u, 1u, 2u, 511u, 512u, 513u, 5000u);
    auto const flows = filled(entries, 5000);
    auto seen = std::map<u32, u64>{};
    for (auto const [key, value] : flows) CHECK(seen.emplace(key, value).second);
    CHECK(seen.size() == entries);
    for (auto const &[key, value] : seen) CHECK(value == key * 10ull);
    CHECK(flows.size() == entries);
}

TEST_CASE("erasing all that was seen, and what was not, ends the walk and hides nothing else") {
    if (test::cannot_load()) return;
    auto const flows = filled(5000, 5000);
    auto seen = std::map<u32, int>{};
    for (auto const [key, value] : flows) {
        seen[key]++;
        if (key % 3 != 0) continue; // those of the first kind stay, or are erased behind the walk
        flows.erase(key);
        if (key % 2 == 0 && key + 1 < 5000) flows.erase(key + 1);
    }
    for (u32 key = 0; key < 5000; key++) {
        INFO(key);
        CHECK(seen[key] <= 1);
        if (key % 3 != 1) CHECK(seen[key] == 1); // only a neighbour key + 1 can vanish unseen
    }
}

TEST_CASE("entries that come during the walk do not make it endless") {
    if (test::cannot_load()) return;
    auto const flows = filled(100, 5000);
    u32 fresh = 1000, steps = 0;
    for (auto const [key, value] : flows) {
        flows.erase(key);
        flows.update(fresh++, value);
        REQUIRE(++steps < 5000);
    }
    CHECK(steps >= 100);
}

TEST_CASE("a bucket that holds more than one batch is read whole") {
    if (test::cannot_load()) return;
    auto const flows = filled(5000, 5000); // some of the 8192 buckets hold several
    auto seen = std::map<u32, int>{};
    for (auto i = map_iterator<spec::hash<u32, u64, 5000>>{flows.fd(), 5000, "flows", 1}; i != flows.end(); ++i)
        seen[(*i).key]++;
    CHECK(seen.size() == 5000);
    CHECK(std::all_of(seen.begin(), seen.end(), [](auto const &entry) { return entry.second == 1; }));
}

TEST_CASE("an array is walked from its first index to its last") {
    if (test::cannot_load()) return;
    auto const fd = test::make_map(BPF_MAP_TYPE_ARRAY, 4, 8, 5);
    auto const numbers = map<spec::array<u64, 5>>{fd.get()};
    numbers.update(3, 33);
    u32 next = 0;
    for (auto const [index, value] : numbers) {
        CHECK(index == next++);
        CHECK(value == (index == 3 ? 33 : 0));
    }
    CHECK(next == 5);
}
