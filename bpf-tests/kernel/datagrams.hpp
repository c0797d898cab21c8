// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// UDP sockets of a test.
#include <arpa/inet.h>
#include <bpfxx/core/int.hpp>
#include <bpfxx/user/descriptor.hpp>
#include <bpfxx/user/error.hpp>
#include <cstring>
#include <string>
#include <sys/socket.h>

namespace bpfxx::test {
inline auto local(u16 port, u32 address = INADDR_LOOPBACK) -> sockaddr_in {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(address);
    return at;
}
inline auto udp_socket() -> user::descriptor {
    return user::descriptor{user::check(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "no socket")};
}
inline auto bound(u16 port, bool shared = false, u32 address = INADDR_LOOPBACK) -> user::descriptor {
    auto made = udp_socket();
    int const on = 1;
    if (shared) setsockopt(made.get(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    auto const at = local(port, address);
    if (bind(made.get(), reinterpret_cast<sockaddr const *>(&at), sizeof at) != 0)
        throw user::error{"cannot bind", errno};
    return made;
}
/// 0, or errno.
inline auto send_to(user::descriptor const &from, u16 port, std::string const &text, u32 address = INADDR_LOOPBACK)
    -> int {
    auto const at = local(port, address);
    auto const n = sendto(from.get(), text.data(), text.size(), 0, reinterpret_cast<sockaddr const *>(&at), sizeof at);
    return n < 0 ? errno : 0;
}
inline auto received(user::descriptor const &by) -> std::string {
    char text[256];
    auto const n = recv(by.get(), text, sizeof text, MSG_DONTWAIT);
    return n < 0 ? std::string{"nothing"} : std::string(text, static_cast<std::size_t>(n));
}
} // namespace bpfxx::test
