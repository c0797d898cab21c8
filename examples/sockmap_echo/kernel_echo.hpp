// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// The programs in the kernel, and what they know of each connection.
#include "sockmap_echo.hpp"
#include <bpfxx/user/feature.hpp>
#include <bpfxx/user/map.hpp>
#include <bpfxx/user/mapped_array.hpp>
#include <bpfxx/user/ring_buffer.hpp>
#include <bpfxx/user/skeleton.hpp>
#include <bpfxx/user/sockmap_link.hpp>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sockmap_echo.skel.h"

enum class mode { stream_verdict, parser, verdict, epoll };
inline auto name_of(mode m) -> char const * {
    constexpr char const *names[] = {"stream_verdict", "parser", "verdict", "epoll"};
    return names[static_cast<int>(m)];
}

class kernel_echo {
    bpfxx::user::skeleton<sockmap_echo> object_;
    std::vector<bpfxx::user::sockmap_link> links_;
    std::unique_ptr<bpfxx::user::map<slots_spec>> slots_;
    std::unique_ptr<bpfxx::user::map<sockets_spec>> sockets_;
    std::unique_ptr<bpfxx::user::mapped_array<streams_spec>> streams_;
    std::unique_ptr<bpfxx::user::ring_buffer> calls_;

  public:
    /// `call(slot)`: this connection needs user space.
    kernel_echo(mode which, settings const &budget, std::function<void(bpfxx::u32)> call) {
        bpfxx::user::require_bpf({bpfxx::user::feature::ring_buffer, bpfxx::user::feature::btf});
        object_->rodata->config = budget;
        object_.load();
        slots_ = std::make_unique<bpfxx::user::map<slots_spec>>(object_.map<slots_spec>("slots"));
        sockets_ = std::make_unique<bpfxx::user::map<sockets_spec>>(object_.map<sockets_spec>("sockets"));
        streams_ = std::make_unique<bpfxx::user::mapped_array<streams_spec>>(object_.map<streams_spec>("streams"));
        calls_ = std::make_unique<bpfxx::user::ring_buffer>(
            object_.map<calls_spec>("calls"), [call = std::move(call)](std::span<std::byte const> record) {
                bpfxx::u32 slot = 0;
                std::memcpy(&slot, record.data(), sizeof slot);
                call(slot);
            });
        auto const attach = [&](char const *program, bpfxx::user::sockmap_hook hook) {
            links_.push_back(attach_sockmap(object_.program(program), sockets_->fd(), hook));
        };
        switch (which) {
        case mode::parser:
            attach("echo_parser", bpfxx::user::sockmap_hook::stream_parser);
            attach("echo_message", bpfxx::user::sockmap_hook::stream_verdict);
            break;
        case mode::verdict: attach("echo_any", bpfxx::user::sockmap_hook::verdict); break;
        case mode::stream_verdict: attach("echo", bpfxx::user::sockmap_hook::stream_verdict); break;
        case mode::epoll: break;
        }
    }

    /// For the sockets that listen: connections inherit it.
    auto guard(mode which) const -> int {
        return object_.program(which == mode::parser ? "echo_gate" : "echo_guard").fd();
    }
    auto calls() -> bpfxx::user::ring_buffer & { return *calls_; }
    /// What is read here may be changing: each field by itself, through volatile.
    auto at(bpfxx::u32 slot) const -> stream volatile & { return (*streams_)[slot]; }
    /// Hands a connected socket over. False if its peer has ended the stream already, or reset it; or if there is no memory.
    auto add(bpfxx::u32 slot, bpfxx::u64 cookie, int fd, bpfxx::u64 base) -> bool {
        auto &record = (*streams_)[slot];
        record = stream{};
        record.base = base;
        slots_->update(cookie, slot);
        if (add_again(slot, fd)) return true;
        slots_->erase(cookie);
        return false;
    }
    /// The socket is one as any other again. While bytes arrive some would be lost, or come twice.
    auto remove(bpfxx::u32 slot) -> void { sockets_->erase(slot); }
    /// And now it is not. False if its peer has ended the stream, or the kernel has not let go of it yet.
    auto add_again(bpfxx::u32 slot, int fd) -> bool {
        auto &parts = at(slot).parts;
        bpfxx::u32 const all = parts.count; // nobody waits for any of them
        parts.done = all;
        parts.marked = all;
        try {
            sockets_->update(slot, fd);
            return true;
        } catch (bpfxx::user::error const &e) {
            if (e.code() != EOPNOTSUPP && e.code() != EINVAL && e.code() != EBUSY && e.code() != ENOMEM) throw;
            return false;
        }
    }
    /// Behind the socket's close(), which takes it out of the map of sockets.
    auto forget(bpfxx::u64 cookie) -> void { slots_->erase(cookie); }
};
