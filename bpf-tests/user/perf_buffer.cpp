// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/user/perf_buffer.hpp>
#include <bpfxx/user/test_run.hpp>
#include <cstring>
#include <kernel/map/one_cpu.hpp>
#include <poll.h>
#include <stdexcept>
#include <type_traits>
#include <user/expect.hpp>
#include <user/raw_program.hpp>
#include <vector>

using namespace bpfxx;
using namespace bpfxx::user;
using namespace std::chrono_literals;
using test::failure_of;
using test::has;
namespace insn = test::insn;

static_assert(!std::is_copy_constructible_v<user::perf_buffer> &&
              std::is_nothrow_move_constructible_v<user::perf_buffer>);

namespace {
/// A program that sends records of 8 bytes holding 42.
struct events {
    descriptor map =
        test::make_map(BPF_MAP_TYPE_PERF_EVENT_ARRAY, 4, 4, static_cast<u32>(libbpf_num_possible_cpus()), "events");
    descriptor sender = test::load_raw({insn::store(BPF_REG_10, -8, 42),
                                        {BPF_LD | BPF_DW | BPF_IMM, BPF_REG_2, BPF_PSEUDO_MAP_FD, 0, map.get()},
                                        {0, 0, 0, 0, 0},
                                        {BPF_ALU | BPF_MOV | BPF_K, BPF_REG_3, 0, 0, -1}, // this CPU
                                        insn::copy(BPF_REG_4, BPF_REG_10),
                                        insn::add(BPF_REG_4, -8),
                                        insn::move(BPF_REG_5, 8),
                                        insn::call(BPF_FUNC_perf_event_output),
                                        insn::move(BPF_REG_0, XDP_PASS),
                                        insn::exit()});
    auto send(u32 count = 1) const -> void {
        test_run(program{sender.get()}, std::vector<std::byte>(60), {.repeat = count});
    }
};
} // namespace

TEST_CASE("each record reaches the callback, with its CPU") {
    test::one_cpu const here;
    if (test::cannot_load()) return;
    auto const e = events{};
    auto seen = std::vector<u64>{};
    auto buffer = user::perf_buffer{map<spec::perf_event_array<>>{e.map.get()}, [&](int cpu, auto record) {
                                        CHECK(cpu >= 0);
                                        CHECK(cpu < libbpf_num_possible_cpus());
                                        REQUIRE(record.size() >= 8);
                                        u64 number;
                                        std::memcpy(&number, record.data(), 8);
                                        seen.push_back(number);
                                    }};
    CHECK(buffer.consume() == 0);
    CHECK(buffer.poll(0ms) == 0);
    auto wait = pollfd{buffer.epoll_fd(), POLLIN, 0};
    CHECK(poll(&wait, 1, 0) == 0);
    e.send(3);
    CHECK(poll(&wait, 1, 1000) == 1);
    CHECK(buffer.consume() == 3);
    e.send();
    CHECK(buffer.poll(1000ms) == 1);
    seen.pop_back();
    CHECK(seen == std::vector<u64>{42, 42, 42});
    auto moved = std::move(buffer);
    e.send();
    CHECK(moved.consume() == 1);
    CHECK(moved.lost() == 0);
}

TEST_CASE("what does not fit is counted") {
    test::one_cpu const here;
    if (test::cannot_load()) return;
    auto const e = events{};
    auto told = u64{0};
    auto buffer = user::perf_buffer{e.map.get(), [](int, auto) {}, 1, [&](int, u64 count) { told += count; }};
    e.send(1000);
    auto const got = buffer.consume();
    CHECK(got > 0);
    CHECK(got < 1000);
    CHECK(buffer.lost() == 0);
    e.send(); // tells
    CHECK(buffer.consume() == 1);
    CHECK(buffer.lost() == 1000u - static_cast<u32>(got));
    CHECK(told == buffer.lost());
    // And once more: they are added up.
    e.send(1000);
    auto const more = buffer.consume();
    e.send();
    CHECK(buffer.consume() == 1);
    CHECK(buffer.lost() == 2000u - static_cast<u32>(got + more));
    CHECK(told == buffer.lost());
}

TEST_CASE("what the callback for losses throws comes out, too") {
    test::one_cpu const here;
    if (test::cannot_load()) return;
    auto const e = events{};
    auto buffer =
        user::perf_buffer{e.map.get(), [](int, auto) {}, 1, [](int, u64) { throw std::domain_error{"too many"}; }};
    e.send(1000);
    CHECK(buffer.consume() > 0);
    e.send();
    CHECK_THROWS_WITH(buffer.consume(), "too many");
    CHECK(buffer.lost() > 0);
}

TEST_CASE("what a callback throws comes out") {
    if (test::cannot_load()) return;
    auto const e = events{};
    auto calls = 0;
    auto buffer = user::perf_buffer{e.map.get(), [&](int, auto) {
                                        if (++calls == 2) throw std::domain_error{"enough"};
                                        if (calls == 3) throw std::range_error{"more than enough"};
                                    }};
    e.send(4);
    CHECK_THROWS_AS(buffer.poll(1000ms), std::domain_error);
    CHECK(calls == 4);
    e.send();
    CHECK(buffer.consume() == 1);
}

TEST_CASE("a map of another kind is refused") {
    if (test::cannot_load()) return;
    auto const array = test::make_map(BPF_MAP_TYPE_ARRAY, 4, 8, 1);
    auto const e = failure_of([&] { user::perf_buffer{array.get(), [](int, auto) {}}; });
    CHECK(has(e.what(), "cannot open a perf buffer"));
    CHECK(e.code() == EINVAL);
}
