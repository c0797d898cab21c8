// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// TCP connections on the loopback interface, IPv4 or IPv6, for programs that only sockets can run.
#include <bpfxx/user/descriptor.hpp>
#include <bpfxx/user/error.hpp>
#include <cerrno>
#include <chrono>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string>
#include <sys/socket.h>

namespace bpfxx::test {
/// Both ends of a connection: `here` was accepted, `there` has connected, over IPv4 from 127.0.0.9 to 127.0.0.1.
struct connection {
    user::descriptor here, there;
};

inline auto connected(int family = AF_INET) -> connection {
    auto const make = [&] {
        auto made = user::descriptor{socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)};
        if (!made) throw user::error{"socket", errno};
        return made;
    };
    sockaddr_storage where{};
    where.ss_family = static_cast<sa_family_t>(family);
    if (family == AF_INET)
        reinterpret_cast<sockaddr_in &>(where).sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    else
        reinterpret_cast<sockaddr_in6 &>(where).sin6_addr = in6addr_loopback;
    auto size = static_cast<socklen_t>(family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6));
    auto const listener = make();
    if (bind(listener.get(), reinterpret_cast<sockaddr *>(&where), size) != 0 || ::listen(listener.get(), 1) != 0 ||
        getsockname(listener.get(), reinterpret_cast<sockaddr *>(&where), &size) != 0)
        throw user::error{"listen", errno};
    connection c;
    c.there = make();
    if (family == AF_INET) {
        sockaddr_in from{};
        from.sin_family = AF_INET;
        from.sin_addr.s_addr = htonl(0x7f000009);
        if (bind(c.there.get(), reinterpret_cast<sockaddr *>(&from), sizeof from) != 0)
            throw user::error{"bind", errno};
    }
    if (connect(c.there.get(), reinterpret_cast<sockaddr *>(&where), size) != 0) throw user::error{"connect", errno};
    c.here.reset(accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!c.here) throw user::error{"accept", errno};
    auto const on = 1;
    for (auto const fd : {c.here.get(), c.there.get()}) setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return c;
}

inline auto cookie_of(int fd) -> u64 {
    u64 cookie = 0;
    socklen_t size = sizeof cookie;
    if (getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &size) != 0) throw user::error{"SO_COOKIE", errno};
    return cookie;
}

inline auto say(int fd, std::string const &text) -> void {
    if (send(fd, text.data(), text.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(text.size()))
        throw user::error{"send", errno};
}

/// What comes: until there are so many bytes, or nothing has come for a while.
inline auto heard(int fd, std::size_t wanted, int patience = 2000) -> std::string {
    std::string all;
    while (all.size() < wanted) {
        pollfd p{fd, POLLIN, 0};
        if (poll(&p, 1, patience) <= 0) break;
        char part[4096];
        auto const n = recv(fd, part, sizeof part, MSG_DONTWAIT);
        if (n <= 0) break;
        all.append(part, static_cast<std::size_t>(n));
    }
    return all;
}
/// Whether nothing comes for a moment.
inline auto silent(int fd) -> bool { return heard(fd, 1, 100).empty(); }
} // namespace bpfxx::test
