// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "sk_lookup.bpf.cpp"
#include <bpfxx/user/netns_link.hpp>
#include <kernel/datagrams.hpp>
#include <support/both.hpp>
#include <support/each_object.hpp>
#include <user/network.hpp>
#include <user/raw_program.hpp>

TEST_CASE("natively a request is its context") {
    ::bpf_sk_lookup c{};
    c.protocol = 17;
    c.local_port = 6999;
    CHECK(choose(&c) == sk_lookup::drop);
    c.family = AF_INET6;
    c.remote_port = htons(1234);
    c.local_ip4 = htonl(0x0a000001), c.remote_ip4 = htonl(0x0a000002);
    for (u32 i = 0; i < 4; i++) c.local_ip6[i] = htonl(0x1001'0203 + i), c.remote_ip6[i] = htonl(0x5001'0203 + i);
    c.local_port = 6998;
    CHECK(choose(&c) == sk_lookup::pass);
    c.local_port = 7000;
    CHECK(choose(&c) == sk_lookup::pass);
    CHECK(c.sk == nullptr); // no socket there
    auto const left = host::object{BPFXX_OBJECT}.map<spec::array<test::observation, 1>>("seen").lookup(0).value();
    CHECK(left.number[0] == AF_INET6);
    CHECK(left.number[1] == 7000);
    CHECK(left.number[2] == 1234);
    CHECK(left.number[3] == 0x0a000001);
    CHECK(left.number[4] == 0x0a000002);
    for (u32 i = 0; i < 4; i++) {
        CHECK(left.number[5 + i] == 0x1001'0203 + i);
        CHECK(left.number[9 + i] == 0x5001'0203 + i);
    }
    CHECK(left.number[13] == IPPROTO_UDP);
    u32 const first = 0;
    u64 const somebody = 1;
    host::storage_of(&sockets).update(&first, &somebody, BPF_ANY);
    CHECK(choose(&c) == sk_lookup::pass);
    CHECK(c.sk != nullptr);
}

TEST_CASE("sockets get what is for others' ports") {
    test::each_loaded([&](user::object const &o) {
        test::network const own;
        auto const server = test::bound(53), client = test::bound(1234, false, 0x7f000009);
        u32 const first = 0;
        u64 const fd = static_cast<u64>(server.get());
        REQUIRE(bpf_map_update_elem(bpf_map__fd(o.map("sockets").handle()), &first, &fd, BPF_ANY) == 0);
        auto const refused = [&](u16 port) { // the first packet brings the error, the second one shows it
            test::send_to(client, port, "x");
            auto const at = test::local(port);
            auto const other = test::udp_socket();
            connect(other.get(), reinterpret_cast<sockaddr const *>(&at), sizeof at);
            return send(other.get(), "x", 1, 0) < 0 || send(other.get(), "x", 1, 0) < 0;
        };
        CHECK(refused(7000));
        {
            auto const link = user::attach_netns(o.program("choose"));
            CHECK(link.is_attached());
            for (u16 const port : {7000, 7500, 7899}) {
                CHECK(test::send_to(client, port, "to " + std::to_string(port)) == 0);
                CHECK(test::received(server) == "to " + std::to_string(port));
            }
            auto left = test::value_at<test::observation>(o, "seen");
            CHECK(left.number[0] == AF_INET);
            CHECK(left.number[1] == 7899);
            CHECK(left.number[2] == 1234);
            CHECK(left.number[3] == INADDR_LOOPBACK);
            CHECK(left.number[4] == 0x7f000009);
            CHECK(left.number[13] == IPPROTO_UDP);
            sockaddr_in6 six{};
            six.sin6_family = AF_INET6, six.sin6_addr = in6addr_loopback, six.sin6_port = htons(6998);
            auto const at_six = user::descriptor{socket(AF_INET6, SOCK_DGRAM, 0)}; // so that nothing is answered
            REQUIRE(bind(at_six.get(), reinterpret_cast<sockaddr *>(&six), sizeof six) == 0);
            auto const other = user::descriptor{socket(AF_INET6, SOCK_DGRAM, 0)};
            REQUIRE(sendto(other.get(), "x", 1, 0, reinterpret_cast<sockaddr *>(&six), sizeof six) == 1);
            left = test::value_at<test::observation>(o, "seen");
            CHECK(left.number[0] == AF_INET6);
            CHECK(left.number[1] == 6998);
            for (u32 i = 0; i < 8; i++) CHECK(left.number[5 + i] == (i % 4 == 3));
            CHECK(refused(7900)); // no socket there
            CHECK(refused(6999));
            CHECK(test::send_to(client, 53, "plain") == 0);
            CHECK(test::received(server) == "plain");
        }
        CHECK(refused(7000));
    });
}
