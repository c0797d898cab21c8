// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "print.bpf.cpp"
#include <support/both.hpp>

using test::both;

TEST_CASE("text is as long as it should be") {
    both run{print};
    host::printed().clear();
    auto const a = run.step(std::vector<u8>(60));
    REQUIRE(host::printed().size() == 4);
    CHECK(host::printed()[0] == "no value, 100%");
    CHECK(host::printed()[1] == "60 bytes");
    CHECK(host::printed()[2] == "-1 10000000000 000ff");
    CHECK(host::printed()[3] == "1 2 3 4 1099511627776");
    for (u32 i = 0; i < 4; i++) CHECK(a.number(i) == host::printed()[i].size());
}

TEST_CASE("what a format fits") {
    using bpfxx::detail::values;
    static_assert(values<>::fit("plain") && values<>::fit("%%") && !values<>::fit("%d") && !values<>::fit("%"));
    static_assert(values<int>::fit("%d") && values<u32>::fit("%u") && values<u8>::fit("%02x") &&
                  values<char>::fit("%c"));
    static_assert(!values<int>::fit("%lld") && !values<u64>::fit("%d") && values<u64>::fit("%llu") &&
                  values<i64>::fit("%ld"));
    static_assert(!values<int>::fit("%s") && values<char const *>::fit("%s") && values<char[16]>::fit("%s"));
    static_assert(values<void *>::fit("%p") && !values<void *>::fit("%llx") && !values<int>::fit("%p"));
    static_assert(!values<int, int>::fit("%d") && !values<int>::fit("%d %d") && !values<int>::fit("%f"));
    SUCCEED();
}

TEST_CASE("global variables stay from run to run") {
    both run{counting};
    for (u64 i = 1; i < 5; i++) {
        auto const a = run.step(std::vector<u8>(60));
        CHECK(a.number(0) == i);
        CHECK(a.number(1) == i * 60);
        CHECK(a.number(2) == (i < 3 ? 3 - i : 0));
        CHECK(a.number(3) == 5);
        CHECK(a.verdict == (i < 3 ? xdp::pass : xdp::drop));
    }
    host::object const object{""};
    CHECK(object.config<totals>("total").runs == 4);
}

TEST_CASE("natively an iterator is called with its objects") {
    task_struct parent{1, nullptr}, child{2, &parent};
    iter::meta meta{nullptr, 0, 5};
    host::written().clear();
    u64 words[] = {reinterpret_cast<u64>(&meta), reinterpret_cast<u64>(&child)};
    CHECK(tasks(words) == 0);
    words[1] = 0;
    CHECK(tasks(words) == 0); // behind the last one
    CHECK(host::written() == "2 of 1, 5 before\n.");
}
