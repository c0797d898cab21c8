// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "cgroup_skb.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet;

static_assert(cgroup_skb::drop == 0 && cgroup_skb::allow == 1);
static_assert(name_of(cgroup_skb::drop)[0] == 'd' && name_of(cgroup_skb::allow)[0] == 'a');
static_assert(name_of(cgroup_skb::action{2})[0] == 'u');

static auto eth() -> packet { return packet{}.ethernet(); }

TEST_CASE("packets that arrive") {
    both run{arrives};
    auto const in = eth().ipv4({.ttl = 9}).udp({.dst = 54}).payload("abc").padded(70).bytes();
    auto const a = run.run(in);
    CHECK(a.verdict == cgroup_skb::allow);
    CHECK(a.bytes == test::patched(in, 0, test::byte_string(14)));
    CHECK((a.number(0) == 9 && a.number(1) == 54 && a.number(2) == 3 && a.number(3) == 56 && a.number(4) == 56));
    CHECK(run.run(eth().ipv4().udp({.dst = 53})).verdict == cgroup_skb::drop);
    run.sweep(eth().ipv4().udp({.dst = 53}).payload("abc"), [](std::size_t length, test::answer const &b) {
        return b.verdict == (length < 42 ? cgroup_skb::allow : cgroup_skb::drop); // the default does no harm
    });
    CHECK(run.run(eth().ipv6().udp({.dst = 53})).verdict == cgroup_skb::allow);
}

TEST_CASE("packets that leave") {
    both run{leaves};
    auto a = run.run(eth().ipv6().hop_by_hop().tcp({.dst = 443}).payload("abc"));
    CHECK((a.verdict == cgroup_skb::allow && a.number(0) == 1 && a.number(1) == 0 && a.number(2) == 443));
    CHECK(a.number(3) == 3);
    a = run.run(eth().ipv4({.options = test::byte_string(8, 1)}).udp({.dst = 22}));
    CHECK((a.verdict == cgroup_skb::drop && a.number(0) == 0 && a.number(1) == 1 && a.number(2) == 22));
    CHECK(run.run(eth().ipv4().icmp()).verdict == cgroup_skb::drop); // the policy
    run.sweep(eth().ipv6().tcp({.dst = 443}), [](std::size_t length, test::answer const &b) {
        return b.verdict == (length < 74 ? cgroup_skb::drop : cgroup_skb::allow);
    });
}

TEST_CASE("what a packet starts with is not the frame") {
    both run{no_frame};
    auto const a = run.run(eth().ipv4().udp().payload(test::byte_string(20)));
    CHECK(a.why != reason::none);
    CHECK(a.number(0) == 0x45);
}

TEST_CASE("verdicts are counted by reason") {
    both run{counted};
    run.step(eth().ipv4().udp().payload("yes"));
    for (u32 i = 0; i < 2; i++) run.step(eth().ipv4().udp().payload("no"));
    for (u32 i = 0; i < 3; i++) CHECK(run.step(eth().ipv4().tcp()).verdict == cgroup_skb::allow);
    for (u32 i = 0; i < 4; i++) CHECK(run.step(eth().ipv4({.ihl = 3}).udp()).verdict == cgroup_skb::drop);
    CHECK(run.step(eth().ipv4({.fragment_offset = 8}).udp()).why == reason::fragment);
    auto const check = [](auto const &read) {
        cgroup_skb::tally const good = read(reason::none), other = read(reason::other_protocol),
                                broken = read(reason::malformed), part = read(reason::fragment);
        CHECK((good.allow == 1 && good.drop == 2 && other.allow == 3 && other.drop == 0));
        CHECK((broken.drop == 4 && broken.allow == 0 && part.allow == 1));
    };
    check([&](reason why) {
        cgroup_skb::tally t;
        auto const index = static_cast<u32>(why);
        std::memcpy(&t, run.native_map("counts").lookup(&index), sizeof t);
        return t;
    });
    run.each_kernel_map("counts", [&](int fd) {
        check([&](reason why) {
            std::vector<cgroup_skb::tally> values(static_cast<std::size_t>(libbpf_num_possible_cpus()));
            auto const index = static_cast<u32>(why);
            REQUIRE(bpf_map_lookup_elem(fd, &index, values.data()) == 0);
            cgroup_skb::tally sum{};
            for (auto const &v : values) sum.drop += v.drop, sum.allow += v.allow;
            return sum;
        });
    });
}
