// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "reuseport_sockarray.bpf.cpp"
#include <arpa/inet.h>
#include <array>
#include <bpfxx/kernel/host/run.hpp>
#include <netinet/in.h>
#include <support/each_object.hpp>
#include <sys/socket.h>

#ifndef SO_ATTACH_REUSEPORT_EBPF
#define SO_ATTACH_REUSEPORT_EBPF 52
#endif

namespace {
auto address(u16 port) -> sockaddr_in {
    sockaddr_in a{};
    a.sin_family = AF_INET;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return a;
}
auto receiver(u16 port) -> user::descriptor {
    auto fd = user::descriptor{socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    int const yes = 1;
    REQUIRE(setsockopt(fd.get(), SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes) == 0);
    auto const here = address(port);
    REQUIRE(bind(fd.get(), reinterpret_cast<sockaddr const *>(&here), sizeof here) == 0);
    return fd;
}
auto port_of(int fd) -> u16 {
    sockaddr_in a{};
    socklen_t size = sizeof a;
    getsockname(fd, reinterpret_cast<sockaddr *>(&a), &size);
    return ntohs(a.sin_port);
}
auto got(int fd) -> int {
    u8 byte = 0;
    return recv(fd, &byte, 1, 0) == 1 ? byte : -1;
}
} // namespace

TEST_CASE("a program chooses among the sockets of a port") {
    test::each_object([](user::object &object) {
        object.load();
        auto const sockets = object.map<sockets_spec>("sockets");
        auto const first = receiver(0);
        auto const port = port_of(first.get());
        std::array const all{receiver(port), receiver(port), receiver(port)};
        for (u32 i = 0; i < all.size(); i++) sockets.update(i, all[i].get());
        auto const program = object.program("choose").fd();
        REQUIRE(setsockopt(first.get(), SOL_SOCKET, SO_ATTACH_REUSEPORT_EBPF, &program, sizeof program) == 0);
        auto const sender = user::descriptor{socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
        auto const there = address(port);
        auto const send = [&](u8 byte) {
            REQUIRE(sendto(sender.get(), &byte, 1, 0, reinterpret_cast<sockaddr const *>(&there), sizeof there) == 1);
        };
        for (u8 i : {2, 0, 1, 1, 2}) {
            send(i);
            for (u8 j = 0; j < all.size(); j++) CHECK(got(all[j].get()) == (i == j ? i : -1));
        }
        send(3); // there is none, and the program drops it
        CHECK(sockets.erase(1));
        send(1);
        for (auto const &fd : all) CHECK(got(fd.get()) == -1);
        CHECK(got(first.get()) == -1);
    });
}

TEST_CASE("natively there is a socket, or there is none") {
    host::object const object{BPFXX_OBJECT};
    object.reset();
    u8 bytes[9] = {};
    ::sk_reuseport_md context{};
    context.data = bytes;
    context.data_end = bytes + sizeof bytes;
    bytes[8] = 3;
    CHECK(choose(&context) == SK_DROP);
    CHECK(object.map<sockets_spec>("sockets").update(4, 1) == -E2BIG);
    CHECK(object.map<sockets_spec>("sockets").update(3, 1) == 0);
    CHECK(choose(&context) == SK_PASS);
    context.data_end = bytes + 8;
    CHECK(choose(&context) == SK_DROP);
}
