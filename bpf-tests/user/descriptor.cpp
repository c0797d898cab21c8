// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/user/descriptor.hpp>
#include <type_traits>
#include <user/expect.hpp>

using bpfxx::test::failure_of;
using bpfxx::user::descriptor;

static_assert(!std::is_copy_constructible_v<descriptor> && !std::is_copy_assignable_v<descriptor>);
static_assert(std::is_nothrow_move_constructible_v<descriptor> && std::is_nothrow_move_assignable_v<descriptor>);

namespace {
auto is_open(int fd) -> bool { return fcntl(fd, F_GETFD) >= 0; }
auto fresh() -> descriptor { return descriptor{open("/dev/null", O_RDONLY | O_CLOEXEC)}; }
} // namespace

TEST_CASE("a descriptor is closed once, by its last owner") {
    int number = -1;
    {
        auto a = fresh();
        number = a.get();
        auto b = std::move(a);
        CHECK_FALSE(static_cast<bool>(a)); // NOLINT(bugprone-use-after-move)
        CHECK(b.get() == number);
        CHECK(is_open(number));
    }
    CHECK_FALSE(is_open(number));
    CHECK_FALSE(static_cast<bool>(descriptor{}));
}

TEST_CASE("assignment closes what was there, and not what comes") {
    auto a = fresh();
    auto b = fresh();
    auto const old = a.get(), kept = b.get();
    a = std::move(b);
    CHECK_FALSE(is_open(old));
    CHECK(a.get() == kept);
    auto &same = a;
    a = std::move(same);
    CHECK(is_open(kept));
    auto const given = a.release();
    a.reset();
    CHECK(is_open(given));
    close(given);
}

TEST_CASE("a duplicate lives on its own, and not in a program that is started") {
    auto a = fresh();
    auto const b = descriptor::duplicate(a.get());
    a.reset();
    CHECK(is_open(b.get()));
    CHECK((fcntl(b.get(), F_GETFD) & FD_CLOEXEC) != 0);
    CHECK(failure_of([] { descriptor::duplicate(-1); }).code() == EBADF);
}
