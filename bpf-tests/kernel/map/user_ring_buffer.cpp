// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "user_ring_buffer.bpf.cpp"
#include <bpfxx/user/user_ring_buffer.hpp>
#include <support/both.hpp>

using test::both;

namespace {
using orders_spec = spec::user_ring_buffer<4096>;
auto ask(u32 last) -> std::vector<u8> {
    request r{be32{last}, {}};
    auto const *const at = reinterpret_cast<u8 const *>(&r);
    return {at, at + sizeof r};
}
/// The writing ends of all sides.
class writers {
    host::map<orders_spec> native_;
    std::vector<std::unique_ptr<user::user_ring_buffer>> kernel_;

  public:
    explicit writers(both &run) : native_{run.native_map("orders")} {
        run.each_kernel_map("orders", [&](int fd) {
            kernel_.push_back(std::make_unique<user::user_ring_buffer>(user::map<orders_spec>{fd}));
        });
    }
    template <class Record> auto send(Record const &record) -> bool {
        auto const result = native_.send(record);
        for (auto const &w : kernel_) CHECK(w->send(record) == result);
        return result;
    }
};
constexpr u32 none = ~0u;
} // namespace

TEST_CASE("a program takes out what user space has sent, in order") {
    both run{take};
    writers write{run};
    CHECK(run.step(ask(none)).number(0) == 0);
    for (u32 i = 1; i <= 5; i++) CHECK(write.send(order{i, i * 10}));
    auto a = run.step(ask(3));
    CHECK(a.number(0) == 3); // the third one stopped it
    CHECK(a.number(1) == 6);
    CHECK(a.number(2) == 60);
    a = run.step(ask(none));
    CHECK(a.number(0) == 2);
    CHECK(a.number(1) == 9);
    CHECK(run.step(ask(none)).number(0) == 0);
}

TEST_CASE("what is too short is taken out and not seen") {
    both run{take};
    writers write{run};
    CHECK(write.send(u32{7}));
    CHECK(write.send(order{1, 1}));
    struct longer {
        order first;
        u64 more[3];
    };
    CHECK(write.send(longer{{2, 2}, {}}));
    auto const a = run.step(ask(none));
    CHECK(a.number(0) == 3);
    CHECK(a.number(1) == 3);
}

TEST_CASE("a full buffer takes no more until the program has run") {
    both run{take};
    writers write{run};
    for (u32 round = 0; round < 3; round++) {
        u32 sent = 0;
        while (write.send(order{1, 1})) REQUIRE(++sent < 1000);
        CHECK(sent == 4096 / 16);
        CHECK(run.step(ask(none)).number(0) == sent);
    }
}
