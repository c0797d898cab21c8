// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "ring_buffer.bpf.cpp"
#include <random>
#include <support/both.hpp>

using test::both;

namespace {
enum what : u8 { reserve, give_back, output };
auto ask(u8 what, u8 size, u32 number = 0) -> std::vector<u8> {
    request r{what, size, be32{number}, {}};
    auto const *const at = reinterpret_cast<u8 const *>(&r);
    return {at, at + sizeof r};
}
using records = std::vector<std::vector<u8>>;
auto keep(void *to, void *data, std::size_t size) -> int {
    auto const *const at = static_cast<u8 const *>(data);
    static_cast<records *>(to)->push_back({at, at + size});
    return 0;
}
/// One reader a kernel object for the whole test: each holds its place.
class readers {
    both &run_;
    struct free {
        auto operator()(::ring_buffer *r) const -> void { ring_buffer__free(r); }
    };
    records got_;
    std::vector<std::unique_ptr<::ring_buffer, free>> kernel_;

  public:
    explicit readers(both &run) : run_{run} {
        run.each_kernel_map("events",
                            [&](int fd) { kernel_.emplace_back(ring_buffer__new(fd, keep, &got_, nullptr)); });
    }
    /// What has been sent since the last time, the same on all sides.
    auto consume() -> records {
        records expected;
        auto const count = run_.native_map("events").consume(
            [&](std::span<u8 const> r) { expected.emplace_back(r.begin(), r.end()); });
        CHECK(count == expected.size());
        for (auto const &reader : kernel_) {
            got_.clear();
            REQUIRE(reader);
            CHECK(ring_buffer__consume(reader.get()) == static_cast<int>(expected.size()));
            CHECK(got_ == expected);
        }
        return expected;
    }
};
auto number_of(std::vector<u8> const &record) -> u32 { return load<u32>(record.data()); }
} // namespace

TEST_CASE("records arrive in order, zeroed, in their size") {
    both run{send};
    readers read{run};
    CHECK(read.consume().empty());
    CHECK(run.step(ask(reserve, 0, 7)).number(0) == 1);
    CHECK(run.step(ask(reserve, 1, 8)).number(0) == 1);
    CHECK(run.step(ask(give_back, 1, 9)).number(0) == 0);
    CHECK(run.step(ask(output, 0, 10)).number(0) == 1);
    CHECK(run.step(ask(output, 1, 11)).number(0) == 1);
    CHECK(run.step(ask(reserve, 2, 12)).number(0) == 1);
    auto const all = read.consume();
    REQUIRE(all.size() == 5);
    CHECK(all[0].size() == sizeof(small));
    CHECK(all[1].size() == sizeof(medium));
    CHECK(all[4].size() == sizeof(large));
    CHECK(number_of(all[0]) == 7);
    CHECK(number_of(all[1]) == 8);
    CHECK(number_of(all[2]) == 10);
    CHECK(number_of(all[3]) == 11);
    CHECK(load<u64>(all[4].data()) == 12);
    CHECK(load<u64>(all[4].data() + 63 * 8) == 13);
    for (std::size_t i = 8; i < sizeof(medium); i++) CHECK(all[1][i] == 0);
    CHECK(read.consume().empty());
}

TEST_CASE("a full ring buffer loses, and goes on when it is read") {
    both run{send};
    readers read{run};
    for (u8 size = 0; size < 3; size++) {
        u32 sent = 0;
        while (run.step(ask(reserve, size, sent)).number(0) == 1) REQUIRE(++sent < 1000);
        std::size_t const bytes = size == 0 ? sizeof(small) : size == 1 ? sizeof(medium) : sizeof(large);
        CHECK(sent == 4095 / ((bytes + 8 + 7) / 8 * 8)); // 8 bytes in front of each, and one byte stays free
        for (u32 i = 0; i < 3; i++) {
            CHECK(run.step(ask(reserve, size)).verdict == xdp::drop);
            CHECK(run.step(ask(give_back, size)).number(0) == 0);
            if (size < 2) CHECK(run.step(ask(output, size)).number(0) == 0);
        }
        auto const all = read.consume();
        REQUIRE(all.size() == sent);
        for (u32 i = 0; i < sent; i++) CHECK(number_of(all[i]) == i);
        CHECK(run.step(ask(reserve, size)).number(0) == 1);
        CHECK(read.consume().size() == 1);
    }
}

TEST_CASE("what is given back takes room until it is read past") {
    both run{send};
    readers read{run};
    for (u32 i = 0; i < 1000; i++) run.step(ask(give_back, 1));
    CHECK(run.step(ask(reserve, 1)).number(0) == 0);
    CHECK(read.consume().empty());
    CHECK(run.step(ask(reserve, 1)).number(0) == 1);
}

TEST_CASE("a part of a record is sent, which may be nothing or all of it") {
    both run{part};
    readers read{run};
    for (u8 const size : {8, 0, 1, 58, 64, 255, 0, 3}) CHECK(run.step(ask(0, size, 0x01020304)).number(0) == 1);
    auto const all = read.consume();
    REQUIRE(all.size() == 8);
    std::size_t const sizes[] = {8, 0, 1, 58, 64, 64, 0, 3};
    for (u32 i = 0; i < 8; i++) CHECK(all[i].size() == sizes[i]);
}

TEST_CASE("two records that end in the other order") {
    both run{two};
    readers read{run};
    auto const a = run.step(ask(0, 0));
    CHECK(a.number(0) == 1);
    CHECK(a.number(1) == 1);
    CHECK(a.number(2) == 0);
    auto const all = read.consume();
    REQUIRE(all.size() == 2);
    CHECK(number_of(all[0]) == 1);
    CHECK(number_of(all[1]) == 2);
    u32 pairs = 1;
    while (run.step(ask(0, 0)).number(1) == 1) REQUIRE(++pairs < 1000); // the second does not fit first
    CHECK(read.consume().size() >= (pairs - 1) * 2);
}

TEST_CASE("3000 random records have one history") {
    both run{send};
    readers read{run};
    std::mt19937 random{7};
    std::size_t arrived = 0;
    for (u32 i = 0; i < 3000; i++) {
        auto const n = random();
        run.step(ask(static_cast<u8>(n % 3), static_cast<u8>((n >> 8) % 3), i));
        if ((n >> 16) % 20 == 0) arrived += read.consume().size();
    }
    CHECK(arrived > 1000);
}
