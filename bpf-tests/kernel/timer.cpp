// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "timer.bpf.cpp"
#include <bpfxx/user/map.hpp>
#include <support/both.hpp>

using test::both;

namespace {
enum what : u8 { flow_packet, flow_cancel, clock_start, clock_stop };
auto ask(u8 what, u32 key, u32 milliseconds = 0) -> std::vector<u8> {
    request r{be32{key}, be32{milliseconds}, what, {}};
    auto const *const at = reinterpret_cast<u8 const *>(&r);
    return {at, at + sizeof r};
}
auto answer_of(test::answer const &a) -> i64 { return static_cast<i64>(a.number(0)); }
template <class Spec> auto natively(both &run, char const *name) -> host::map<Spec> {
    return host::map<Spec>{run.native_map(name)};
}
} // namespace

TEST_CASE("a flow without packets is forgotten") {
    both run{touch};
    CHECK(answer_of(run.step(ask(flow_packet, 7, 50))) == 0);
    CHECK(run.step(ask(flow_packet, 8, 100'000)).number(1) == 1);
    CHECK(run.step(ask(flow_packet, 7, 50)).number(1) == 2);
    run.wait(200);
    CHECK(run.step(ask(flow_cancel, 7)).why == reason::not_found);
    CHECK(answer_of(run.step(ask(flow_cancel, 8))) == 1);
    CHECK(answer_of(run.step(ask(flow_cancel, 8))) == 0); // it ran no more
    CHECK_FALSE(natively<flows_spec>(run, "flows").lookup(7));
    run.each_kernel_map("flows", [](int fd) {
        auto const flows = user::map<flows_spec>{fd};
        CHECK_FALSE(flows.lookup(7));
        CHECK(flows.lookup(8));
    });
}

TEST_CASE("a timer that was never started") {
    both run{touch};
    CHECK(answer_of(run.step(ask(clock_stop, 1))) == -EINVAL);
    CHECK(run.step(ask(clock_stop, 2)).why == reason::not_found);
}

TEST_CASE("a function that asks for it runs again") {
    both run{touch};
    CHECK(answer_of(run.step(ask(clock_start, 1, 1))) == 0);
    run.wait(200);
    CHECK(answer_of(run.step(ask(clock_stop, 1))) == 0);
    using clocks_spec = spec::array<ticker, 2>;
    CHECK(natively<clocks_spec>(run, "clocks").lookup(1)->ticks == 5);
    run.each_kernel_map("clocks", [](int fd) { CHECK(user::map<clocks_spec>{fd}.lookup(1)->ticks == 5); });
}

TEST_CASE("a timer ends with its entry, and rings at its time") {
    both run{touch};
    run.step(ask(flow_packet, 1, 50));
    run.step(ask(flow_packet, 2, 20));
    auto flows = natively<flows_spec>(run, "flows");
    CHECK(host::timers().size() == 2);
    host::pass_time(19'999'999);
    CHECK(flows.lookup(2));
    host::pass_time(1);
    CHECK_FALSE(flows.lookup(2));
    CHECK(host::timers().size() == 1);
    flows.erase(1);
    CHECK(host::timers().empty());
    run.step(ask(flow_packet, 3, 50));
    flows.update(3, {});
    CHECK(host::timers().empty());
}
