// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// The programs as their user sees them, wherever they run: loaded into the kernel, or compiled into this process.
#include "dissect.hpp"
#include <algorithm>
#include <bpfxx/kernel/host/run.hpp>
#include <bpfxx/user/error.hpp>
#include <bpfxx/user/feature.hpp>
#include <bpfxx/user/ring_buffer.hpp>
#include <bpfxx/user/skeleton.hpp>
#include <bpfxx/user/test_run.hpp>
#include <cerrno>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <span>

#include "dissect.skel.h"

namespace dissection {
/// What an XDP program sees of a packet, at most: one page, less what the kernel keeps of it. Headers behind it are not
/// looked for, in the kernel or in this process.
inline constexpr std::size_t most_seen = 3072;

enum class hook { xdp, tc };
inline auto program_at(hook h) -> char const * { return h == hook::xdp ? "dissect_xdp" : "dissect_tc"; }
using on_trail = std::function<void(trail const &)>;

inline auto trail_of(void const *record, std::size_t size) -> trail {
    trail t{};
    if (size != sizeof t) throw bpfxx::user::error{"the program's records are of another size"};
    std::memcpy(static_cast<void *>(&t), record, sizeof t);
    return t;
}

class engine {
  public:
    engine() = default;
    engine(engine const &) = delete;
    engine(engine &&) = delete;
    auto operator=(engine const &) -> engine & = delete;
    auto operator=(engine &&) -> engine & = delete;
    virtual ~engine() = default;

    /// The trail of a packet that starts with the protocol of this number.
    auto walk(std::span<std::byte const> packet, bpfxx::u32 first) -> trail {
        auto t = run(packet.first(std::min(packet.size(), most_seen)), first);
        t.length = static_cast<bpfxx::u32>(packet.size());
        return t;
    }

  private:
    virtual auto run(std::span<std::byte const> packet, bpfxx::u32 first) -> trail = 0;
};

/// In this process: the same source, compiled natively.
class host_engine : public engine {
    bpfxx::host::object object_{"dissect"};
    hook hook_;

    template <class Context> auto run_as(std::span<std::byte const> packet) -> void {
        auto const *const bytes = reinterpret_cast<bpfxx::u8 const *>(packet.data());
        bpfxx::host::run(object_.program<Context>(program_at(hook_)), {bytes, packet.size()});
    }

  public:
    explicit host_engine(hook h) : hook_{h} {}
    auto run(std::span<std::byte const> packet, bpfxx::u32 first) -> trail override {
        object_.config<settings>("config").first = first;
        if (hook_ == hook::xdp)
            run_as<bpfxx::xdp::context>(packet);
        else
            run_as<bpfxx::skb::context>(packet);
        std::optional<trail> last;
        object_.consume("trails", [&](auto record) { last = trail_of(record.data(), record.size()); });
        if (!last) throw bpfxx::user::error{"the program has reported nothing"};
        return *last;
    }
};

/// Loaded, for packets that start with one protocol.
class loaded {
    bpfxx::user::skeleton<dissect> object_;
    std::unique_ptr<bpfxx::user::ring_buffer> trails_;

  public:
    loaded(bpfxx::u32 first, on_trail use) {
        object_->rodata->config = {first};
        object_.load();
        trails_ = std::make_unique<bpfxx::user::ring_buffer>(
            object_.map<trails_spec>("trails"),
            [use = std::move(use)](std::span<std::byte const> record) { use(trail_of(record.data(), record.size())); });
    }
    auto program(hook h) const -> bpfxx::user::program { return object_.program(program_at(h)); }
    auto trails() const -> bpfxx::user::ring_buffer & { return *trails_; }
    auto lost() const -> bpfxx::u64 { return object_.map<lost_spec>("lost").sum(0); }
};
inline auto require_kernel() -> void { bpfxx::user::require_bpf({bpfxx::user::feature::ring_buffer}); }

/// In the kernel, by test runs. Packets that are too short for one are walked in this process: XDP's are at least an
/// Ethernet header, and TC's what the kernel thinks that a packet has of headers, which differs from one to the next.
class kernel_engine : public engine {
    hook hook_;
    host_engine short_ones_;
    std::unique_ptr<loaded> loaded_[known::count];
    std::optional<trail> last_;

    auto runs(std::span<std::byte const> packet, bpfxx::user::program const &p) -> bool {
        constexpr std::size_t headers = 64;
        if (!bpfxx::user::runnable(packet.size())) return false;
        try {
            bpfxx::user::test_run(p, packet);
            return true;
        } catch (bpfxx::user::error const &e) {
            if (hook_ != hook::tc || e.code() != EINVAL || packet.size() > headers) throw;
            return false;
        }
    }

  public:
    explicit kernel_engine(hook h) : hook_{h}, short_ones_{h} { require_kernel(); }
    auto run(std::span<std::byte const> packet, bpfxx::u32 first) -> trail override {
        auto &in = loaded_[first];
        if (!in) in = std::make_unique<loaded>(first, [this](trail const &t) { last_ = t; });
        last_.reset();
        if (!runs(packet, in->program(hook_))) return short_ones_.run(packet, first);
        in->trails().consume();
        if (!last_) throw bpfxx::user::error{"the program has reported nothing"};
        return *last_;
    }
};
} // namespace dissection
