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

TEST_CASE("records take the room that they take in the kernel, whatever their size") {
    u8 const bytes[64] = {};
    for (u32 const size : {1u, 4u, 5u, 7u, 8u, 9u, 12u, 13u, 15u, 16u, 17u, 56u, 57u}) {
        INFO("size " << size);
        storage ring{{BPF_MAP_TYPE_RINGBUF, 0, 0, 4096}}, perf{{BPF_MAP_TYPE_PERF_EVENT_ARRAY, 4, 4, 1}},
            user{{BPF_MAP_TYPE_USER_RINGBUF, 0, 0, 4096}};
        std::size_t reserved = 0, sent = 0, given = 0;
        while (ring.reserve(size)) reserved++;
        CHECK(reserved == 4095 / ((size + 15) / 8 * 8));
        CHECK(perf.output(bytes, size, nullptr, 0) == -ENOENT); // nobody has opened it
        perf.open(4096);
        while (perf.output(bytes, size, nullptr, 0) == 0) sent++;
        CHECK(sent == 4095 / ((size + 19) / 8 * 8));
        CHECK(perf.lost() == 1);
        while (user.send(bytes, size) == 0) given++;
        CHECK(given == 4096 / ((size + 15) / 8 * 8));
        CHECK(user.send(bytes, size) == -ENOSPC);
        CHECK(user.drain([](auto const &) { return 1; }) == 1); // until it says so
        CHECK(user.send(bytes, size) == 0);
        CHECK(user.drain([](auto const &) { return 0; }) == static_cast<i64>(given));
    }
    storage user{{BPF_MAP_TYPE_USER_RINGBUF, 0, 0, 4096}};
    CHECK(user.send(std::vector<u8>(4096).data(), 4096) == -E2BIG); // never
}

TEST_CASE("values of an array do not touch each other") {
    for (u32 size = 1; size < 20; size++) {
        storage s{{BPF_MAP_TYPE_ARRAY, 4, size, 3}};
        std::vector<u8> const ones(size, 0xff);
        u32 const middle = 1, next = 2;
        CHECK(s.update(&middle, ones.data(), BPF_ANY) == 0);
        u32 sum = 0;
        s.for_each([&](void const *, void const *v) {
            for (u32 i = 0; i < size; i++) sum += static_cast<u8 const *>(v)[i] != 0;
        });
        CHECK(sum == size);
        CHECK(static_cast<u8 *>(s.lookup(&next)) - static_cast<u8 *>(s.lookup(&middle)) == (size + 7) / 8 * 8);
    }
}

TEST_CASE("an LRU map makes room by what was not used for longest") {
    for (u32 const kind : {u32{BPF_MAP_TYPE_LRU_HASH}, u32{BPF_MAP_TYPE_LRU_PERCPU_HASH}}) {
        storage s{{kind, 4, 8, 3}};
        auto const put = [&](u32 key) {
            u64 const value = key;
            CHECK(s.update(&key, &value, BPF_ANY) == 0);
        };
        auto const left = [&] {
            std::map<u32, u64> all;
            s.for_each([&](void const *k, void const *v) {
                u32 key;
                std::memcpy(&key, k, sizeof key);
                all[key] = number(v);
            });
            return all;
        };
        for (u32 key = 1; key <= 3; key++) put(key);
        u32 const first = 1, second = 2;
        CHECK(s.erase(&first) == 0); // and is not what makes room later
        put(4);
        CHECK(s.lookup(&second));
        put(5);
        CHECK(left() == std::map<u32, u64>{{2, 2}, {4, 4}, {5, 5}});
        put(4);
        put(6);
        CHECK(left() == std::map<u32, u64>{{4, 4}, {5, 5}, {6, 6}});
        s.clear();
        for (u32 key = 11; key <= 14; key++) put(key);
        CHECK(left() == std::map<u32, u64>{{12, 12}, {13, 13}, {14, 14}});
    }
}

TEST_CASE("maps by index have none behind their end, though there may be nothing at an index") {
    for (u32 const kind :
         {u32{BPF_MAP_TYPE_DEVMAP}, u32{BPF_MAP_TYPE_CPUMAP}, u32{BPF_MAP_TYPE_XSKMAP}, u32{BPF_MAP_TYPE_SOCKMAP},
          u32{BPF_MAP_TYPE_REUSEPORT_SOCKARRAY}, u32{BPF_MAP_TYPE_ARRAY_OF_MAPS}}) {
        INFO("kind " << kind);
        storage s{{kind, 4, 8, 2}};
        u32 const last = 1, behind = 2;
        u64 const value = 7;
        CHECK(s.lookup(&last) == nullptr);
        CHECK(s.update(&behind, &value, BPF_ANY) == -E2BIG);
        CHECK(s.update(&last, &value, BPF_ANY) == 0);
        CHECK(s.lookup(&last));
        CHECK(s.lookup(&behind) == nullptr);
    }
    storage s{{BPF_MAP_TYPE_DEVMAP_HASH, 4, 8, 2}}; // any number
    u32 const far = 1000;
    u64 const value = 7;
    CHECK(s.update(&far, &value, BPF_ANY) == 0);
}

