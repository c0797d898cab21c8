// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "verdict.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet;

// An action is itself, and a reason is what the policy makes of it.
static_assert(xdp::verdict<>{xdp::tx}.code == xdp::tx && xdp::verdict<>{xdp::tx}.why == reason::none);
static_assert(xdp::verdict<>{reason::fragment}.code == xdp::pass);
static_assert(xdp::verdict<>{reason::fragment}.why == reason::fragment);
static_assert(xdp::verdict<xdp::drop>{reason::truncated}.code == xdp::drop);
static_assert(xdp::verdict<by_reason>{reason::malformed}.code == xdp::drop);
static_assert(xdp::verdict<by_reason>{reason::truncated}.code == xdp::aborted);
static_assert(xdp::verdict<by_reason>{reason::too_deep}.code == xdp::pass);
static_assert(tc::verdict<>{reason::malformed}.code == tc::unspec);
static_assert(tc::verdict<tc::shot>{reason::malformed}.code == tc::shot);
// A reason that makes no difference need not be found.
static_assert(detail::indifferent<xdp::action, xdp::pass> && detail::indifferent<xdp::action, always>);
static_assert(!detail::indifferent<xdp::action, by_reason>);
static_assert(!detail::indifferent<xdp::action, [](reason r) { return r == reason::not_found ? xdp::tx : xdp::drop; }>);
static_assert(detail::policy<xdp::action, xdp::action> && !detail::policy<int, xdp::action>);
static_assert(!detail::policy<tc::action, xdp::action>);
// And a failed result is only asked for its reason if that makes a difference.
constexpr result<u32> failed{reason::malformed};
static_assert(xdp::verdict<by_reason>{failure{failed}}.code == xdp::drop);
static_assert(xdp::verdict<by_reason>{failure{failed}}.why == reason::malformed);
static_assert(xdp::verdict<always>{failure{failed}}.code == xdp::tx);
static_assert(xdp::verdict<always>{failure{failed}}.why == reason::none);
static_assert(xdp::verdict<always, true>{failure{failed}}.why == reason::malformed); // it is counted

TEST_CASE("an action, a reason, and a failed result") {
    both a{plain}, b{telling}, c{alike};
    auto const first = [](u8 n, test::byte_string const &bytes) { return test::patched(bytes, 0, {n}); };
    auto const good = packet{}.ethernet().ipv4().udp().bytes(), other = packet{}.ethernet().ipv4().tcp().bytes();
    auto const broken = packet{}.ethernet().ipv4({.ihl = 4}).udp().bytes();
    auto const check = [&](test::byte_string const &bytes, int plainly, int told, int always) {
        CHECK(a.run(bytes).verdict == plainly);
        CHECK(b.run(bytes).verdict == told);
        CHECK(c.run(bytes).verdict == always);
    };
    check({}, xdp::pass, xdp::aborted, xdp::tx);
    check(first(1, good), xdp::redirect, xdp::redirect, xdp::redirect);
    check(first(2, good), xdp::pass, xdp::drop, xdp::tx);
    check(first(3, good), xdp::pass, xdp::pass, xdp::tx);
    for (u8 which : {4, 5}) {
        check(first(which, other), xdp::pass, xdp::pass, xdp::tx);
        check(first(which, broken), xdp::pass, xdp::drop, xdp::tx);
    }
    check(first(4, good), xdp::pass, xdp::pass, xdp::tx); // `none` as a reason is one that the policy knows nothing of
    check(first(5, good), xdp::redirect, xdp::redirect, xdp::redirect);
    b.sweep(first(5, good), [](std::size_t length, test::answer const &is) {
        return is.verdict == (length < 42 ? xdp::aborted : xdp::redirect);
    });
}
