// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// The programs in the kernel, and what is known of each direction. Without them the same records are user space's alone.
#include "../support/socket.hpp"
#include "stream_router.hpp"
#include <bpfxx/user/feature.hpp>
#include <bpfxx/user/map.hpp>
#include <bpfxx/user/mapped_array.hpp>
#include <bpfxx/user/ring_buffer.hpp>
#include <bpfxx/user/skeleton.hpp>
#include <bpfxx/user/sockmap_link.hpp>
#include <cerrno>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>

#include "stream_router.skel.h"

enum class mode { stream_verdict, epoll };
inline auto name_of(mode m) -> char const * { return m == mode::epoll ? "epoll" : "stream_verdict"; }

class kernel_router {
    using u32 = bpfxx::u32;
    using u64 = bpfxx::u64;
    bpfxx::user::skeleton<stream_router> object_;
    std::optional<bpfxx::user::sockmap_link> link_;
    std::unique_ptr<bpfxx::user::map<ends_spec>> ends_;
    std::unique_ptr<bpfxx::user::map<destinations_spec>> destinations_;
    std::unique_ptr<bpfxx::user::map<inlets_spec>> inlets_;
    std::unique_ptr<bpfxx::user::mapped_array<directions_spec>> directions_;
    std::unique_ptr<bpfxx::user::ring_buffer> calls_;
    std::unique_ptr<direction[]> plain_;

    /// False if the socket's peer has ended its stream, or reset it: such sockets are in no map. Nor if there is no memory:
    /// user space can serve it all the same.
    template <class Add> static auto added(Add const &add) -> bool {
        try {
            add();
            return true;
        } catch (bpfxx::user::error const &e) {
            if (e.code() != EOPNOTSUPP && e.code() != EINVAL && e.code() != ENOMEM) throw;
            return false;
        }
    }

    auto record(u32 number) const -> direction & { return plain_ ? plain_[number] : (*directions_)[number]; }

  public:
    /// `call(number)`: this direction needs user space.
    kernel_router(mode how, settings const &limits, std::function<void(u32)> call) {
        if (how == mode::epoll) {
            plain_ = std::make_unique<direction[]>(most_directions);
            return;
        }
        bpfxx::user::require_bpf({bpfxx::user::feature::ring_buffer, bpfxx::user::feature::btf});
        object_->rodata->config = limits;
        object_.load();
        ends_ = std::make_unique<bpfxx::user::map<ends_spec>>(object_.map<ends_spec>("ends"));
        destinations_ =
            std::make_unique<bpfxx::user::map<destinations_spec>>(object_.map<destinations_spec>("destinations"));
        inlets_ = std::make_unique<bpfxx::user::map<inlets_spec>>(object_.map<inlets_spec>("inlets"));
        directions_ =
            std::make_unique<bpfxx::user::mapped_array<directions_spec>>(object_.map<directions_spec>("directions"));
        calls_ = std::make_unique<bpfxx::user::ring_buffer>(
            object_.map<calls_spec>("calls"), [call = std::move(call)](std::span<std::byte const> record) {
                u32 number = 0;
                std::memcpy(&number, record.data(), sizeof number);
                call(number);
            });
        link_ = attach_sockmap(object_.program("splice"), inlets_->fd(), bpfxx::user::sockmap_hook::stream_verdict);
    }

    auto is_loaded() const -> bool { return !plain_; }
    auto calls() -> bpfxx::user::ring_buffer & { return *calls_; }
    /// For listening sockets, whose connections inherit it, and for those that connect.
    auto guard(int fd) const -> void {
        if (!is_loaded()) return;
        if (!tcp::set(fd, SOL_SOCKET, SO_ATTACH_BPF, object_.program("splice_guard").fd()))
            throw bpfxx::user::error{"cannot attach program 'splice_guard' to a socket", errno};
    }
    /// What is read here may be changing: each field by itself, through volatile.
    auto at(u32 number) const -> direction volatile & { return record(number); }
    auto reset(u32 number, direction const &to) -> void { record(number) = to; }

    auto set_end(u64 cookie, u32 number, u64 peer) -> void { ends_->update(cookie, end{peer, number, 0}); }
    auto add_destination(u64 cookie, int fd) -> bool {
        return added([&] { destinations_->update(cookie, fd); });
    }
    auto add_inlet(u32 number, int fd) -> bool {
        return added([&] { inlets_->update(number, fd); });
    }
    /// The socket is one as any other again. While bytes arrive some would be lost, or come twice.
    auto remove(u64 cookie, u32 number) -> void {
        inlets_->erase(number);
        destinations_->erase(cookie);
    }
    /// Behind the socket's close(), which takes it out of the maps of sockets.
    auto forget(u64 cookie) -> void { ends_->erase(cookie); }
};
