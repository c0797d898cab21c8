// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/user/iterator.hpp>
#include <support/each_object.hpp>
#include <user/raw_program.hpp>

using namespace bpfxx;
using test::failure_of;
using test::has;

TEST_CASE("all that an iterator writes is read, however much it is") {
    if (test::cannot_load()) return;
    std::vector<user::descriptor> some;
    for (auto i = 0; i < 40; i++) some.push_back(test::make_map(BPF_MAP_TYPE_ARRAY, 4, 4, 1));
    test::each_loaded([](user::object const &o) {
        auto const text = user::read_all(o.program("talks"));
        std::istringstream lines{text};
        std::vector<std::string> all;
        for (std::string line; std::getline(lines, line);) all.push_back(line);
        REQUIRE(all.size() > 40 * 8);
        CHECK(text.size() > 40 * 1024);                            // many reads
        CHECK(std::stoul(all.back()) == (all.size() - 1) / 8 - 1); // of the last one
        for (std::size_t i = 0; i + 1 < all.size(); i++) {
            REQUIRE(all[i].size() == 128);
            CHECK(std::stoul(all[i].substr(0, 64)) == i % 8);
            CHECK(std::stoul(all[i].substr(64)) == i / 8);
        }
        CHECK(user::read_all(o.program("is_silent")).empty());
    });
}

TEST_CASE("what is no iterator says so") {
    if (test::cannot_load()) return;
    auto const xdp = test::answer_always(XDP_PASS);
    auto const e = failure_of([&] { user::read_all(user::program{xdp.get()}); });
    CHECK(has(e.what(), "cannot read from iterator 'raw'"));
    CHECK(has(e.what(), "is it an iter program?"));
    CHECK(has(failure_of([&] { user::read_all(user::program{-1}); }).what(), "is not loaded"));
}
