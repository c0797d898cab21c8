// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <arpa/inet.h>
#include <bpfxx/user/link.hpp>
#include <kernel/map/control_group.hpp>
#include <netinet/in.h>
#include <support/each_object.hpp>
#include <sys/socket.h>

using namespace bpfxx;

struct sent {
    u64 packets, bytes;
};
using sockets_spec = spec::sk_storage<sent>;

TEST_CASE("a value for each socket, by its descriptor") {
    if (test::control_groups().empty()) return;
    test::each_object([](user::object &object) {
        object.load();
        auto const sockets = object.map<sockets_spec>("sockets");
        test::control_group const group{"sockets"};
        group.enter();
        auto const one = user::descriptor{socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
        auto const two = user::descriptor{socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
        auto const link = user::link{bpf_program__attach_cgroup(object.program("count_sent").handle(), group.fd())};
        REQUIRE(link.is_attached());
        sockaddr_in there{};
        there.sin_family = AF_INET;
        there.sin_port = htons(9);
        there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        auto const send = [&](user::descriptor const &from, std::size_t size) {
            std::vector<char> const bytes(size);
            CHECK(sendto(from.get(), bytes.data(), size, 0, reinterpret_cast<sockaddr *>(&there), sizeof there) ==
                  static_cast<ssize_t>(size));
        };
        CHECK_FALSE(sockets.lookup(one.get()));
        send(one, 10);
        CHECK(sockets.lookup(one.get())->packets == 1);
        CHECK(sockets.lookup(one.get())->bytes == 38);
        CHECK_FALSE(sockets.lookup(two.get()));
        CHECK(sockets.update(two.get(), {100, 0}));
        send(two, 20);
        CHECK(sockets.lookup(two.get())->packets == 101);
        CHECK(sockets.lookup(two.get())->bytes == 48);
        send(two, 3);
        CHECK(sockets.lookup(two.get())->packets == 1);
        CHECK(sockets.lookup(two.get())->bytes == 31);
        CHECK(sockets.erase(two.get()));
        CHECK_FALSE(sockets.erase(two.get()));
        group.leave();
    });
}
