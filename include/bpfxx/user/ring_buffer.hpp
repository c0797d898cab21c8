// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// The reading end of a BPF ring buffer: each record goes to a callback, in the order in which they were reserved.
#include <bpf/libbpf.h>
#include <bpfxx/core/map_spec.hpp>
#include <bpfxx/user/error.hpp>
#include <bpfxx/user/libbpf_log.hpp>
#include <bpfxx/user/map.hpp>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <span>
#include <utility>

namespace bpfxx::user {
class ring_buffer {
  public:
    /// The record's bytes are valid during the call only.
    using callback = std::function<void(std::span<std::byte const>)>;

    /// The map by its descriptor, which may be closed afterwards.
    ring_buffer(int map_fd, callback on_record) : state_{std::make_unique<state>(std::move(on_record), nullptr)} {
        auto const log = libbpf_log{};
        handle_.reset(ring_buffer__new(map_fd, deliver, state_.get(), nullptr));
        if (!handle_) throw error{"cannot open a ring buffer", errno, log.tail()};
    }
    template <u32 Bytes, map_options O>
    ring_buffer(map<spec::ring_buffer<Bytes, O>> const &from, callback on_record)
        : ring_buffer{from.fd(), std::move(on_record)} {}

    /// Waits for records until the time is over or a signal comes, and delivers all there are. Returns how many.
    /// What the callback throws comes out here; the record counts as delivered, those behind it wait for the next call.
    auto poll(std::chrono::milliseconds timeout) -> int {
        return delivered(ring_buffer__poll(handle_.get(), static_cast<int>(timeout.count())));
    }
    /// Delivers what is there without waiting.
    auto consume() -> int { return delivered(ring_buffer__consume(handle_.get())); }
    /// Readable while there are records; to be waited for together with other things.
    auto epoll_fd() const noexcept -> int { return ring_buffer__epoll_fd(handle_.get()); }

  private:
    struct state {
        callback on_record;
        std::exception_ptr thrown;
        state(callback c, std::exception_ptr t) : on_record{std::move(c)}, thrown{std::move(t)} {}
    };
    struct free {
        auto operator()(::ring_buffer *r) const -> void { ring_buffer__free(r); }
    };
    std::unique_ptr<state> state_; // at a fixed place: libbpf holds its address
    std::unique_ptr<::ring_buffer, free> handle_;

    static auto deliver(void *context, void *data, std::size_t size) noexcept -> int {
        auto &to = *static_cast<state *>(context);
        try {
            to.on_record({static_cast<std::byte const *>(data), size});
            return 0;
        } catch (...) { // must not unwind libbpf's frames
            to.thrown = std::current_exception();
            return -ECANCELED;
        }
    }
    auto delivered(int result) const -> int {
        if (auto const thrown = std::exchange(state_->thrown, nullptr)) std::rethrow_exception(thrown);
        if (result == -EINTR) return 0;
        return check(result, "cannot read a ring buffer");
    }
};
} // namespace bpfxx::user
