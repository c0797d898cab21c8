// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "sock_ops.bpf.cpp"
#include <bpfxx/user/cgroup_link.hpp>
#include <kernel/datagrams.hpp>
#include <support/both.hpp>
#include <support/each_object.hpp>
#include <user/network.hpp>
#include <user/own_cgroup.hpp>

TEST_CASE("natively a call is its context") {
    ::bpf_sock_ops c{};
    c.op = BPF_SOCK_OPS_TIMEOUT_INIT;
    CHECK(life(&c) == sock_ops::done);
    CHECK(c.reply == 50);
    c.op = BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB;
    c.family = AF_INET6, c.state = BPF_TCP_ESTABLISHED;
    c.local_port = 1234, c.remote_port = htonl(4444);
    c.local_ip4 = htonl(0x0a000001), c.remote_ip4 = htonl(0x0a000002);
    for (u32 i = 0; i < 4; i++) c.local_ip6[i] = htonl(0x1001'0203 + i), c.remote_ip6[i] = htonl(0x5001'0203 + i);
    CHECK(life(&c) == sock_ops::done);
    CHECK(c.bpf_sock_ops_cb_flags == (BPF_SOCK_OPS_STATE_CB_FLAG | BPF_SOCK_OPS_RTT_CB_FLAG));
    auto const left = host::object{BPFXX_OBJECT}.map<spec::array<test::observation, 1>>("seen").lookup(0).value();
    CHECK(left.number[0] == AF_INET6);
    CHECK(left.number[1] == 1234);
    CHECK(left.number[2] == 4444);
    CHECK(left.number[3] == 0x0a000001);
    CHECK(left.number[4] == 0x0a000002);
    CHECK(left.number[5] == BPF_TCP_ESTABLISHED);
    for (u32 i = 0; i < 4; i++) {
        CHECK(left.number[7 + i] == 0x1001'0203 + i);
        CHECK(left.number[11 + i] == 0x5001'0203 + i);
    }
    u32 const first = 0;
    CHECK(host::storage_of(&sockets).lookup(&first) != nullptr);
    c.op = BPF_SOCK_OPS_STATE_CB, c.args[0] = c.args[1] = 1;
    CHECK(life(&c) == sock_ops::ignored); // from a state to the same
    c.args[1] = 2;
    CHECK(life(&c) == sock_ops::done);
    c.srtt_us = 8 * 1'000'001;
    CHECK(life(&c) == sock_ops::ignored);
    c.srtt_us = 8 * 1'000'000;
    c.bytes_acked = 5, c.bytes_received = 1'000'006;
    CHECK(life(&c) == sock_ops::ignored);
    c.bytes_received = 1'000'005;
    CHECK(life(&c) == sock_ops::done);
}

TEST_CASE("the life of a connection") {
    test::each_loaded([&](user::object const &o) {
        test::network const own;
        test::own_cgroup const group;
        auto const link = user::attach_cgroup(o.program("life"), group.path());
        auto const said = group.said_inside([&](auto const &say) {
            auto const server = user::descriptor{socket(AF_INET, SOCK_STREAM, 0)};
            auto at = test::local(4444);
            REQUIRE(bind(server.get(), reinterpret_cast<sockaddr const *>(&at), sizeof at) == 0);
            REQUIRE(::listen(server.get(), 8) == 0);
            auto client = user::descriptor{socket(AF_INET, SOCK_STREAM, 0)};
            auto const from = test::local(5555, 0x7f000009);
            REQUIRE(bind(client.get(), reinterpret_cast<sockaddr const *>(&from), sizeof from) == 0);
            REQUIRE(connect(client.get(), reinterpret_cast<sockaddr const *>(&at), sizeof at) == 0);
            u32 const first = 0;
            u64 cookie = 0;
            say(bpf_map_lookup_elem(bpf_map__fd(o.map("sockets").handle()), &first, &cookie) == 0 && cookie != 0
                    ? "in the map"
                    : "not in the map");
        });
        CHECK(said == "in the map");
        auto const count = [&](sock_ops::event e) { return test::value_at<u64>(o, "events", static_cast<u32>(e)); };
        CHECK(count(sock_ops::event::active_established) == 1);
        CHECK(count(sock_ops::event::passive_established) == 1);
        CHECK(count(sock_ops::event::timeout_init) >= 1);
        CHECK(count(sock_ops::event::connecting) == 1);
        CHECK(count(sock_ops::event::state_change) >= 1);
        auto left = test::value_at<test::observation>(o, "seen");
        CHECK(left.number[0] == AF_INET);
        CHECK(left.number[1] == 5555);
        CHECK(left.number[2] == 4444);
        CHECK(left.number[3] == 0x7f000009);
        CHECK(left.number[4] == INADDR_LOOPBACK);
        CHECK(left.number[5] == BPF_TCP_ESTABLISHED);
        CHECK(left.number[6] == 1);
        group.said_inside([&](auto const &) {
            auto const server = user::descriptor{socket(AF_INET6, SOCK_STREAM, 0)};
            sockaddr_in6 six{};
            six.sin6_family = AF_INET6, six.sin6_addr = in6addr_loopback, six.sin6_port = htons(4446);
            auto const *const at = reinterpret_cast<sockaddr const *>(&six);
            REQUIRE((bind(server.get(), at, sizeof six) == 0 && ::listen(server.get(), 8) == 0));
            auto const client = user::descriptor{socket(AF_INET6, SOCK_STREAM, 0)};
            REQUIRE(connect(client.get(), at, sizeof six) == 0);
        });
        left = test::value_at<test::observation>(o, "seen");
        CHECK(left.number[0] == AF_INET6);
        CHECK(left.number[2] == 4446);
        for (u32 i = 0; i < 8; i++) CHECK(left.number[7 + i] == (i % 4 == 3));
    });
}
