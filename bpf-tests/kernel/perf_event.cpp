// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "perf_event.bpf.cpp"
#include <bpfxx/user/perf_link.hpp>
#include <support/each_object.hpp>

TEST_CASE("natively a sample is its context") {
    bpf_perf_event_data context{};
    context.sample_period = 4711, context.addr = 0x1234'5678'9abc;
    CHECK(timer(&context) == perf_event::drop);
    u32 const first = 0;
    auto const &left = *static_cast<test::observation *>(host::storage_of(&seen).lookup(&first));
    CHECK(left.number[0] == 4711);
    CHECK(left.number[1] == 0x1234'5678'9abc);
}

TEST_CASE("a timer of the perf subsystem") {
    test::each_loaded([](user::object const &o) {
        auto what = perf_event_attr{};
        what.type = PERF_TYPE_SOFTWARE;
        what.config = PERF_COUNT_SW_CPU_CLOCK;
        what.sample_period = 1'000'000; // ns
        auto const link = user::attach_perf_event(o.program("timer"), what);
        auto const period = [&] { return test::value_at<test::observation>(o, "seen").number[0]; };
        for (auto tries = 0; tries < 1000 && period() == 0; tries++)
            for (auto i = 0; i < 100'000; i++) asm volatile("");
        CHECK(period() == 1'000'000);
    });
}
