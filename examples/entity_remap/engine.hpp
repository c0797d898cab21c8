// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// The programs as their user sees them, wherever they run: loaded into the kernel, or compiled into this process. Settings
/// come into force between two packets: no packet sees some of the old and some of the new.
#include "installed.hpp"
#include <algorithm>
#include <array>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <bpfxx/kernel/host/run.hpp>
#include <bpfxx/user/feature.hpp>
#include <bpfxx/user/skeleton.hpp>
#include <bpfxx/user/test_run.hpp>
#include <cerrno>
#include <cstddef>
#include <memory>
#include <optional>
#include <sched.h>
#include <span>
#include <vector>

#include "entity_remap.skel.h"

struct answer {
    int verdict;
    std::optional<outcome> what; // nothing if the packet is none that is looked at
    std::vector<std::byte> packet;
};

class engine {
  public:
    engine() = default;
    engine(engine const &) = delete;
    engine(engine &&) = delete;
    auto operator=(engine const &) -> engine & = delete;
    auto operator=(engine &&) -> engine & = delete;
    virtual ~engine() = default;

    virtual auto apply(configuration const &c) -> void = 0;
    virtual auto rows() const -> std::vector<row> = 0;
    virtual auto outcomes() const -> outcome_counts = 0;
    /// Nothing for what is no frame.
    virtual auto run(std::span<std::byte const> packet) -> std::optional<answer> = 0;

  protected:
    /// What has been counted by a run.
    auto moved(outcome_counts const &before) const -> std::optional<outcome> {
        auto const after = outcomes();
        for (bpfxx::u32 i = 0; i < outcome_count; i++)
            if (after[i] != before[i]) return static_cast<outcome>(i);
        return std::nullopt;
    }
};

/// In this process: the same source, compiled natively.
class host_engine : public engine {
    bool tee_;
    std::optional<installed<maps_in_process>> maps_;
    bpfxx::host::object object_{"entity_remap"};

  public:
    host_engine(configuration const &c, bool tee) : tee_{tee} {
        auto const capacity = capacity_for(c);
        object_.reset();
        object_.set_capacity("entities", 2 * capacity);
        object_.set_capacity("counted", capacity);
        maps_.emplace(maps_in_process{object_, capacity}, capacity);
        maps_->apply(c);
    }
    auto apply(configuration const &c) -> void override { maps_->apply(c); }
    auto rows() const -> std::vector<row> override { return maps_->rows(); }
    auto outcomes() const -> outcome_counts override { return maps_->outcomes(); }
    auto run(std::span<std::byte const> packet) -> std::optional<answer> override {
        if (!bpfxx::user::runnable(packet.size())) return std::nullopt;
        auto const before = outcomes();
        auto const bytes = std::span{reinterpret_cast<bpfxx::u8 const *>(packet.data()), packet.size()};
        bpfxx::host::clones().clear();
        auto const done = tee_ ? bpfxx::host::run(object_.program<bpfxx::skb::context>("entity_tee"), bytes)
                               : bpfxx::host::run(object_.program<bpfxx::xdp::context>("entity_remap"), bytes);
        auto const *const at = reinterpret_cast<std::byte const *>(done.bytes.data());
        return answer{done.verdict, moved(before), {at, at + done.bytes.size()}};
    }
};

/// In the kernel. Of a capture's packets the same source in this process gets those that a test run would not show to the
/// program as a network does: with more than a page XDP would see the first part, and TC nothing at all; nor does TC see what
/// is cut off within an IP header.
class kernel_engine : public engine {
    bpfxx::user::skeleton<entity_remap> object_;
    bool tee_;
    std::optional<configuration> settings_;   // of a capture
    std::unique_ptr<host_engine> in_process_; // if there was such a packet
    static constexpr std::size_t most_whole = 3072;

    struct access {
        bpfxx::user::skeleton<entity_remap> const *object;
        bpfxx::u32 capacity;
        template <class Spec> auto map(char const *name) const { return object->map<Spec>(name); }
        auto outcomes() const -> outcome_counts {
            auto const counts = map<outcomes_spec>("outcomes");
            outcome_counts all{};
            for (bpfxx::u32 i = 0; i < outcome_count; i++) all[i] = counts.sum(i);
            return all;
        }
        /// All at once: a call for each of a million would take seconds.
        auto tallies() const -> std::vector<entity_tally> {
            auto const counted = map<counted_spec>("counted");
            std::vector<entity_tally> all(capacity);
            std::vector<bpfxx::u32> keys(capacity);
            bpfxx::u32 next = 0, done = 0;
            while (done < capacity) {
                auto count = capacity - done;
                auto const result = bpf_map_lookup_batch(counted.fd(), done == 0 ? nullptr : &next, &next, keys.data(),
                                                         all.data() + done, &count, nullptr);
                if (result != 0 && result != -ENOENT) {
                    for (auto i = done; i < capacity; i++) // a kernel without it
                        all[i] = counted.lookup(i).value_or(entity_tally{});
                    break;
                }
                done += count;
                if (result == -ENOENT) break;
            }
            return all;
        }
    };
    std::optional<installed<access>> maps_;

  public:
    /// `runs` packets, that is; else it is attached.
    kernel_engine(configuration const &c, bool tee, bool runs) : tee_{tee} {
        if (runs) settings_ = c;
        bpfxx::user::require_bpf();
        auto const capacity = capacity_for(c);
        object_.program("entity_tee").set_autoload(tee);
        object_.program("entity_remap").set_autoload(!tee);
        bpfxx::user::check(bpf_map__set_max_entries(object_->maps.entities, 2 * capacity), "cannot size a map");
        bpfxx::user::check(bpf_map__set_map_flags(object_->maps.entities, BPF_F_NO_PREALLOC), "cannot set up a map");
        bpfxx::user::check(bpf_map__set_max_entries(object_->maps.counted, capacity), "cannot size a map");
        object_.load();
        maps_.emplace(access{&object_, capacity}, capacity);
        maps_->apply(c);
    }
    auto program() const -> bpfxx::user::program { return object_.program(tee_ ? "entity_tee" : "entity_remap"); }

    auto apply(configuration const &c) -> void override {
        maps_->apply(c);
        if (settings_) settings_ = c;
        if (in_process_) in_process_->apply(c);
    }
    auto rows() const -> std::vector<row> override {
        auto all = maps_->rows();
        if (!in_process_) return all;
        auto const others = in_process_->rows();
        for (std::size_t i = 0; i < all.size(); i++) {
            add(all[i].sent, others[i].sent);
        }
        return all;
    }
    auto outcomes() const -> outcome_counts override {
        auto all = maps_->outcomes();
        if (!in_process_) return all;
        auto const more = in_process_->outcomes();
        for (bpfxx::u32 i = 0; i < outcome_count; i++) all[i] += more[i];
        return all;
    }
    auto run(std::span<std::byte const> packet) -> std::optional<answer> override {
        constexpr std::size_t headers = 64;
        if (!bpfxx::user::runnable(packet.size())) return std::nullopt;
        if (packet.size() > most_whole) return in_process().run(packet);
        auto const before = outcomes();
        try {
            auto done = bpfxx::user::test_run(program(), packet);
            return answer{done.verdict, moved(before), std::move(done.packet)};
        } catch (bpfxx::user::error const &e) {
            if (!tee_ || e.code() != EINVAL || packet.size() > headers) throw;
            return in_process().run(packet);
        }
    }

  private:
    auto in_process() -> host_engine & {
        if (!in_process_) in_process_ = std::make_unique<host_engine>(settings_.value(), tee_);
        return *in_process_;
    }
};
