// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "perf_event_array.bpf.cpp"
#include <bpfxx/user/perf_buffer.hpp>
#include <kernel/map/one_cpu.hpp>
#include <support/both.hpp>

using test::both, test::one_cpu;

namespace {
auto ask(u16 more, bool large = false, std::size_t size = 60) -> std::vector<u8> {
    request r{be16{more}, large, {}};
    std::vector<u8> bytes(size);
    for (std::size_t i = 0; i < size; i++) bytes[i] = static_cast<u8>(i);
    std::memcpy(bytes.data(), &r, sizeof r);
    return bytes;
}
using records = std::vector<std::vector<u8>>;

/// One page for each CPU, on all sides.
class readers {
    both &run_;
    records got_;
    std::vector<std::unique_ptr<user::perf_buffer>> kernel_;

  public:
    explicit readers(both &run) : run_{run} {
        host::map<spec::perf_event_array<>>{run.native_map("events")}.open(4096);
        run.each_kernel_map("events", [&](int fd) {
            auto const keep = [this](int, std::span<std::byte const> r) {
                auto const *const at = reinterpret_cast<u8 const *>(r.data());
                got_.push_back({at, at + r.size()});
            };
            kernel_.push_back(std::make_unique<user::perf_buffer>(user::map<spec::perf_event_array<>>{fd}, keep, 1));
        });
    }
    ~readers() { run_.native_map("events").open(0); }
    readers(readers const &) = delete;
    auto operator=(readers const &) -> readers & = delete;

    /// What has been sent since the last time. The kernel fills records up to 8 bytes.
    auto consume() -> records {
        records expected;
        run_.native_map("events").consume([&](std::span<u8 const> r) { expected.emplace_back(r.begin(), r.end()); });
        for (auto const &reader : kernel_) {
            got_.clear();
            CHECK(reader->consume() == static_cast<int>(expected.size()));
            REQUIRE(got_.size() == expected.size());
            for (std::size_t i = 0; i < expected.size(); i++) {
                CHECK(got_[i].size() - expected[i].size() < 8);
                got_[i].resize(expected[i].size());
                CHECK(got_[i] == expected[i]);
            }
        }
        return expected;
    }
    auto lost() -> u64 {
        auto const here = run_.native_map("events").lost();
        for (auto const &reader : kernel_) CHECK(reader->lost() == here);
        return here;
    }
};
} // namespace

TEST_CASE("nothing is sent before somebody reads") {
    one_cpu const here;
    both run{send};
    run.native_map("events").open(0);
    CHECK(run.step(ask(0)).number(0) == 0);
    readers read{run};
    CHECK(run.step(ask(0)).number(0) == 1);
    CHECK(read.consume().size() == 1);
}

TEST_CASE("records arrive in order, and the packet behind them") {
    one_cpu const here;
    both run{send};
    readers read{run};
    CHECK(run.step(ask(0)).number(0) == 1);
    CHECK(run.step(ask(20)).number(0) == 1);
    CHECK(run.step(ask(0, true)).number(0) == 1);
    CHECK(run.step(ask(60, true)).number(0) == 1);
    CHECK(run.step(ask(61)).number(0) == 0); // more than there is
    auto const all = read.consume();
    REQUIRE(all.size() == 4);
    CHECK(all[0].size() == sizeof(small));
    CHECK(all[1].size() == sizeof(small) + 20);
    CHECK(load<u32>(all[1].data()) == 20);
    CHECK(all[1].back() == 19);
    CHECK(all[2].size() == sizeof(large));
    CHECK(all[3].size() == sizeof(large) + 60);
    CHECK(all[3].back() == 59);
    CHECK(read.lost() == 0);
}

TEST_CASE("what does not fit is lost, and counted") {
    one_cpu const here;
    both run{send};
    readers read{run};
    for (u64 round = 1; round < 4; round++) {
        u32 sent = 0;
        while (run.step(ask(round == 2 ? 20 : 0, round == 3)).number(0) == 1) REQUIRE(++sent < 1000);
        for (u32 i = 0; i < 4; i++) CHECK(run.step(ask(0, true)).number(0) == 0);
        CHECK(read.consume().size() == sent);
        CHECK(run.step(ask(0)).number(0) == 1); // and with it the kernel tells how many were lost
        CHECK(read.consume().size() == 1);
        CHECK(read.lost() == round * 5);
    }
}
