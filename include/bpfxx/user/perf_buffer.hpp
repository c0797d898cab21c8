// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// The reading end of a perf event array: one buffer for each CPU, whose records go to a callback.
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
/// Records of one CPU come in their order, those of several do not. Where that or speed matters: ring_buffer.
class perf_buffer {
  public:
    /// The record's bytes are valid during the call only. The kernel may have added up to 7 bytes behind them.
    using callback = std::function<void(int cpu, std::span<std::byte const>)>;
    /// Called with the number of records that a CPU had no room for.
    using loss_callback = std::function<void(int cpu, u64 count)>;

    /// The map by its descriptor, which may be closed afterwards. Each CPU has so many pages, a power of two.
    perf_buffer(int map_fd, callback on_record, std::size_t pages = 16, loss_callback on_loss = {})
        : state_{std::make_unique<state>(std::move(on_record), std::move(on_loss))} {
        auto const log = libbpf_log{};
        handle_.reset(perf_buffer__new(map_fd, pages, deliver, count_lost, state_.get(), nullptr));
        if (!handle_) throw error{"cannot open a perf buffer", errno, log.tail()};
    }
    template <u32 Capacity, map_options O>
    perf_buffer(map<spec::perf_event_array<Capacity, O>> const &from, callback on_record, std::size_t pages = 16,
                loss_callback on_loss = {})
        : perf_buffer{from.fd(), std::move(on_record), pages, std::move(on_loss)} {}

    /// Waits for records until the time is over or a signal comes, and delivers all there are. Returns how many.
    /// The first thing that a callback throws comes out here, when all records that are there have been delivered.
    auto poll(std::chrono::milliseconds timeout) -> int {
        return delivered(perf_buffer__poll(handle_.get(), static_cast<int>(timeout.count())));
    }
    /// Delivers what is there without waiting.
    auto consume() -> int { return delivered(perf_buffer__consume(handle_.get())); }
    /// Readable once when there are records, to be waited for together with other things: consume() then, poll() would
    /// wait for the next ones.
    auto epoll_fd() const noexcept -> int { return perf_buffer__epoll_fd(handle_.get()); }
    /// Records for which there was no room, as far as the kernel has told: it tells with the next record that fits.
    auto lost() const noexcept -> u64 { return state_->lost; }

  private:
    struct state {
        callback on_record;
        loss_callback on_loss;
        std::exception_ptr thrown;
        u64 lost = 0;
        int count = 0;
        state(callback c, loss_callback l) : on_record{std::move(c)}, on_loss{std::move(l)} {}
    };
    struct free {
        auto operator()(::perf_buffer *b) const -> void { perf_buffer__free(b); }
    };
    std::unique_ptr<state> state_; // at a fixed place: libbpf holds its address
    std::unique_ptr<::perf_buffer, free> handle_;

    // Callbacks must not unwind libbpf's frames.
    static auto deliver(void *context, int cpu, void *data, u32 size) noexcept -> void {
        auto &to = *static_cast<state *>(context);
        try {
            to.count++;
            to.on_record(cpu, {static_cast<std::byte const *>(data), size});
        } catch (...) {
            if (!to.thrown) to.thrown = std::current_exception();
        }
    }
    static auto count_lost(void *context, int cpu, __u64 count) noexcept -> void {
        auto &to = *static_cast<state *>(context);
        to.lost += count;
        try {
            if (to.on_loss) to.on_loss(cpu, count);
        } catch (...) {
            if (!to.thrown) to.thrown = std::current_exception();
        }
    }
    auto delivered(int result) const -> int {
        auto const count = std::exchange(state_->count, 0);
        if (auto const thrown = std::exchange(state_->thrown, nullptr)) std::rethrow_exception(thrown);
        if (result != -EINTR) check(result, "cannot read a perf buffer");
        return count;
    }
};
} // namespace bpfxx::user
