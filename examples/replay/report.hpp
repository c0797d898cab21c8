// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// How replay shows what happened: lines, a table, JSON.
#include "../support/output.hpp"
#include "difference.hpp"
#include <algorithm>
#include <array>
#include <bpfxx/core/int.hpp>
#include <bpfxx/user/captured_packet.hpp>
#include <bpfxx/user/packet_runner.hpp>
#include <fmt/format.h>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

inline auto words_for(bpfxx::user::obstacle o) -> char const * {
    switch (o) {
    case bpfxx::user::obstacle::no_ethernet: return "shorter than an Ethernet header";
    case bpfxx::user::obstacle::no_network: return "without a whole network header";
    case bpfxx::user::obstacle::too_long: return "too long for the kernel";
    default: return "";
    }
}

/// A packet before and after.
struct replayed {
    bpfxx::user::captured_packet const &packet;
    bpfxx::user::packet_outcome const &outcome;

    auto before() const -> packet_bytes { return packet.bytes; }
    auto after() const -> packet_bytes { return outcome.packet; }
    auto ran() const -> bool { return outcome.why_not == bpfxx::user::obstacle::none; }
    auto changed() const -> bool {
        return ran() && !std::equal(before().begin(), before().end(), after().begin(), after().end());
    }

    auto json(bool with_bytes) const -> std::string {
        auto text = fmt::format("{{\"packet\":{},\"length\":{},", packet.number, before().size());
        if (!ran()) return text + fmt::format("\"verdict\":\"not_run\",\"why\":\"{}\"}}\n", name_of(outcome.why_not));
        text += fmt::format("\"verdict\":\"{}\",\"code\":{},\"length_out\":{},\"changed\":{},", outcome.verdict.name,
                            outcome.verdict.code, after().size(), changed());
        if (with_bytes) text += fmt::format("\"bytes\":\"{}\",\"changes\":[{}],", hex(after()), changes_json());
        if (with_bytes && !outcome.keys.empty()) text += fmt::format("\"keys\":\"{}\",", hex(outcome.keys));
        return text + fmt::format("\"ns\":{}}}\n", outcome.duration.count());
    }
    /// Its head line, and a line for each run of other bytes.
    auto difference_text() const -> std::string {
        auto text =
            fmt::format("packet {}: {}{}\n", packet.number, outcome.verdict.name, change_of_length(before(), after()));
        for (auto const &c : changes_between(before(), after())) text += text_of(c);
        return text;
    }

  private:
    auto changes_json() const -> std::string {
        std::string text;
        for (auto const &c : changes_between(before(), after()))
            text += fmt::format("{}{{\"offset\":{},\"before\":\"{}\",\"after\":\"{}\"}}", text.empty() ? "" : ",",
                                c.offset, hex(c.before), hex(c.after));
        return text;
    }
};

/// Numbers in rising order as people list them, "1-5, 7, 9-12": the first ones, and how many more there are.
class number_list {
    static constexpr std::size_t most = 12;
    std::vector<std::pair<bpfxx::u64, bpfxx::u64>> ranges_;
    bpfxx::u64 further_ = 0;

  public:
    auto add(bpfxx::u64 n) -> void {
        if (further_ == 0 && !ranges_.empty() && ranges_.back().second + 1 == n)
            ranges_.back().second = n;
        else if (further_ == 0 && ranges_.size() < most)
            ranges_.emplace_back(n, n);
        else
            further_++;
    }
    auto text() const -> std::string {
        std::string text;
        for (auto const &[first, last] : ranges_)
            text +=
                fmt::format("{}{}{}", text.empty() ? "" : ", ", first, last == first ? "" : fmt::format("-{}", last));
        return further_ == 0 ? text : text + fmt::format(" and {} more", further_);
    }
};

/// What became of all packets, in memory that does not grow with them.
class histogram {
    struct row {
        char const *name = "";
        bpfxx::u64 packets = 0, changed = 0, longer = 0, shorter = 0, ns = 0;
        auto operator+=(row const &other) -> row & {
            packets += other.packets;
            changed += other.changed;
            longer += other.longer;
            shorter += other.shorter;
            ns += other.ns;
            return *this;
        }
        auto text() const -> std::string {
            return fmt::format("{:<16} {:>10} {:>10} {:>10} {:>10} {:>10}\n", name, packets, changed, longer, shorter,
                               packets == 0 ? "-" : fmt::format("{}", (ns + packets / 2) / packets));
        }
    };
    std::map<int, row> rows_; // by code, as the type's names go; what shares a name shares a row
    std::array<bpfxx::u64, bpfxx::user::obstacle_count> not_run_{};
    bpfxx::u64 count_ = 0;
    number_list changed_;

  public:
    auto count() const -> bpfxx::u64 { return count_; }
    auto add(replayed const &r) -> void {
        count_++;
        if (!r.ran()) {
            not_run_[static_cast<std::size_t>(r.outcome.why_not)]++;
            return;
        }
        auto const &verdict = r.outcome.verdict;
        row one{verdict.name, 1, r.changed() ? 1u : 0u};
        if (r.after().size() > r.before().size()) one.longer = 1;
        if (r.after().size() < r.before().size()) one.shorter = 1;
        one.ns = static_cast<bpfxx::u64>(r.outcome.duration.count());
        row_of(verdict) += one;
        if (r.changed()) changed_.add(r.packet.number);
    }
    auto table() const -> std::string {
        auto text = fmt::format("{:<16} {:>10} {:>10} {:>10} {:>10} {:>10}\n", "verdict", "packets", "changed",
                                "longer", "shorter", "ns each");
        row total{"total"};
        for (auto const &[code, r] : rows_) {
            text += r.text();
            total += r;
        }
        text += total.text();
        if (total.changed > 0) text += fmt::format("\nchanged: packets {}\n", changed_.text());
        if (total.packets == count_) return text;
        text += fmt::format("\nnot run: {} packets\n", count_ - total.packets);
        for (std::size_t i = 0; i < not_run_.size(); i++)
            if (not_run_[i] > 0)
                text += fmt::format("{:<40} {:>8}\n", words_for(static_cast<bpfxx::user::obstacle>(i)), not_run_[i]);
        return text;
    }

  private:
    auto row_of(bpfxx::user::verdict_name const &verdict) -> row & {
        for (auto &[code, r] : rows_)
            if (std::string_view{r.name} == verdict.name) return r;
        auto &fresh = rows_[verdict.code];
        fresh.name = verdict.name;
        return fresh;
    }
};
