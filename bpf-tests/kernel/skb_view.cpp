// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <netinet/in.h>
#include <support/each_object.hpp>
#include <sys/socket.h>
#include <user/network.hpp>

using namespace bpfxx;

TEST_CASE("on a live link, where a TCP payload is not linear") {
    test::each_loaded([&](user::object const &o) {
        test::network const own;
        auto hook = user::options<bpf_tc_hook>{};
        hook.ifindex = static_cast<int>(if_nametoindex("lo"));
        hook.attach_point = BPF_TC_EGRESS;
        REQUIRE(bpf_tc_hook_create(&hook) == 0);
        u32 priority = 1;
        for (auto const *const name : {"by_linear", "by_load", "by_pull"}) { // the last one makes it linear
            auto how = user::options<bpf_tc_opts>{};
            how.prog_fd = o.program(name).fd();
            how.priority = priority++;
            REQUIRE(bpf_tc_attach(&hook, &how) == 0);
        }
        auto const server = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof at;
        REQUIRE(bind(server, reinterpret_cast<sockaddr *>(&at), size) == 0);
        REQUIRE(listen(server, 1) == 0);
        REQUIRE(getsockname(server, reinterpret_cast<sockaddr *>(&at), &size) == 0);
        REQUIRE(connect(client, reinterpret_cast<sockaddr *>(&at), size) == 0);
        auto const text = "GET /bpfxx" + std::string(4000, 'x');
        REQUIRE(send(client, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()));
        close(client), close(server);
        auto const seen = [&](u32 way) { return test::value_at<u64>(o, "requests", way); };
        CHECK(seen(0) == 0);
        CHECK(seen(1) == 1);
        CHECK(seen(2) == 1);
    });
}
