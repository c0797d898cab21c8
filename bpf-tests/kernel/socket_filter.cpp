// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "socket_filter.bpf.cpp"
#include <arpa/inet.h>
#include <support/both.hpp>
#include <support/packet.hpp>
#include <sys/socket.h>
#include <user/expect.hpp>

using test::both, test::packet;

TEST_CASE("a socket filter reads what the chain asks for") {
    both run{told};
    auto const tcp = packet{}.ethernet().ipv4().tcp({.src = 5, .dst = 80}).payload("GET /");
    auto const a = run.run(tcp);
    CHECK(a.verdict == socket_filter::keep);
    CHECK(a.number(0) == 5);
    CHECK(a.number(1) == 80);
    CHECK(a.number(2) == 5);
    CHECK(a.number(5) == 1);
    CHECK(run.run(packet{}.ethernet().ipv6().udp({.dst = 53}).payload("x")).number(1) == 53);
    CHECK(run.run(packet{}.ethernet().ipv4().icmp()).why == reason::other_protocol);
    CHECK(run.run(packet{}.ethernet().ipv4({.fragment_offset = 1}).udp()).why == reason::fragment);
    run.sweep(packet{}.ethernet().ipv4().udp().payload("text").bytes(), 42);
}

TEST_CASE("it keeps what its policy says") {
    both run{only_transport};
    CHECK(run.step(packet{}.ethernet().ipv4().udp().payload("x")).verdict == socket_filter::keep);
    CHECK(run.step(packet{}.ethernet().ipv4().icmp()).verdict == socket_filter::drop);
    auto const taken = static_cast<u32>(reason::none), refused = static_cast<u32>(reason::other_protocol);
    auto &native = run.native_map("counts");
    CHECK(static_cast<socket_filter::tally *>(native.lookup(&taken))->keep == 1);
    CHECK(static_cast<socket_filter::tally *>(native.lookup(&refused))->drop == 1);
    run.each_kernel_map("counts", [&](int fd) {
        auto const sum = [&](u32 i) {
            std::vector<socket_filter::tally> each(static_cast<std::size_t>(libbpf_num_possible_cpus()));
            REQUIRE(bpf_map_lookup_elem(fd, &i, each.data()) == 0);
            socket_filter::tally all{};
            for (auto const &t : each) all.keep += t.keep, all.drop += t.drop;
            return all;
        };
        CHECK(sum(taken).keep == 1);
        CHECK(sum(refused).drop == 1);
    });
}

TEST_CASE("bytes behind the window are loaded") {
    both run{far};
    auto bytes = packet{}.ethernet().ipv4().udp().payload(test::byte_string(1200, 7)).bytes();
    bytes[14 + 1000] = 0x12, bytes[14 + 1001] = 0x34;
    auto const a = run.run(bytes);
    CHECK(a.verdict == 4);
    CHECK(a.number(0) == bytes.size() - 14);
    CHECK(a.number(1) == window_size);
    CHECK(a.number(2) == 0x1234);
    CHECK(run.run(packet{}.ethernet().ipv4().udp()).verdict == socket_filter::keep); // truncated: its policy
}

TEST_CASE("windows are given back") {
    both run{only_transport};
    for (auto i = 0; i < 200; i++)
        REQUIRE(run.run(packet{}.ethernet().ipv4().udp().payload("x")).verdict == socket_filter::keep);
}

TEST_CASE("at a socket") {
    if (test::cannot_load()) return;
    for (auto const &file : test::object_files()) {
        INFO(file);
        test::loaded const object{file, "to_socket"};
        auto const receiver = socket(AF_INET, SOCK_DGRAM, 0), sender = socket(AF_INET, SOCK_DGRAM, 0);
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof at;
        REQUIRE(bind(receiver, reinterpret_cast<sockaddr *>(&at), size) == 0);
        REQUIRE(getsockname(receiver, reinterpret_cast<sockaddr *>(&at), &size) == 0);
        auto const fd = object.program();
        REQUIRE(setsockopt(receiver, SOL_SOCKET, SO_ATTACH_BPF, &fd, sizeof fd) == 0);
        for (std::string const text : {"drop this", "cut this", "whole"})
            REQUIRE(sendto(sender, text.data(), text.size(), 0, reinterpret_cast<sockaddr *>(&at), size) > 0);
        auto const receive = [&] {
            char text[64];
            auto const n = recv(receiver, text, sizeof text, MSG_DONTWAIT);
            return n < 0 ? std::string{"nothing"} : std::string(text, static_cast<std::size_t>(n));
        };
        CHECK(receive() == "cut");
        CHECK(receive() == "whole");
        CHECK(receive() == "nothing");
        close(receiver), close(sender);
    }
}
