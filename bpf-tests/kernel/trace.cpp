// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "trace.bpf.cpp"
#include <bpfxx/user/test_run.hpp>
#include <kernel/traced.hpp>

namespace {
/// What the program leaves natively, and in the kernel with the same words.
auto check(char const *name, int (*native)(u64 *), std::vector<u64> words, std::vector<u64> const &expected) -> void {
    auto const same = [&](test::observation const &left) {
        for (std::size_t i = 0; i < expected.size(); i++) {
            INFO(i);
            CHECK(left.number[i] == expected[i]);
        }
    };
    REQUIRE(native(words.data()) == 0);
    u32 const first = 0;
    same(*static_cast<test::observation *>(host::storage_of(&seen).lookup(&first)));
    test::each_loaded([&](user::object const &o) {
        INFO(name);
        auto how = user::options<bpf_test_run_opts>{};
        how.ctx_in = words.data();
        how.ctx_size_in = static_cast<u32>(words.size() * sizeof(u64));
        REQUIRE(bpf_prog_test_run_opts(o.program(name).fd(), &how) == 0);
        CHECK(how.retval == 0);
        same(test::left_by(o));
    });
}
} // namespace

TEST_CASE("arguments are of the types that the program states, whatever lies above them in their words") {
    auto const all = ~u64{0}, above = all << 32;
    check("sorts", sorts,
          {0x1fe, 0x1fe, 0xffffe, 0xffffe, above | 0xfffffffe, above | 0xfffffffe, all - 1, all - 1, 1, 200,
           u64{1} << 47, 5},
          {all - 1, 0xfe, all - 1, 0xfffe, all - 1, 0xfffffffe, all - 1, all - 1, 1, 200, u64{1} << 47, 5});
}

TEST_CASE("a program may have no arguments, and may find them in another order") {
    check("no_arguments", no_arguments, {}, {1});
    check("turned", turned, {1, 2, 3, 4}, {4, 3});
    check("called_with", called_with, {7}, {1, 7});
}
