// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/core/int.hpp>
#include <bpfxx/user/iterator.hpp>
#include <kernel/traced.hpp>

using namespace bpfxx;

TEST_CASE("an iterator over tasks writes text") {
    test::each_traced("tasks", [](user::object const &o) {
        auto const text = user::read_all(o.program("tasks"));
        auto const id = std::to_string(getpid());
        auto const own = text.find(id + " " + id + " iter\n"), end = text.find("end of ");
        CHECK(own == 0);
        REQUIRE(end != text.npos); // behind the last one it is called once more
        CHECK(std::stoul(text.substr(end + 7)) > 1);
        CHECK(text.ends_with('\n'));
    });
}

TEST_CASE("an iterator over tasks writes objects") {
    test::each_traced("raw_tasks", [](user::object const &o) {
        auto const ids = user::read_all(o.program("raw_tasks"));
        REQUIRE(ids.size() % 4 == 0);
        auto found = 0;
        for (std::size_t i = 0; i < ids.size(); i += 4) {
            u32 one;
            std::memcpy(&one, ids.data() + i, 4);
            found += one == static_cast<u32>(getpid()) ? 1 : 0;
        }
        CHECK(found == 1);
    });
}
