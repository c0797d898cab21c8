// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "counters.bpf.cpp"
#include <support/both.hpp>
#include <support/dump.hpp>
#include <support/packet.hpp>
#include <vector>

using test::both, test::packet;

namespace {
struct table {
    xdp::tally by[reason_count];
};
auto native(both &run, char const *name) -> table {
    table t;
    for (u32 i = 0; i < reason_count; i++) std::memcpy(&t.by[i], run.native_map(name).lookup(&i), sizeof t.by[i]);
    return t;
}
/// Sums over the CPUs.
auto kernel(int fd) -> table {
    table t{};
    std::vector<xdp::tally> values(static_cast<std::size_t>(libbpf_num_possible_cpus()));
    for (u32 i = 0; i < reason_count; i++) {
        REQUIRE(bpf_map_lookup_elem(fd, &i, values.data()) == 0);
        for (auto const &v : values) {
            t.by[i].aborted += v.aborted;
            t.by[i].drop += v.drop;
            t.by[i].pass += v.pass;
            t.by[i].tx += v.tx;
            t.by[i].redirect += v.redirect;
        }
    }
    return t;
}
auto at(table const &t, reason why) -> xdp::tally const & { return t.by[static_cast<u32>(why)]; }
auto same(table const &a, table const &b) -> bool { return std::memcmp(&a, &b, sizeof a) == 0; }

auto send(both &run) -> void {
    auto const eth = [] { return packet{}.ethernet(); };
    for (u16 action = 0; action < 7; action++)
        for (u16 times = 0; times <= action; times++) run.step(eth().ipv4().udp({.dst = action}));
    for (u32 i = 0; i < 3; i++) run.step(eth().ipv4().tcp());
    for (u32 i = 0; i < 4; i++) run.step(eth().ipv4({.version = 7}).udp());
    for (u32 i = 0; i < 5; i++) run.step(eth().ipv4({.fragment_offset = 9}).udp());
    for (u32 i = 0; i < 6; i++) run.step(eth().ipv4());
    for (u32 i = 0; i < 2; i++) run.step(eth().ipv4({.protocol = u8{17}}));
}
} // namespace

TEST_CASE("verdicts are counted by reason, and the reason is found for it") {
    both run{first};
    send(run);
    auto const t = native(run, "first_counts");
    auto const &good = at(t, reason::none);
    CHECK(good.aborted == 1 + 6 + 7); // what is no action is one to the kernel: aborted
    CHECK(good.drop == 2);
    CHECK(good.pass == 3);
    CHECK(good.tx == 4);
    CHECK(good.redirect == 5);
    CHECK(at(t, reason::other_protocol).pass == 3 + 6);
    CHECK(at(t, reason::malformed).pass == 4);
    CHECK(at(t, reason::fragment).pass == 5);
    CHECK(at(t, reason::truncated).pass == 2);
    CHECK(at(t, reason::too_deep).pass == 0);
    CHECK(at(t, reason::truncated).drop == 0);
    run.each_kernel_map("first_counts", [&](int fd) { CHECK(same(kernel(fd), t)); });
    run.each_kernel_map("second_counts", [&](int fd) { CHECK(same(kernel(fd), table{})); });
}

TEST_CASE("each program has its own counters, and its own policy") {
    both run{second};
    send(run);
    auto const t = native(run, "second_counts");
    CHECK(at(t, reason::none).redirect == 5);
    CHECK(at(t, reason::other_protocol).pass == 9);
    CHECK(at(t, reason::malformed).drop == 4);
    CHECK(at(t, reason::fragment).redirect == 5);
    CHECK(at(t, reason::truncated).drop == 2);
    run.each_kernel_map("second_counts", [&](int fd) { CHECK(same(kernel(fd), t)); });
    CHECK(same(native(run, "first_counts"), table{}));
    run.each_kernel_map("first_counts", [&](int fd) { CHECK(same(kernel(fd), table{})); });
}

