// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/user/ring_buffer.hpp>
#include <bpfxx/user/test_run.hpp>
#include <cstring>
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

static_assert(!std::is_copy_constructible_v<user::ring_buffer> &&
              std::is_nothrow_move_constructible_v<user::ring_buffer>);

namespace {
struct events {
    descriptor map = test::make_map(BPF_MAP_TYPE_RINGBUF, 0, 0, 4096, "events");
    descriptor sender = test::report_always(map.get(), 42);
    auto send(u32 count = 1) const -> void {
        test_run(program{sender.get()}, std::vector<std::byte>(60), {.repeat = count});
    }
};
auto number(std::span<std::byte const> record) -> u64 {
    REQUIRE(record.size() == 8);
    u64 result;
    std::memcpy(&result, record.data(), 8);
    return result;
}
} // namespace

TEST_CASE("each record reaches the callback") {
    if (test::cannot_load()) return;
    auto const e = events{};
    auto seen = std::vector<u64>{};
    auto ring = user::ring_buffer{map<spec::ring_buffer<4096>>{e.map.get()},
                                  [&](auto record) { seen.push_back(number(record)); }};
    CHECK(ring.consume() == 0);
    CHECK(ring.poll(0ms) == 0);
    auto const start = std::chrono::steady_clock::now();
    CHECK(ring.poll(20ms) == 0);
    CHECK(std::chrono::steady_clock::now() - start >= 20ms);
    e.send(3);
    CHECK(ring.poll(1000ms) == 3);
    CHECK(seen == std::vector<u64>{42, 42, 42});
    e.send();
    auto moved = std::move(ring);
    CHECK(moved.consume() == 1);
    CHECK(seen.size() == 4);
}

TEST_CASE("its descriptor is readable while there are records") {
    if (test::cannot_load()) return;
    auto const e = events{};
    auto ring = user::ring_buffer{e.map.get(), [](auto) {}};
    auto wait = pollfd{ring.epoll_fd(), POLLIN, 0};
    CHECK(poll(&wait, 1, 0) == 0);
    e.send();
    CHECK(poll(&wait, 1, 1000) == 1);
    CHECK(ring.consume() == 1);
}

TEST_CASE("what the callback throws comes out, and the records behind it are not lost") {
    if (test::cannot_load()) return;
    auto const e = events{};
    auto calls = 0;
    auto ring = user::ring_buffer{e.map.get(), [&](auto) {
                                      if (++calls == 2) throw std::domain_error{"enough"};
                                  }};
    e.send(4);
    CHECK_THROWS_AS(ring.poll(1000ms), std::domain_error);
    CHECK(calls == 2);
    CHECK(ring.consume() == 2);
    CHECK(calls == 4);
    e.send(6);
    calls = 0;
    CHECK_THROWS_WITH(ring.consume(), "enough");
    CHECK(ring.consume() == 4);
}

TEST_CASE("a map that is no ring buffer is refused") {
    if (test::cannot_load()) return;
    auto const array = test::make_map(BPF_MAP_TYPE_ARRAY, 4, 8, 1);
    auto const e = failure_of([&] { user::ring_buffer{array.get(), [](auto) {}}; });
    CHECK(has(e.what(), "cannot open a ring buffer"));
    CHECK(e.code() == EINVAL);
    CHECK(failure_of([] { user::ring_buffer{-1, [](auto) {}}; }).code() == EBADFD);
}
