// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// TCP sockets as the server uses them: listening, options, and what the kernel knows of a connection.
#include <algorithm>
#include <arpa/inet.h>
#include <bpfxx/core/int.hpp>
#include <bpfxx/user/descriptor.hpp>
#include <bpfxx/user/error.hpp>
#include <cerrno>
#include <limits>
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netdb.h>
#include <netinet/in.h>
#include <optional>
#include <string>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace tcp {
using bpfxx::u16;
using bpfxx::u64;
using bpfxx::user::descriptor;
using bpfxx::user::error;

inline auto set(int fd, int level, int option, int value) -> bool {
    return setsockopt(fd, level, option, &value, sizeof value) == 0;
}

/// Sizes of a connection's buffers. Without the right to exceed the system's limits it gets as much as they allow.
struct buffers {
    int receive, send; // 0: the kernel decides, and goes on deciding
    int window;        // what a peer may send at once
};
/// A size for a buffer, as far as the kernel can be told.
constexpr auto buffer_size(u64 wanted) -> int {
    return static_cast<int>(std::min<u64>(wanted, std::numeric_limits<int>::max()));
}
inline auto set_buffers(int fd, buffers const &wanted) -> void {
    // The kernel doubles what it is given, and counts its own overhead against it.
    if (wanted.receive > 0 && !set(fd, SOL_SOCKET, SO_RCVBUFFORCE, wanted.receive / 2))
        set(fd, SOL_SOCKET, SO_RCVBUF, wanted.receive / 2);
    if (wanted.send > 0 && !set(fd, SOL_SOCKET, SO_SNDBUFFORCE, wanted.send / 2))
        set(fd, SOL_SOCKET, SO_SNDBUF, wanted.send / 2);
    if (wanted.window > 0) set(fd, IPPROTO_TCP, TCP_WINDOW_CLAMP, wanted.window);
}

/// Whether close() resets the connection. Where it does from the start, a stream that ends since this process was killed
/// does not look whole, and the kernel keeps nothing of it.
inline auto set_reset(int fd, bool wanted) -> void {
    linger const at_once{wanted ? 1 : 0, 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

inline auto text_of(sockaddr_storage const &where) -> std::string {
    char words[INET6_ADDRSTRLEN]{};
    if (where.ss_family == AF_INET6) {
        auto const &six = reinterpret_cast<sockaddr_in6 const &>(where);
        inet_ntop(AF_INET6, &six.sin6_addr, words, sizeof words);
        return "[" + std::string{words} + "]:" + std::to_string(ntohs(six.sin6_port));
    }
    auto const &four = reinterpret_cast<sockaddr_in const &>(where);
    inet_ntop(AF_INET, &four.sin_addr, words, sizeof words);
    return std::string{words} + ":" + std::to_string(ntohs(four.sin_port));
}
inline auto port_of(sockaddr_storage const &where) -> u16 {
    return where.ss_family == AF_INET6 ? ntohs(reinterpret_cast<sockaddr_in6 const &>(where).sin6_port)
                                       : ntohs(reinterpret_cast<sockaddr_in const &>(where).sin_port);
}
/// Where a socket is bound to.
inline auto name_of(int fd) -> std::string {
    sockaddr_storage where{};
    auto size = static_cast<socklen_t>(sizeof where);
    getsockname(fd, reinterpret_cast<sockaddr *>(&where), &size);
    return text_of(where);
}

struct listener {
    descriptor fd;
    sockaddr_storage where;
};
/// Connections inherit its options. Nothing if this machine has no such family of addresses.
inline auto listen_on(std::string const &address, u16 port, buffers const &sizes) -> std::optional<listener> {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV;
    addrinfo *found = nullptr;
    if (auto const code = getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found); code != 0)
        throw error{"'" + address + "' is no IP address: " + gai_strerror(code)};
    listener made{};
    auto const length = found->ai_addrlen;
    __builtin_memcpy(&made.where, found->ai_addr, length);
    freeaddrinfo(found);
    made.fd.reset(socket(made.where.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!made.fd) {
        auto const code = errno;
        if (code == EAFNOSUPPORT) return std::nullopt;
        throw error{"cannot make a socket", code};
    }
    auto const fd = made.fd.get();
    set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    if (made.where.ss_family == AF_INET6 && !set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1))
        throw error{"cannot leave IPv4 to another socket at " + text_of(made.where), errno};
    set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    set(fd, SOL_SOCKET, SO_KEEPALIVE, 1); // finds out about peers that are gone
    set_buffers(fd, sizes);
    auto *const at = reinterpret_cast<sockaddr *>(&made.where);
    if (bind(fd, at, length) != 0 || listen(fd, 4096) != 0) {
        if (errno == EADDRNOTAVAIL || errno == EAFNOSUPPORT) return std::nullopt;
        throw error{"cannot listen on " + text_of(made.where), errno};
    }
    auto size = static_cast<socklen_t>(sizeof made.where);
    getsockname(fd, at, &size);
    return made;
}

inline auto info_of(int fd) -> tcp_info {
    tcp_info info{};
    socklen_t size = sizeof info;
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) throw error{"cannot ask for TCP_INFO", errno};
    return info;
}
/// Bytes in the send queue that the peer has not acknowledged. An end of the stream that is on its way counts as one.
inline auto unacknowledged(int fd) -> u64 {
    int bytes = 0;
    if (ioctl(fd, SIOCOUTQ, &bytes) != 0) return 0;
    return static_cast<u64>(bytes);
}
/// Bytes that wait to be read.
inline auto unread(int fd) -> u64 {
    int bytes = 0;
    if (ioctl(fd, SIOCINQ, &bytes) != 0) return 0;
    return static_cast<u64>(bytes);
}
inline auto cookie_of(int fd) -> u64 {
    u64 cookie = 0;
    socklen_t size = sizeof cookie;
    if (getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &size) != 0) throw error{"cannot ask for SO_COOKIE", errno};
    return cookie;
}
inline auto failure_of(int fd) -> int {
    int code = 0;
    socklen_t size = sizeof code;
    getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &size);
    return code;
}
} // namespace tcp
