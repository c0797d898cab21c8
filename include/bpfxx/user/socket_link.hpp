// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Programs at a socket: socket filters (Linux 3.19), and sk_reuseport for a group of sockets (4.19).
#include <bpfxx/user/error.hpp>
#include <bpfxx/user/program.hpp>
#include <cerrno>
#include <sys/socket.h>

namespace bpfxx::user {
/// Keeps a program at a socket while it lives. The kernel also takes it away with the socket, which has to live longer.
class socket_link {
    int socket_ = -1, undo_ = 0;

  public:
    socket_link(int socket, int undo) : socket_{socket}, undo_{undo} {}
    socket_link(socket_link const &) = delete;
    socket_link(socket_link &&other) noexcept : socket_{other.socket_}, undo_{other.undo_} { other.socket_ = -1; }
    auto operator=(socket_link &&other) noexcept -> socket_link & {
        if (this != &other) {
            detach();
            socket_ = other.socket_;
            undo_ = other.undo_;
            other.socket_ = -1;
        }
        return *this;
    }
    auto operator=(socket_link const &) -> socket_link & = delete;
    ~socket_link() { detach(); }

    auto is_attached() const noexcept -> bool { return socket_ >= 0; }
    auto detach() noexcept -> void {
        int const none = 0;
        if (socket_ >= 0) setsockopt(socket_, SOL_SOCKET, undo_, &none, sizeof none);
        socket_ = -1;
    }
    /// The socket keeps it for as long as it is open.
    auto release() noexcept -> void { socket_ = -1; }
};

namespace detail {
inline auto attach_to_socket(program const &p, int socket, bpf_prog_type type, int option, int undo) -> socket_link {
    auto const attempted = text("cannot attach program '", p.name(), "' to a socket");
    if (p.type() != type) throw error{attempted, EINVAL, {}, "it is of another type"};
    auto const fd = p.fd();
    if (setsockopt(socket, SOL_SOCKET, option, &fd, sizeof fd) != 0) throw error{attempted, errno};
    return {socket, undo};
}
} // namespace detail

inline auto attach_socket_filter(program const &p, int socket) -> socket_link {
    return detail::attach_to_socket(p, socket, BPF_PROG_TYPE_SOCKET_FILTER, SO_ATTACH_BPF, SO_DETACH_BPF);
}
/// Any socket of the group stands for all.
inline auto attach_reuseport(program const &p, int socket) -> socket_link {
    return detail::attach_to_socket(p, socket, BPF_PROG_TYPE_SK_REUSEPORT, SO_ATTACH_REUSEPORT_EBPF,
                                    SO_DETACH_REUSEPORT_BPF);
}
} // namespace bpfxx::user
