// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// A network of the test's own: nothing outside is seen, and all is gone with it.
#include <array>
#include <bpfxx/core/int.hpp>
#include <bpfxx/user/descriptor.hpp>
#include <bpfxx/user/error.hpp>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sched.h>
#include <string_view>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace bpfxx::test {
/// The netlink message that makes a veth pair.
class veth_request {
    alignas(nlmsghdr) std::array<char, 512> bytes_{};
    u32 size_ = 0;

    auto put(void const *data, std::size_t size) -> void {
        std::memcpy(bytes_.data() + size_, data, size);
        size_ = static_cast<u32>(NLMSG_ALIGN(size_ + size));
    }
    auto attribute(u16 type, auto const &fill) -> void {
        auto const begin = size_;
        put("\0\0\0", sizeof(rtattr));
        fill();
        auto const head = rtattr{static_cast<u16>(size_ - begin), type};
        std::memcpy(bytes_.data() + begin, &head, sizeof head);
    }
    auto name(u16 type, std::string_view text) -> void {
        attribute(type, [&] { put(text.data(), text.size()); });
    }

  public:
    veth_request(std::string_view one, std::string_view other) {
        auto const any = ifinfomsg{};
        auto head = nlmsghdr{0, RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, 1, 0};
        put(&head, sizeof head);
        put(&any, sizeof any);
        name(IFLA_IFNAME, one);
        attribute(IFLA_LINKINFO, [&] {
            name(IFLA_INFO_KIND, "veth");
            attribute(IFLA_INFO_DATA, [&] {
                attribute(VETH_INFO_PEER, [&] {
                    put(&any, sizeof any);
                    name(IFLA_IFNAME, other);
                });
            });
        });
        head.nlmsg_len = size_;
        std::memcpy(bytes_.data(), &head, sizeof head);
    }
    auto send() const -> void {
        auto const to = user::descriptor{socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE)};
        struct {
            nlmsghdr head;
            nlmsgerr answer;
        } back{};
        if (::send(to.get(), bytes_.data(), size_, 0) < 0 || recv(to.get(), &back, sizeof back, MSG_TRUNC) < 0)
            throw user::error{"cannot ask for a veth pair", errno};
        user::check(back.answer.error, "cannot make a veth pair");
    }
};

/// This thread is in a fresh network namespace while it lives, with a loopback interface and the veth pair left, right.
class network {
    user::descriptor before_, own_;

    static auto current() -> user::descriptor {
        auto result = user::descriptor{open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)};
        if (!result) throw user::error{"cannot open the network namespace", errno};
        return result;
    }
    static auto set_up(std::string_view name) -> void {
        auto const any = user::descriptor{socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
        auto request = ifreq{};
        std::memcpy(request.ifr_name, name.data(), name.size());
        request.ifr_flags = IFF_UP;
        if (ioctl(any.get(), SIOCSIFFLAGS, &request) != 0) throw user::error{"cannot set an interface up", errno};
    }

  public:
    network() : before_{current()} {
        if (unshare(CLONE_NEWNET) != 0) throw user::error{"cannot make a network namespace", errno};
        own_ = current();
        try {
            veth_request{"left", "right"}.send();
            for (auto const *const name : {"lo", "left", "right"}) set_up(name);
        } catch (user::error const &) {
            leave();
            throw;
        }
    }
    network(network const &) = delete;
    auto operator=(network const &) -> network & = delete;
    ~network() { leave(); }
    /// Back into it, after another network was made.
    auto enter() const -> void {
        if (setns(own_.get(), CLONE_NEWNET) != 0) throw user::error{"cannot enter the network namespace", errno};
    }

  private:
    auto leave() const -> void {
        if (setns(before_.get(), CLONE_NEWNET) != 0) std::abort();
    }
};
} // namespace bpfxx::test
