// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// What a program takes out of it: kernel/map/user_ring_buffer.cpp.
#include <bpfxx/user/user_ring_buffer.hpp>
#include <type_traits>
#include <user/expect.hpp>
#include <user/raw_program.hpp>
#include <vector>

using namespace bpfxx;
using test::failure_of;
using test::has;

static_assert(!std::is_copy_constructible_v<user::user_ring_buffer>);
static_assert(std::is_nothrow_move_constructible_v<user::user_ring_buffer>);

namespace {
auto buffer() -> user::descriptor { return test::make_map(BPF_MAP_TYPE_USER_RINGBUF, 0, 0, 4096); }
auto cannot_make() -> bool {
    if (test::cannot_load()) return true;
    if (test::kernel_has(6, 1)) return false;
    WARN("SKIPPED: Linux 6.1 has user ring buffers");
    return true;
}
} // namespace

TEST_CASE("records are taken until the buffer is full") {
    if (cannot_make()) return;
    auto map = buffer();
    auto to = user::user_ring_buffer{map.get()};
    map.reset(); // it is no longer needed
    auto sent = 0;
    while (to.send(u64{1})) REQUIRE(++sent < 1000);
    CHECK(sent == 4096 / 16); // eight bytes each, behind eight of the kernel's
    CHECK_FALSE(to.send(u64{2}));
}

TEST_CASE("a record that can never fit is an error") {
    if (cannot_make()) return;
    auto const map = buffer();
    auto to = user::user_ring_buffer{user::map<spec::user_ring_buffer<4096>>{map.get()}};
    CHECK(has(failure_of([&] { to.send(std::vector<std::byte>(5000)); }).what(), "cannot send a record of 5000 bytes"));
    CHECK(to.send(std::vector<std::byte>(4000)));
}

TEST_CASE("only a user ring buffer is opened") {
    if (cannot_make()) return;
    auto const array = test::make_map(BPF_MAP_TYPE_ARRAY, 4, 4, 1);
    for (auto const fd : {-1, array.get()})
        CHECK(has(failure_of([&] { user::user_ring_buffer{fd}; }).what(), "cannot open a user ring buffer"));
}
