// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/user/descriptor.hpp>
#include <bpfxx/user/socket_link.hpp>
#include <type_traits>
#include <user/expect.hpp>
#include <user/raw_program.hpp>

using namespace bpfxx;
using namespace bpfxx::user;
using test::failure_of;
using test::has;

static_assert(!std::is_copy_constructible_v<socket_link> && std::is_nothrow_move_constructible_v<socket_link>);

namespace {
auto filter() -> descriptor {
    return test::load_raw({test::insn::move(0, -1), test::insn::exit()}, "keep", BPF_PROG_TYPE_SOCKET_FILTER);
}
/// Whether a filter is at the socket: only then there is one to take away.
auto has_filter(int socket) -> bool {
    int const none = 0;
    return setsockopt(socket, SOL_SOCKET, SO_DETACH_FILTER, &none, sizeof none) == 0;
}
} // namespace

TEST_CASE("a filter is at its socket for as long as its link lives") {
    if (test::cannot_load()) return;
    auto const p = filter();
    auto const one = descriptor{socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    auto const other = descriptor{socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    { auto const held = attach_socket_filter(program{p.get()}, one.get()); }
    CHECK_FALSE(has_filter(one.get()));
    auto a = attach_socket_filter(program{p.get()}, one.get());
    auto b = std::move(a);
    CHECK_FALSE(a.is_attached()); // NOLINT(bugprone-use-after-move)
    CHECK(b.is_attached());
    b = attach_socket_filter(program{p.get()}, other.get());
    CHECK_FALSE(has_filter(one.get()));
    b.release();
    CHECK_FALSE(b.is_attached());
    CHECK(has_filter(other.get()));
}

TEST_CASE("a link that is put in the place of one of another kind detaches as that other one does") {
    if (test::cannot_load()) return;
    auto const p = filter(), choice = test::load_raw({test::insn::move(0, 0), test::insn::exit()}, "choose",
                                                     BPF_PROG_TYPE_SK_REUSEPORT);
    auto const one = descriptor{socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    auto const other = descriptor{socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    int const yes = 1, none = 0;
    REQUIRE(setsockopt(one.get(), SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes) == 0);
    auto const has_choice = [&] {
        return setsockopt(one.get(), SOL_SOCKET, SO_DETACH_REUSEPORT_BPF, &none, sizeof none) == 0;
    };
    auto held = attach_reuseport(program{choice.get()}, one.get());
    held = attach_socket_filter(program{p.get()}, other.get());
    CHECK_FALSE(has_choice());
    held.detach();
    CHECK_FALSE(has_filter(other.get()));
    held = attach_reuseport(program{choice.get()}, one.get());
    held.release();
    CHECK(has_choice());
}

TEST_CASE("only to a socket, and only programs for it") {
    if (test::cannot_load()) return;
    auto const p = filter();
    CHECK(failure_of([&] { attach_socket_filter(program{p.get()}, -1); }).code() == EBADF);
    auto const e = failure_of([&] { attach_reuseport(program{p.get()}, 0); });
    CHECK(has(e.what(), "cannot attach program 'keep' to a socket: Invalid argument"));
    CHECK(has(e.what(), "it is of another type"));
}
