// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/kernel/host/storage.hpp>
#include <map>
#include <random>
#include <support/catch.hpp>

using namespace bpfxx;
using host::storage;

namespace {
auto number(void const *at) -> u64 {
    u64 n;
    std::memcpy(&n, at, sizeof n);
    return n;
}
} // namespace

TEST_CASE("a hash is a bounded table of bytes") {
    storage s{{BPF_MAP_TYPE_HASH, 4, 8, 3}};
    CHECK(s.what().capacity == 3);
    std::map<u32, u64> model;
    std::mt19937 random{1};
    for (u32 i = 0; i < 20'000; i++) {
        u32 const key = random() % 6;
        u64 const value = i;
        switch (random() % 4) {
        case 0: {
            auto *const at = s.lookup(&key);
            REQUIRE((at != nullptr) == model.contains(key));
            if (at) REQUIRE(number(at) == model[key]);
            break;
        }
        case 1: {
            auto const flags = random() % 4;
            auto const there = model.contains(key);
            i64 const expected = flags > BPF_EXIST               ? -EINVAL
                                 : flags == BPF_NOEXIST && there ? -EEXIST
                                 : flags == BPF_EXIST && !there  ? -ENOENT
                                 : !there && model.size() == 3   ? -E2BIG
                                                                 : 0;
            REQUIRE(s.update(&key, &value, flags) == expected);
            if (expected == 0) model[key] = value;
            break;
        }
        case 2: REQUIRE(s.erase(&key) == (model.erase(key) ? 0 : -ENOENT)); break;
        default: {
            std::map<u32, u64> all;
            s.for_each([&](void const *k, void const *v) {
                u32 copy;
                std::memcpy(&copy, k, sizeof copy);
                all[copy] = number(v);
            });
            REQUIRE(all == model);
        }
        }
    }
}

TEST_CASE("a value stays where it is while others come and go") {
    storage s{{BPF_MAP_TYPE_HASH, 4, 8, 10'000}};
    u32 key = 77;
    u64 value = 1;
    REQUIRE(s.update(&key, &value, BPF_ANY) == 0);
    auto *const at = s.lookup(&key);
    for (u32 i = 1000; i < 9000; i++) REQUIRE(s.update(&i, &value, BPF_ANY) == 0);
    for (u32 i = 1000; i < 9000; i++) REQUIRE(s.erase(&i) == 0);
    CHECK(s.lookup(&key) == at);
    value = 2;
    REQUIRE(s.update(&key, &value, BPF_EXIST) == 0);
    CHECK(s.lookup(&key) == at);
    CHECK(number(at) == 2);
}

TEST_CASE("keys are bytes: zeros and all") {
    storage s{{BPF_MAP_TYPE_HASH, 8, 8, 10}};
    u64 const keys[] = {0, 1, u64{1} << 32, u64{1} << 56, ~u64{0}};
    for (auto const &key : keys) CHECK(s.update(&key, &key, BPF_NOEXIST) == 0);
    for (auto const &key : keys) CHECK(number(s.lookup(&key)) == key);
    s.clear();
    for (auto const &key : keys) CHECK(s.lookup(&key) == nullptr);
}

TEST_CASE("an array is there from the start") {
    for (u32 const kind : {u32{BPF_MAP_TYPE_ARRAY}, u32{BPF_MAP_TYPE_PERCPU_ARRAY}}) {
        storage s{{kind, 4, 5, 3}};
        u8 const value[5] = {1, 2, 3, 4, 5};
        u32 const behind = 3, last = 2;
        CHECK(s.lookup(&behind) == nullptr);
        CHECK(s.update(&behind, value, BPF_ANY) == -E2BIG);
        CHECK(s.update(&last, value, BPF_NOEXIST) == -EEXIST);
        CHECK(s.update(&last, value, BPF_EXIST) == 0);
        CHECK(s.erase(&last) == -EINVAL);
        CHECK(std::memcmp(s.lookup(&last), value, 5) == 0);
        CHECK(reinterpret_cast<std::uintptr_t>(s.lookup(&last)) % 8 == 0); // as the kernel aligns values
        u32 entries = 0, sum = 0;
        s.for_each([&](void const *key, void const *v) {
            u32 index;
            std::memcpy(&index, key, sizeof index);
            CHECK(index == entries++);
            sum += static_cast<u8 const *>(v)[4];
        });
        CHECK(entries == 3);
        CHECK(sum == 5);
        s.clear();
        CHECK(static_cast<u8 *>(s.lookup(&last))[0] == 0);
    }
}

TEST_CASE("a ring buffer counts as the kernel does") {
    storage s{{BPF_MAP_TYPE_RINGBUF, 0, 0, 4096}};
    std::vector<void *> open;
    while (auto *const at = s.reserve(56)) open.push_back(at); // 64 with its header
    CHECK(open.size() == 63);
    CHECK(s.reserve(1) != nullptr); // 16 of the 63 bytes that are left
    CHECK(s.owns(open[5]));
    CHECK_FALSE(s.owns(&s));
    u32 seen = 0;
    auto const count = [&](std::span<u8 const> r) { seen += static_cast<u32>(r.size()); };
    s.finish(open[1], true);
    CHECK(s.consume(count) == 0); // the first one is not finished
    s.finish(open[0], false);
    CHECK(s.consume(count) == 1); // the discarded one is passed over
    CHECK(seen == 56);
    CHECK_FALSE(s.owns(open[1]));
    CHECK(s.reserve(56) != nullptr);
    CHECK(s.reserve(4096) == nullptr);
    s.clear();
    CHECK(s.reserve(4080) != nullptr);
    CHECK(s.reserve(1) == nullptr);
}
