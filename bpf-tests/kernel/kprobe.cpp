// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/core/int.hpp>
#include <bpfxx/user/perf_link.hpp>
#include <kernel/traced.hpp>

using namespace bpfxx;

extern "C" [[gnu::noinline]] auto bpfxx_traced(int a, u64 b, char const *text, u16 c) -> u64 {
    asm volatile("" : : "r"(text) : "memory");
    return static_cast<u64>(a) + b + c;
}

namespace {
auto attached(user::program const &p, bool named, bool at_return) -> user::link {
    if (named) return user::attach(p);
    return user::attach_uprobe(p, {"/proc/self/exe", "bpfxx_traced", -1, at_return});
}
} // namespace

TEST_CASE("functions of a process") {
    for (bool const named : {false, true}) {
        auto const *const begin = named ? "named" : "function", *const end = named ? "named_end" : "function_end";
        test::each_traced(begin, [&](user::object const &o) {
            auto const link = attached(o.program(begin), named, false);
            CHECK(bpfxx_traced(5, u64{1} << 40, "text", 9) == (u64{1} << 40) + 14);
            auto const left = test::left_by(o);
            CHECK(left.number[0] == 5);
            CHECK(left.number[1] == u64{1} << 40);
            CHECK(left.number[2] == 't');
            CHECK(left.number[3] == 'e');
            CHECK(left.number[4] == 9);
        });
        test::each_traced(end, [&](user::object const &o) {
            auto const link = attached(o.program(end), named, true);
            bpfxx_traced(5, 6, "", 9);
            CHECK(test::left_by(o).number[0] == 20);
        });
    }
}

TEST_CASE("any function of the kernel, where it has kprobes") {
    if (access("/sys/bus/event_source/devices/kprobe", F_OK) != 0) {
        test::each_traced("probed", [](user::object const &o) { // every kernel loads it
            CHECK(test::has(test::failure_of([&] { user::attach(o.program("probed")); }).what(), "probed"));
        });
        WARN("SKIPPED: this kernel has no kprobes");
        return;
    }
    test::each_traced("probed", [](user::object const &o) {
        auto const link = user::attach(o.program("probed"));
        unlink("/nowhere/at/all");
        CHECK(test::left_by(o).number[1] == 1);
    });
    test::each_traced("probed_back", [](user::object const &o) {
        auto const link = user::attach(o.program("probed_back"));
        unlink("/nowhere/at/all");
        CHECK(static_cast<i64>(test::left_by(o).number[0]) == -ENOENT);
    });
}
