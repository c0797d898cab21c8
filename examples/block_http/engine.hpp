// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// The program as its user sees it, wherever it runs: loaded into the kernel, or compiled into this process.
#include "block_http.hpp"
#include <algorithm>
#include <array>
#include <bpfxx/kernel/host/run.hpp>
#include <bpfxx/user/feature.hpp>
#include <bpfxx/user/ring_buffer.hpp>
#include <bpfxx/user/skeleton.hpp>
#include <bpfxx/user/test_run.hpp>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "block_http.skel.h"

struct options {
    settings match;
    std::vector<bpfxx::u16> exempt;
};
using on_event = std::function<void(event const &)>;
using tallies = std::array<bpfxx::xdp::tally, bpfxx::reason_count>; // by reason

struct answer {
    int verdict;
    bpfxx::reason why;
};

/// What an XDP program sees of a packet, at most: one page, less what the kernel keeps of it. The rest of a longer packet
/// (GRO, TSO, jumbo frames) is not handed to it, so it is not here either, in the kernel or in this process.
inline constexpr std::size_t most_seen = 3072;

class engine {
    std::optional<tallies> before_;

  public:
    engine() = default;
    engine(engine const &) = delete;
    engine(engine &&) = delete;
    auto operator=(engine const &) -> engine & = delete;
    auto operator=(engine &&) -> engine & = delete;
    virtual ~engine() = default;

    /// Events of the packet go to the callback before this returns.
    virtual auto run(std::span<std::byte const> packet) -> int = 0;
    virtual auto counters() const -> tallies = 0;
    virtual auto lost_events() const -> bpfxx::u64 = 0;

    /// Runs one packet, and finds its reason by the counter that has moved.
    auto answer_to(std::span<std::byte const> packet) -> answer {
        auto const before = before_ ? *before_ : counters();
        auto const verdict = run(packet.first(std::min(packet.size(), most_seen)));
        auto const &after = before_.emplace(counters());
        for (bpfxx::u32 i = 0; i < bpfxx::reason_count; i++)
            if (std::memcmp(&before[i], &after[i], sizeof before[i]) != 0)
                return {verdict, static_cast<bpfxx::reason>(i)};
        return {verdict, bpfxx::reason::none};
    }
};

/// In the kernel.
class kernel_engine : public engine {
    bpfxx::user::skeleton<block_http> object_;
    std::unique_ptr<bpfxx::user::ring_buffer> events_;
    std::optional<bpfxx::user::map<bpfxx::xdp::counters>> counters_;

  public:
    kernel_engine(options const &wanted, on_event use) {
        bpfxx::user::require_bpf({bpfxx::user::feature::ring_buffer});
        object_->rodata->config = wanted.match;
        object_.load();
        counters_ = object_.map<bpfxx::xdp::counters>("counters");
        auto const exempt = object_.map<exempt_spec>("exempt");
        for (auto const port : wanted.exempt) exempt.update(bpfxx::be16{port}, 1);
        events_ = std::make_unique<bpfxx::user::ring_buffer>(
            object_.map<events_spec>("events"), [use = std::move(use)](std::span<std::byte const> record) {
                event e;
                std::memcpy(static_cast<void *>(&e), record.data(), sizeof e);
                use(e);
            });
    }
    auto program() const -> bpfxx::user::program { return object_.program("block_http"); }
    auto events() const -> bpfxx::user::ring_buffer & { return *events_; }

    auto run(std::span<std::byte const> packet) -> int override {
        auto const verdict = bpfxx::user::test_run(program(), packet).verdict;
        events_->consume();
        return verdict;
    }
    auto counters() const -> tallies override {
        tallies all{};
        for (bpfxx::u32 i = 0; i < all.size(); i++) all[i] = counters_->sum(i);
        return all;
    }
    auto lost_events() const -> bpfxx::u64 override { return object_.map<lost_spec>("lost").sum(0); }
};

/// In this process: the same source, compiled natively.
class host_engine : public engine {
    bpfxx::host::object object_{"block_http"};
    on_event use_;

  public:
    host_engine(options const &wanted, on_event use) : use_{std::move(use)} {
        object_.config<settings>("config") = wanted.match;
        auto exempt = object_.map<exempt_spec>("exempt");
        for (auto const port : wanted.exempt) exempt.update(bpfxx::be16{port}, 1);
    }
    auto run(std::span<std::byte const> packet) -> int override {
        auto const *const bytes = reinterpret_cast<bpfxx::u8 const *>(packet.data());
        auto const outcome =
            bpfxx::host::run(object_.program<bpfxx::xdp::context>("block_http"), {bytes, packet.size()});
        object_.consume("events", [&](std::span<bpfxx::u8 const> record) {
            event e;
            std::memcpy(static_cast<void *>(&e), record.data(), sizeof e);
            use_(e);
        });
        return outcome.verdict;
    }
    auto counters() const -> tallies override {
        auto const map = object_.map<bpfxx::xdp::counters>("counters");
        tallies all{};
        for (bpfxx::u32 i = 0; i < all.size(); i++) all[i] = map.lookup(i).value_or(bpfxx::xdp::tally{});
        return all;
    }
    auto lost_events() const -> bpfxx::u64 override { return object_.map<lost_spec>("lost").lookup(0).value_or(0); }
};