TEST_CASE("a timer ends with its value: replaced, erased, forgotten, or emptied") {
    ::bpf_timer *at = nullptr;
    auto const has_timer = [&] { return host::timers().contains(at); };
    u64 const value = 1;
    u32 const one = 1, two = 2;
    for (u32 const kind : {u32{BPF_MAP_TYPE_ARRAY}, u32{BPF_MAP_TYPE_HASH}, u32{BPF_MAP_TYPE_LRU_HASH}}) {
        INFO("kind " << kind);
        storage s{{kind, 4, 16, kind == BPF_MAP_TYPE_ARRAY ? 3u : 1u}};
        u64 const both[] = {value, value};
        auto const start = [&] {
            s.update(&one, both, BPF_ANY);
            at = static_cast<::bpf_timer *>(s.lookup(&one));
            host::timers()[at] = {&s, nullptr, 0, true};
        };
        start();
        CHECK(has_timer());
        s.update(&one, both, BPF_ANY);
        CHECK_FALSE(has_timer());
        start();
        if (kind == BPF_MAP_TYPE_ARRAY) {
            s.update(&two, both, BPF_ANY);
            CHECK(has_timer()); // another's
            s.clear();
        } else if (kind == BPF_MAP_TYPE_HASH) {
            s.erase(&one);
        } else {
            s.update(&two, both, BPF_ANY);
        }
        CHECK_FALSE(has_timer());
        start();
        s.clear();
        CHECK_FALSE(has_timer());
    }
}

TEST_CASE("an empty map is empty, of every kind") {
    u64 const value = 7;
    u64 copy = 9;
    for (u32 const kind : {u32{BPF_MAP_TYPE_QUEUE}, u32{BPF_MAP_TYPE_STACK}, u32{BPF_MAP_TYPE_BLOOM_FILTER}}) {
        storage s{{kind, 0, 8, 1}};
        CHECK(s.push(&value, BPF_ANY) == 0);
        copy = value;
        CHECK(s.peek(&copy) == 0);
        s.clear();
        CHECK(s.peek(&copy) == -ENOENT);
        CHECK(s.push(&value, BPF_ANY) == 0);
    }
    storage queue{{BPF_MAP_TYPE_QUEUE, 0, 8, 1}};
    CHECK((queue.pop(&copy) == -ENOENT && copy == 0)); // the kernel zeroes what it cannot fill
    storage ring{{BPF_MAP_TYPE_RINGBUF, 0, 0, 4096}};
    ring.finish(ring.reserve(8), true);
    ring.clear();
    CHECK(ring.consume([](auto const &) {}) == 0);
    storage perf{{BPF_MAP_TYPE_PERF_EVENT_ARRAY, 4, 4, 1}};
    perf.open(64);
    while (perf.output(&value, sizeof value, nullptr, 0) == 0) {
    }
    perf.clear();
    CHECK(perf.lost() == 0);
    CHECK(perf.output(&value, sizeof value, nullptr, 0) == 0);
    CHECK(perf.consume([](auto const &) {}) == 1);
    storage programs{{BPF_MAP_TYPE_PROG_ARRAY, 4, 4, 2}};
    int (*const none)(int *) = [](int *) { return 0; };
    CHECK(programs.set_program(2, none) == -E2BIG);
    CHECK(programs.set_program(1, none) == 0);
    CHECK(programs.program<int>(1) == none);
    CHECK_THROWS(programs.program<u32>(1)); // of another type
    programs.clear();
    CHECK(programs.program<int>(1) == nullptr);
    storage hash{{BPF_MAP_TYPE_HASH, 8, 8, 1}};
    u64 const other = 8;
    CHECK((hash.update(&value, &value, BPF_ANY) == 0 && hash.update(&other, &value, BPF_ANY) == -E2BIG));
    hash.set_capacity(2);
    CHECK(hash.lookup(&value) == nullptr);
    CHECK((hash.update(&value, &value, BPF_ANY) == 0 && hash.update(&other, &value, BPF_ANY) == 0));
    CHECK(hash.update(&value, &value, BPF_F_LOCK) == -EINVAL); // its value has no lock
}
