// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Frames at an interface, as they are.
#include <arpa/inet.h>
#include <bpfxx/core/int.hpp>
#include <bpfxx/user/descriptor.hpp>
#include <bpfxx/user/error.hpp>
#include <cerrno>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace bpfxx::test {
/// Sends frames out of an interface and sees what comes in there.
class wire {
    user::descriptor socket_;

  public:
    explicit wire(char const *name) : socket_{socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(0x0003))} {
        sockaddr_ll at{};
        at.sll_family = AF_PACKET;
        at.sll_protocol = htons(0x0003);
        at.sll_ifindex = static_cast<int>(if_nametoindex(name));
        if (bind(socket_.get(), reinterpret_cast<sockaddr *>(&at), sizeof at) != 0) throw user::error{"bind", errno};
        int const on = 1;
        setsockopt(socket_.get(), SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on);
    }
    auto send(std::vector<u8> const &frame) const -> void {
        auto const n = ::send(socket_.get(), frame.data(), frame.size(), 0);
        if (n != static_cast<ssize_t>(frame.size())) throw user::error{"send", errno};
    }
    /// Whether a frame of this type comes within half a second.
    auto gets(u16 type) const -> bool {
        for (auto i = 0; i < 50; i++) {
            u8 frame[200];
            while (recv(socket_.get(), frame, sizeof frame, MSG_DONTWAIT) > 14)
                if (frame[12] == type >> 8 && frame[13] == (type & 0xff)) return true;
            usleep(10'000);
        }
        return false;
    }
};
} // namespace bpfxx::test
