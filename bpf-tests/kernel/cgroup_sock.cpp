// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "cgroup_sock.bpf.cpp"
#include <bpfxx/user/cgroup_link.hpp>
#include <kernel/datagrams.hpp>
#include <list>
#include <support/both.hpp>
#include <support/each_object.hpp>
#include <user/network.hpp>
#include <user/own_cgroup.hpp>

TEST_CASE("natively a socket is its context") {
    ::bpf_sock c{};
    c.type = 3, c.protocol = 1;
    CHECK(create(&c) == cgroup_sock::deny);
    c.type = 2;
    CHECK(create(&c) == cgroup_sock::allow);
    CHECK(c.mark == 77);
    CHECK(c.priority == 5);
    c.src_port = 9999;
    CHECK(bound_four(&c) == cgroup_sock::deny);
    c.src_port = 9998, c.src_ip4 = htonl(0x0a01'0203);
    CHECK(bound_four(&c) == cgroup_sock::allow);
    auto const left = host::object{BPFXX_OBJECT}.map<spec::array<test::observation, 1>>("seen").lookup(0).value();
    CHECK(left.number[3] == 9998);
    CHECK(left.number[4] == 0x0a01'0203);
    CHECK(bound_six(&c) == cgroup_sock::allow);
    u32 const words[] = {0x2001'0db8, 1, 0x2'0000, 3};
    for (u32 i = 0; i < 4; i++) c.src_ip6[i] = htonl(words[i]);
    CHECK(bound_six(&c) == cgroup_sock::deny);
    c.type = 5, c.priority = 7, c.bound_dev_if = 3;
    CHECK(create(&c) == cgroup_sock::allow);
    CHECK(c.bound_dev_if == 4);
    c.bound_dev_if = 2;
    CHECK(create(&c) == cgroup_sock::allow);
    CHECK(c.bound_dev_if == 2);
}

TEST_CASE("which sockets the processes of a cgroup may have") {
    test::each_loaded([&](user::object const &o) {
        test::network const own;
        test::own_cgroup const group;
        std::list<user::held_link> links;
        for (auto const &p : o.programs()) links.push_back(user::attach_cgroup(p, group.path()));
        auto const said = group.said_inside([&](auto const &say) {
            auto const raw = user::descriptor{socket(AF_INET, SOCK_RAW, 1)};
            say(raw ? "raw\n" : std::string{std::strerror(errno)} + "\n");
            auto const s = test::bound(9998);
            int mark = 0, priority = 0;
            socklen_t size = sizeof mark;
            getsockopt(s.get(), SOL_SOCKET, SO_MARK, &mark, &size);
            getsockopt(s.get(), SOL_SOCKET, SO_PRIORITY, &priority, &size);
            say(std::to_string(mark) + " " + std::to_string(priority) + "\n");
            try {
                test::bound(9999);
                say("bound\n");
            } catch (user::error const &e) {
                say("not bound\n");
            }
        });
        CHECK(said == "Operation not permitted\n77 5\nnot bound\n");
        auto const left = test::value_at<test::observation>(o, "seen");
        CHECK(left.number[0] == AF_INET);
        CHECK(left.number[1] == SOCK_DGRAM);
        CHECK(left.number[2] == IPPROTO_UDP);
        CHECK(left.number[3] == 9999);
        CHECK(left.number[4] == INADDR_LOOPBACK);
        CHECK(test::value_at<u64>(o, "released") == 2);
    });
}
