// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "sock_addr.bpf.cpp"
#include <bpfxx/user/cgroup_link.hpp>
#include <kernel/datagrams.hpp>
#include <list>
#include <support/both.hpp>
#include <support/each_object.hpp>
#include <user/network.hpp>
#include <user/own_cgroup.hpp>

TEST_CASE("natively a call is its context") {
    ::bpf_sock_addr c{};
    c.user_port = htons(80);
    CHECK(connect_four(&c) == sock_addr::allow);
    CHECK(c.user_port == htons(8080));
    CHECK(c.user_ip4 == htonl(INADDR_LOOPBACK));
    c.user_port = htons(81);
    CHECK(connect_four(&c) == sock_addr::deny);
    c.user_ip6[3] = htonl(1);
    CHECK(connect_six(&c) == sock_addr::allow);
    CHECK(c.user_ip6[3] == htonl(2));
    u32 const words[] = {0x2001'0db8, 0x0102'0304, 0x0506'0708, 0x090a'0b0c};
    for (u32 i = 0; i < 4; i++) c.user_ip6[i] = htonl(words[i]);
    CHECK(connect_six(&c) == sock_addr::allow);
    CHECK(c.user_ip6[0] == htonl(words[3]));
    CHECK(c.user_ip6[1] == htonl(words[2]));
    CHECK(c.user_ip6[2] == htonl(words[1]));
    CHECK(c.user_ip6[3] == htonl(words[0] + 1));
    c.family = AF_INET, c.type = SOCK_DGRAM, c.protocol = IPPROTO_UDP;
    c.user_port = htons(4660), c.user_ip4 = htonl(0x0a01'0203);
    CHECK(connect_four(&c) == sock_addr::allow);
    auto const left = host::object{BPFXX_OBJECT}.map<spec::array<test::observation, 1>>("seen").lookup(0).value();
    CHECK(left.number[0] == AF_INET);
    CHECK(left.number[1] == SOCK_DGRAM);
    CHECK(left.number[2] == IPPROTO_UDP);
    CHECK(left.number[3] == 4660);
    CHECK(left.number[4] == 0x0a01'0203);
    c.user_port = htons(1000);
    CHECK(bind_four(&c) == sock_bind::allow_any_port);
}

namespace {
auto port_of(int socket, int (*ask)(int, sockaddr *, socklen_t *)) -> std::string {
    sockaddr_in at{};
    socklen_t size = sizeof at;
    ask(socket, reinterpret_cast<sockaddr *>(&at), &size);
    return std::to_string(ntohs(at.sin_port));
}
} // namespace

TEST_CASE("a cgroup whose processes see other addresses") {
    test::each_loaded([&](user::object const &o) {
        test::network const own;
        test::own_cgroup const group;
        std::list<user::held_link> links;
        for (auto const &p : o.programs()) links.push_back(user::attach_cgroup(p, group.path()));
        auto const server = user::descriptor{socket(AF_INET, SOCK_STREAM, 0)};
        auto const at = test::local(8080);
        REQUIRE(bind(server.get(), reinterpret_cast<sockaddr const *>(&at), sizeof at) == 0);
        REQUIRE(listen(server.get(), 8) == 0);
        auto const names = test::bound(5353);
        auto const body = [&](auto const &say) {
            auto const connected = [&](u16 port) {
                auto s = user::descriptor{socket(AF_INET, SOCK_STREAM, 0)};
                auto const to = test::local(port, 0x7f010203);
                auto const failed = connect(s.get(), reinterpret_cast<sockaddr const *>(&to), sizeof to) != 0;
                return failed ? std::string{std::strerror(errno)} : "to " + port_of(s.get(), getpeername);
            };
            say("80: " + connected(80) + "\n");
            say("81: " + connected(81) + "\n");
            auto const sender = test::udp_socket();
            say("53: " + std::string{std::strerror(test::send_to(sender, 53, "who"))} + "\n");
            say("54: " + std::string{std::strerror(test::send_to(sender, 54, "who"))} + "\n");
            auto const shifted = test::bound(1001);
            say("1001: " + port_of(shifted.get(), getsockname) + "\n");
            try {
                test::bound(1002);
                say("1002: bound\n");
            } catch (user::error const &e) {
                say("1002: " + std::string{std::strerror(e.code())} + "\n");
            }
        };
        CHECK(group.said_inside(body) == "80: to 80\n81: Operation not permitted\n53: Success\n"
                                         "54: Operation not permitted\n1001: 1001\n1002: Operation not permitted\n");
        CHECK(test::received(names) == "who");
        auto const left = test::value_at<test::observation>(o, "seen");
        CHECK(left.number[0] == AF_INET);
        CHECK(left.number[1] == SOCK_STREAM);
        CHECK(left.number[2] == IPPROTO_TCP);
        CHECK(left.number[3] == 81);
        CHECK(left.number[4] == 0x7f010203);
        CHECK(left.number[5] == 1);
        links.clear();
        CHECK(group.said_inside(body).find("1002: bound") != std::string::npos);
    });
}
