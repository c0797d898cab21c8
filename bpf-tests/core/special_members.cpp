// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// What the kernel does with them: kernel/lock.cpp, kernel/timer.cpp.
#include <bpfxx/core/special_members.hpp>
#include <support/catch.hpp>

using namespace bpfxx;

namespace {
struct plain {
    u64 packets;
};
struct account {
    bpf_spin_lock lock;
    u64 packets;
};
struct expiring {
    u64 packets;
    bpf_timer timer;
};
struct both_of_them {
    bpf_spin_lock lock;
    bpf_timer timer;
};
struct by_another_name {
    bpf_spin_lock guard;
    bpf_timer alarm;
};
struct of_another_type {
    u32 lock, timer;
};
} // namespace
static_assert(!lockable<plain> && !timed<plain>);
static_assert(lockable<account> && !timed<account>);
static_assert(!lockable<expiring> && timed<expiring>);
static_assert(lockable<both_of_them> && timed<both_of_them>);
static_assert(!lockable<by_another_name> && !timed<by_another_name>);
static_assert(!lockable<of_another_type> && !timed<of_another_type>);

TEST_CASE("numbers have no members") {
    STATIC_REQUIRE(!lockable<u64>);
    STATIC_REQUIRE(!timed<u64>);
}
