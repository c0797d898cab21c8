// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// One program of an object, loaded and ready for packets.
#include <algorithm>
#include <bpfxx/user/error.hpp>
#include <bpfxx/user/feature.hpp>
#include <bpfxx/user/object.hpp>
#include <bpfxx/user/packet_runner.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

/// An entry that a map gets before the first packet.
struct map_entry {
    std::string map;
    std::vector<std::byte> key, value;
};

class engine {
    bpfxx::user::object object_;
    bpfxx::user::program program_;
    bpfxx::user::packet_runner runner_;

  public:
    /// `name` is empty for the only program that there is.
    engine(std::string const &path, std::string const &name, std::vector<map_entry> const &entries)
        : object_{bpfxx::user::object::open(path)}, program_{chosen(object_, name)}, runner_{program_} {
        choose_what_is_loaded();
        // What is pinned belongs to programs that are at work: a replay neither reads nor changes it.
        for (auto const &m : object_.maps()) m.set_unpinned();
        fill(entries, true);
        bpfxx::user::require_bpf();
        object_.load();
        fill(entries, false);
    }

    auto program() const -> bpfxx::user::program const & { return program_; }
    auto type() const -> bpf_prog_type { return runner_.type(); }
    auto view() const -> bpfxx::user::packet_view { return runner_.view(); }

    /// Runs it once for what it does, and with more repetitions once more for its time: each repetition gets the packet
    /// as the last one left it, so that a second swap of addresses would undo the first.
    auto run(std::span<std::byte const> packet, bpfxx::u32 repeat) -> bpfxx::user::packet_outcome {
        auto outcome = runner_.run(packet);
        if (repeat > 1 && outcome.why_not == bpfxx::user::obstacle::none)
            outcome.duration = runner_.run(packet, repeat).duration;
        return outcome;
    }

  private:
    static auto chosen(bpfxx::user::object const &from, std::string const &name) -> bpfxx::user::program {
        if (!name.empty()) return from.program(name);
        auto const all = from.programs();
        if (all.size() == 1) return all[0];
        if (all.empty()) throw bpfxx::user::error{"no program in " + from.name()};
        std::string there;
        for (auto const &p : all)
            there += (there.empty() ? "" : ", ") + p.name() + " (" + bpfxx::user::name_of(p.type()) + ")";
        throw bpfxx::user::error{from.name() + " has several programs", 0, {}, "choose one with --program: " + there};
    }

    /// Only the program that is wanted: the others need not even be accepted here. Where there are tail calls, all, because
    /// the object's array of programs may name them.
    auto choose_what_is_loaded() const -> void {
        auto const maps = object_.maps();
        bool const calls =
            std::any_of(maps.begin(), maps.end(), [](auto const &m) { return m.type() == BPF_MAP_TYPE_PROG_ARRAY; });
        if (!calls)
            for (auto const &p : object_.programs()) p.set_autoload(false);
        program_.set_autoload(true);
    }
    auto fill(std::vector<map_entry> const &entries, bool globals) const -> void {
        for (auto const &e : entries)
            if (auto const map = object_.map(e.map); map.is_global() == globals) map.update(e.key, e.value);
    }
};
