// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// What the maps hold of the settings, and what has been counted of each entity: the same in the kernel and in this process.
#include "settings.hpp"
#include <algorithm>
#include <array>
#include <bpfxx/kernel/host/run.hpp>
#include <cstddef>
#include <cstring>
#include <fmt/format.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

/// An entity and what it has sent.
struct row {
    std::string label;
    bpfxx::u16 port;
    entity_tally sent;
};
inline auto add(entity_tally &to, entity_tally const &more) -> void {
    to.packets += more.packets;
    to.bytes += more.bytes;
    to.last = std::max(to.last, more.last);
}
using outcome_counts = std::array<bpfxx::u64, outcome_count>;

/// What is in the maps, as far as user space has put it there. Access has map<Spec>(name).
template <class Access> class installed {
    Access access_;
    bpfxx::u32 capacity_, set_ = 1;
    std::array<std::vector<entity_key>, 2> keys_;
    std::unordered_map<std::string, bpfxx::u32> slots_; // by tag; they outlive a reload
    std::vector<bpfxx::u32> free_;
    std::vector<bool> used_; // slots that may have counted already
    std::vector<bpfxx::u8> watched_ = std::vector<bpfxx::u8>(65536);
    std::vector<known_entity> known_;
    std::vector<std::size_t> rows_; // of each of them: tags of one name and port are one entity

    static auto key_of(std::string const &tag, bpfxx::u32 set) -> entity_key {
        entity_key key{};
        std::memcpy(key.tag, tag.data(), tag.size());
        key.set = set;
        return key;
    }

  public:
    installed(Access access, bpfxx::u32 capacity) : access_{std::move(access)}, capacity_{capacity}, used_(capacity) {
        for (auto i = capacity; i-- > 0;) free_.push_back(i);
    }

    /// All or nothing: until the last step the old settings are in force, and packets see no half of the new ones.
    auto apply(configuration const &c) -> void {
        std::size_t fresh = 0;
        for (auto const &e : c.entities) fresh += slots_.count(e.tag) == 0;
        if (fresh > free_.size())
            throw std::runtime_error{fmt::format("there is room for {} entities, those of the settings before "
                                                 "included: set \"capacity\" and start again",
                                                 capacity_)};
        auto const set = set_ ^ 1;
        auto const entities = access_.template map<entities_spec>("entities");
        auto const counted = access_.template map<counted_spec>("counted");
        for (auto const &key : keys_[set]) entities.erase(key);
        keys_[set].clear();

        access_.template map<rule_sets_spec>("rule_sets").update(set, rules_of(c));
        auto const ports = access_.template map<watched_spec>("watched");
        auto wanted = std::vector<bool>(65536, c.watch_all);
        for (auto const port : c.watch) wanted[port] = true;
        for (bpfxx::u32 port = 0; port < wanted.size(); port++) {
            auto const bits = static_cast<bpfxx::u8>((watched_[port] & ~(1u << set)) | unsigned{wanted[port]} << set);
            if (bits != watched_[port]) ports.update(port, bits);
            watched_[port] = bits;
        }
        for (auto const &e : c.entities) {
            auto [at, is_new] = slots_.try_emplace(e.tag, 0);
            if (is_new) {
                at->second = free_.back();
                free_.pop_back();
                if (used_[at->second]) counted.update(at->second, entity_tally{});
                used_[at->second] = true;
            }
            auto const key = key_of(e.tag, set);
            entities.update(key, entity{bpfxx::be16{e.port}, {}, at->second});
            keys_[set].push_back(key);
        }
        access_.template map<in_force_spec>("in_force").update(0, set);
        set_ = set;

        known_ = c.entities;
        rows_.clear();
        std::unordered_map<std::string, std::size_t> named;
        for (auto const &e : known_)
            rows_.push_back(named.emplace(fmt::format("{} {}", e.port, e.label), named.size()).first->second);
        std::unordered_set<std::string_view> stays;
        for (auto const &e : known_) stays.insert(e.tag);
        for (auto i = slots_.begin(); i != slots_.end();)
            if (stays.count(i->first) == 0) {
                free_.push_back(i->second);
                i = slots_.erase(i);
            } else
                ++i;
    }

    auto rows() const -> std::vector<row> {
        auto const all = access_.tallies();
        std::vector<row> result;
        result.reserve(known_.size());
        for (std::size_t i = 0; i < known_.size(); i++) {
            auto const &e = known_[i];
            auto const &sent = all[slots_.at(e.tag)];
            if (rows_[i] == result.size())
                result.push_back({e.label, e.port, sent});
            else
                add(result[rows_[i]].sent, sent);
        }
        return result;
    }
    auto outcomes() const -> outcome_counts { return access_.outcomes(); }
    auto label_of(bpfxx::u32 slot) const -> std::string {
        for (auto const &e : known_)
            if (slots_.at(e.tag) == slot) return e.label;
        return "";
    }
};

/// Entities that there is room for.
inline auto capacity_for(configuration const &c) -> bpfxx::u32 {
    if (c.capacity != 0) return c.capacity;
    return std::max<bpfxx::u32>(4096, static_cast<bpfxx::u32>(c.entities.size()) * 2);
}

/// Access to the maps of the same source in this process.
struct maps_in_process {
    bpfxx::host::object object;
    bpfxx::u32 capacity;
    template <class Spec> struct updated : bpfxx::host::map<Spec> {
        auto update(typename Spec::key const &k, typename Spec::value const &v) const -> void {
            if (bpfxx::host::map<Spec>{*this}.update(k, v) != 0) throw std::runtime_error{"a map is full"};
        }
        auto erase(typename Spec::key const &k) const -> void { bpfxx::host::map<Spec>{*this}.erase(k); }
    };
    template <class Spec> auto map(char const *name) const -> updated<Spec> { return {object.map<Spec>(name)}; }
    auto outcomes() const -> outcome_counts {
        auto const counts = map<outcomes_spec>("outcomes");
        outcome_counts all{};
        for (bpfxx::u32 i = 0; i < outcome_count; i++) all[i] = counts.lookup(i).value_or(0);
        return all;
    }
    auto tallies() const -> std::vector<entity_tally> {
        auto const counted = map<counted_spec>("counted");
        std::vector<entity_tally> all(capacity);
        for (bpfxx::u32 i = 0; i < capacity; i++) all[i] = counted.lookup(i).value_or(entity_tally{});
        return all;
    }
};
