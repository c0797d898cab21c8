// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "sk_reuseport.bpf.cpp"
#include <bpfxx/user/socket_link.hpp>
#include <kernel/datagrams.hpp>
#include <support/both.hpp>
#include <support/each_object.hpp>
#include <user/network.hpp>

TEST_CASE("natively a packet is its context") {
    std::vector<u8> bytes{0, 1, 0x14, 0xb4, 0, 9, 0, 0, 2};
    ::sk_reuseport_md c{};
    c.data = bytes.data(), c.data_end = bytes.data() + bytes.size();
    c.len = 9, c.ip_protocol = 17, c.hash = 4711, c.bind_inany = 1;
    CHECK(by_byte(&c) == sk_reuseport::drop); // no socket there
    u32 const index = 2;
    u64 const somebody = 1;
    host::storage_of(&group).update(&index, &somebody, BPF_ANY);
    CHECK(by_byte(&c) == sk_reuseport::pass);
    auto const left = host::object{BPFXX_OBJECT}.map<spec::array<test::observation, 1>>("seen").lookup(0).value();
    u64 const told[] = {5300, 9, 17, 1, 4711, 9};
    for (u32 i = 0; i < 6; i++) CHECK(left.number[i] == told[i]);
    bytes[8] = 9;
    CHECK(by_byte(&c) == sk_reuseport::pass);
    c.data_end = bytes.data() + 8;
    CHECK(by_byte(&c) == sk_reuseport::drop); // truncated
}

TEST_CASE("the program chooses among the sockets of a port") {
    test::each_loaded([&](user::object const &o) {
        test::network const own;
        std::vector<user::descriptor> sockets;
        for (u32 i = 0; i < 3; i++) {
            sockets.push_back(test::bound(5300, true));
            u64 const fd = static_cast<u64>(sockets.back().get());
            REQUIRE(bpf_map_update_elem(bpf_map__fd(o.map("group").handle()), &i, &fd, BPF_ANY) == 0);
        }
        auto const client = test::udp_socket();
        auto link = user::attach_reuseport(o.program("by_byte"), sockets[0].get());
        for (char i : {2, 0, 1, 1, 2, 0}) {
            auto const text = std::string(1, i) + "text";
            REQUIRE(test::send_to(client, 5300, text) == 0);
            for (char k = 0; k < 3; k++)
                CHECK(test::received(sockets[static_cast<std::size_t>(k)]) == (k == i ? text : "nothing"));
        }
        auto const left = test::value_at<test::observation>(o, "seen");
        CHECK(left.number[0] == 5300);
        CHECK(left.number[1] == 8 + 5);
        CHECK(left.number[2] == 17);
        CHECK(left.number[3] == 0);
        // Nobody there, nothing to choose by: its policy drops.
        test::send_to(client, 5300, "\3");
        test::send_to(client, 5300, "");
        for (auto const &s : sockets) CHECK(test::received(s) == "nothing");
        // Whatever the program says, the kernel chooses after it has gone.
        link.detach();
        REQUIRE(test::send_to(client, 5300, "\3") == 0);
        auto count = 0;
        for (auto const &s : sockets) count += test::received(s) == "nothing" ? 0 : 1;
        CHECK(count == 1);
    });
}
