// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "netfilter.bpf.cpp"
#include <bpfxx/user/netfilter_link.hpp>
#include <kernel/datagrams.hpp>
#include <support/both.hpp>
#include <support/each_object.hpp>
#include <support/packet.hpp>
#include <user/network.hpp>

TEST_CASE("natively a packet is its bytes") {
    auto const frame = test::packet{}.ethernet().ipv4().udp({.dst = 53}).payload("drop").bytes();
    auto const bytes = std::vector<u8>(frame.begin() + 14, frame.end());
    CHECK(host::run(incoming, bytes).verdict == netfilter::drop);
    for (std::size_t length = 0; length < bytes.size(); length++)
        CHECK(host::run(incoming, std::span{bytes}.first(length)).verdict == netfilter::accept);
}

TEST_CASE("at a hook") {
    if (test::cannot_load()) return;
    if (!test::kernel_has(6, 4)) {
        WARN("SKIPPED: Linux 6.4 has netfilter programs");
        return;
    }
    test::each_loaded([&](user::object const &o) {
        test::network const own;
        auto const p = o.program("incoming");
        auto const server = test::bound(5300), client = test::udp_socket();
        {
            auto const link = user::attach_netfilter(p, {});
            CHECK(test::send_to(client, 5300, "drop me") == 0);
            CHECK(test::received(server) == "nothing");
            CHECK(test::send_to(client, 5300, "keep me, and " + std::string(200, 'x')) == 0);
            CHECK(test::received(server).starts_with("keep me"));
            auto const left = test::value_at<test::observation>(o, "seen");
            CHECK(left.number[0] == 5300);
            CHECK(left.number[1] == 28 + 213);
            CHECK(left.number[2] == static_cast<u64>(netfilter::hook::local_in));
            CHECK(left.number[3] == 2);
            CHECK(left.number[4] == 1);
            CHECK(left.number[5] == 0);
            CHECK(left.number[6] == 213);
            CHECK(left.number[7] == 'k');
        }
        CHECK(test::send_to(client, 5300, "drop me") == 0);
        CHECK(test::received(server) == "drop me");
    });
}