TEST_CASE("a program without counters answers the same") {
    both counted{second}, plain{third};
    for (u16 action = 0; action < 7; action++) {
        auto const p = packet{}.ethernet().ipv4().udp({.dst = action}).bytes();
        CHECK(counted.run(p).verdict == plain.run(p).verdict);
    }
    for (std::size_t size = 0; size <= 42; size++) {
        auto p = packet{}.ethernet().ipv4().udp().bytes();
        p.resize(size);
        CHECK(counted.run(p).verdict == plain.run(p).verdict);
    }
}

TEST_CASE("bpftool names what is counted") {
    both run{first};
    run.step(packet{}.ethernet().ipv4().udp({.dst = 1}));
    run.each_kernel_map("first_counts", [](int fd) {
        auto const entries = test::dump(fd);
        INFO(entries);
        REQUIRE(entries.size() == reason_count);
        u64 drop = 0;
        for (auto const &cpu : entries[0].at("formatted").at("values")) {
            auto const &value = cpu.at("value");
            drop += value.at("drop").get<u64>();
            CHECK(value.at("aborted").get<u64>() + value.at("pass").get<u64>() + value.at("tx").get<u64>() +
                      value.at("redirect").get<u64>() ==
                  0);
        }
        CHECK(drop == 1);
    });
}

namespace {
/// The numbers of a tally in their order, once these answers have been counted.
template <class Tally, class Action> auto counted_as(std::vector<int> const &answers) -> std::vector<u64> {
    Tally t{};
    for (auto const a : answers) add(t, static_cast<Action>(a));
    std::vector<u64> numbers(sizeof t / sizeof(u64));
    std::memcpy(numbers.data(), &t, sizeof t);
    return numbers;
}
using row = std::vector<u64>;
} // namespace

TEST_CASE("each kind of program has its own tally") {
    CHECK(counted_as<tc::tally, tc::action>({-1, 0, 0, 2, 2, 2, 4, 7, 7, 8, 1}) == row{1, 2, 3, 1, 2, 2});
    CHECK(counted_as<socket_filter::tally, socket_filter::action>({0, -1, 100}) == row{1, 2});
    CHECK(counted_as<lwt::tally, lwt::action>({0, 2, 2, 7, 7, 7, 128, 128, 128, 128}) == row{1, 2, 3, 4});
    CHECK(counted_as<sk_lookup::tally, sk_lookup::action>({0, 1, 1}) == row{1, 2});
    CHECK(counted_as<sk_reuseport::tally, sk_reuseport::action>({0, 1, 1}) == row{1, 2});
    CHECK(counted_as<sock_addr::tally, sock_addr::action>({0, 1, 1}) == row{1, 2});
    CHECK(counted_as<cgroup_sock::tally, cgroup_sock::action>({0, 1, 1}) == row{1, 2});
    CHECK(counted_as<sock_bind::tally, sock_bind::action>({0, 1, 3}) == row{1, 2});
    CHECK(counted_as<sock_named::tally, sock_named::action>({1, 1}) == row{2});
    CHECK(counted_as<perf_event::tally, perf_event::action>({0, 1, 1}) == row{1, 2});
    CHECK(counted_as<netfilter::tally, netfilter::action>({0, 1, 1}) == row{1, 2});
    CHECK(counted_as<sock_ops::tally, sock_ops::action>({0, 1, 1}) == row{1, 2});
    CHECK(counted_as<cgroup_skb::tally, cgroup_skb::action>({0, 1, 1}) == row{1, 2});
    CHECK(counted_as<flow_dissector::tally, flow_dissector::action>({0, 2, 2, 129, 129, 129}) == row{1, 2, 3});
    CHECK(counted_as<sk_skb::tally, sk_skb::action>({0, 1, 1}) == row{1, 2});
    CHECK(counted_as<stream_parser::tally, stream_parser::action>({5, 0, 0, -74, -1, -74}) == row{1, 2, 3});
    CHECK(counted_as<segment_filter::tally, segment_filter::action>({0, 7, 7, -1, -1, -1}) == row{1, 2, 3});
    CHECK(counted_as<sk_msg::tally, sk_msg::action>({0, 1, 1}) == row{1, 2});
}
