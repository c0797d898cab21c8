// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "lwt.bpf.cpp"
#include <arpa/inet.h>
#include <cstdlib>
#include <support/both.hpp>
#include <support/packet.hpp>
#include <sys/socket.h>
#include <user/expect.hpp>
#include <user/network.hpp>

using test::both, test::packet;

TEST_CASE("packets of a route start with the IP header") {
    both in{incoming}, xmit{sent};
    for (auto *const run : {&in, &xmit}) {
        auto const a = run->run(packet{}.ethernet().ipv4().udp({.src = 5, .dst = 53}).payload("x"));
        CHECK(a.verdict == lwt::ok);
        CHECK(a.number(0) == 5);
        CHECK(a.number(1) == 53);
    }
    CHECK(in.run(packet{}.ethernet().ipv6().tcp({.dst = 80})).number(1) == 80);
    CHECK(in.run(packet{}.ethernet().ipv4().icmp()).verdict == lwt::ok);
    CHECK(xmit.run(packet{}.ethernet().ipv4().icmp()).verdict == lwt::drop);
}

TEST_CASE("a verdict is the kernel's, and is counted") {
    both run{outgoing};
    CHECK(run.step(packet{}.ethernet().ipv4().udp({.dst = 7777})).verdict == lwt::drop);
    CHECK(run.step(packet{}.ethernet().ipv4().udp({.dst = 7778})).verdict == lwt::ok);
    CHECK(run.step(packet{}.ethernet().ipv4().icmp()).verdict == lwt::ok);
    auto const index = static_cast<u32>(reason::none);
    auto const &native = *static_cast<lwt::tally *>(run.native_map("counts").lookup(&index));
    CHECK(native.ok == 1);
    CHECK(native.drop == 1);
    run.each_kernel_map("counts", [&](int fd) {
        std::vector<lwt::tally> each(static_cast<std::size_t>(libbpf_num_possible_cpus()));
        REQUIRE(bpf_map_lookup_elem(fd, &index, each.data()) == 0);
        u64 ok = 0, drop = 0;
        for (auto const &t : each) ok += t.ok, drop += t.drop;
        CHECK(ok == 1);
        CHECK(drop == 1);
    });
}

TEST_CASE("at a route, as ip attaches it") {
    if (test::cannot_load()) return;
    for (auto const &file : test::object_files()) {
        INFO(file);
        test::network const own;
        auto const ip = [&](std::string const &words) { return std::system(("ip " + words).c_str()); };
        REQUIRE(ip("address add 10.99.1.1/24 dev left") == 0);
        REQUIRE(ip("neighbour add 10.99.1.2 lladdr 02:00:00:00:00:09 dev left") == 0);
        REQUIRE(ip("route add 10.99.2.0/24 via 10.99.1.2 encap bpf out obj " + file + " section lwt_out dev left") ==
                0);
        auto const sender = socket(AF_INET, SOCK_DGRAM, 0);
        auto const send_to = [&](u16 port) {
            sockaddr_in at{};
            at.sin_family = AF_INET;
            at.sin_port = htons(port);
            at.sin_addr.s_addr = htonl(0x0a630201);
            return sendto(sender, "x", 1, 0, reinterpret_cast<sockaddr *>(&at), sizeof at);
        };
        CHECK(send_to(7778) == 1);
        CHECK(send_to(7777) == -1);
        CHECK(errno == EPERM); // dropped by the program
        close(sender);
    }
}
