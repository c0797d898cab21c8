// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// The writing end of a user ring buffer (Linux 6.1): records that a BPF program takes out when it runs.
#include <bpf/libbpf.h>
#include <bpfxx/core/map_spec.hpp>
#include <bpfxx/user/error.hpp>
#include <bpfxx/user/libbpf_log.hpp>
#include <bpfxx/user/map.hpp>
#include <bpfxx/user/map_traits.hpp>
#include <cerrno>
#include <cstring>
#include <memory>
#include <span>

namespace bpfxx::user {
/// One thread writes at a time.
class user_ring_buffer {
    struct free {
        auto operator()(::user_ring_buffer *r) const -> void { user_ring_buffer__free(r); }
    };
    std::unique_ptr<::user_ring_buffer, free> handle_;

  public:
    /// The map by its descriptor, which may be closed afterwards.
    explicit user_ring_buffer(int map_fd) {
        auto const log = libbpf_log{};
        handle_.reset(user_ring_buffer__new(map_fd, nullptr));
        if (!handle_) throw error{"cannot open a user ring buffer", errno, log.tail()};
    }
    template <u32 Bytes, map_options O>
    explicit user_ring_buffer(map<spec::user_ring_buffer<Bytes, O>> const &to) : user_ring_buffer{to.fd()} {}

    /// False if it is full: the program has to run first.
    auto send(std::span<std::byte const> record) -> bool {
        auto *const room = user_ring_buffer__reserve(handle_.get(), static_cast<u32>(record.size()));
        if (!room && errno == ENOSPC) return false;
        if (!room) throw error{detail::text("cannot send a record of ", record.size(), " bytes"), errno};
        std::memcpy(room, record.data(), record.size());
        user_ring_buffer__submit(handle_.get(), room);
        return true;
    }
    template <detail::plain_bytes Record> auto send(Record const &record) -> bool {
        return send(std::span{reinterpret_cast<std::byte const *>(&record), sizeof record});
    }
};
} // namespace bpfxx::user
