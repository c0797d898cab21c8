// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// How entity_remap shows what it has done: tables, JSON, and metrics for Prometheus.
#include "../support/output.hpp"
#include "installed.hpp"
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <string>
#include <string_view>
#include <unistd.h>
#include <utility>
#include <vector>

inline auto clock_ns(clockid_t which) -> bpfxx::u64 {
    timespec t{};
    clock_gettime(which, &t);
    return static_cast<bpfxx::u64>(t.tv_sec) * 1'000'000'000 + static_cast<bpfxx::u64>(t.tv_nsec);
}
/// From CLOCK_BOOTTIME to seconds since 1970.
inline auto unix_time(bpfxx::u64 boot_ns) -> double {
    auto const age = static_cast<double>(clock_ns(CLOCK_BOOTTIME)) - static_cast<double>(boot_ns);
    return (static_cast<double>(clock_ns(CLOCK_REALTIME)) - age) / 1e9;
}

inline auto outcome_table(outcome_counts const &counts) -> std::string {
    std::string text;
    for (bpfxx::u32 i = 0; i < outcome_count; i++)
        text += fmt::format("{:<18} {:>12}\n", name_of(static_cast<outcome>(i)), counts[i]);
    return text;
}

/// The busiest entities, with what they have sent since the table before.
class entity_table {
    std::map<std::pair<std::string, bpfxx::u16>, bpfxx::u64> before_; // one name may have several ports
    bpfxx::u64 then_ = 0;

  public:
    auto text(std::vector<row> rows, std::size_t most) -> std::string {
        auto const now = clock_ns(CLOCK_MONOTONIC);
        auto const seconds = then_ == 0 ? 0.0 : static_cast<double>(now - then_) / 1e9;
        then_ = now;
        auto const total = rows.size();
        auto const silent = static_cast<std::size_t>(
            std::count_if(rows.begin(), rows.end(), [](row const &r) { return r.sent.packets == 0; }));
        auto const shown = std::min(most, total - silent);
        std::partial_sort(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(shown), rows.end(),
                          [](row const &a, row const &b) { return a.sent.packets > b.sent.packets; });
        auto result = fmt::format("{:<24} {:>6} {:>12} {:>10} {:>14} {:>11}\n", "entity", "port", "packets", "a second",
                                  "bytes", "last seen");
        for (std::size_t i = 0; i < shown; i++) {
            auto const &r = rows[i];
            auto const known = before_.find({r.label, r.port});
            // A reload may have begun to count anew.
            auto const rate =
                known == before_.end() || known->second > r.sent.packets || seconds == 0
                    ? std::string{"-"}
                    : fmt::format("{:.0f}", static_cast<double>(r.sent.packets - known->second) / seconds);
            auto const age = static_cast<double>(clock_ns(CLOCK_BOOTTIME) - r.sent.last) / 1e9;
            result += fmt::format("{:<24} {:>6} {:>12} {:>10} {:>14} {:>9.1f} s\n", r.label, r.port, r.sent.packets,
                                  rate, r.sent.bytes, age);
        }
        before_.clear();
        for (std::size_t i = 0; i < shown; i++)
            before_.emplace(std::pair{rows[i].label, rows[i].port}, rows[i].sent.packets);
        if (shown < total) result += fmt::format("{} entities more, {} of them silent\n", total - shown, silent);
        return result;
    }
};

/// For a label: there all other characters stand for themselves.
inline auto label_value(std::string const &text) -> std::string {
    std::string all;
    for (auto const c : text) {
        if (c == '"' || c == '\\') all += '\\';
        if (c == '\n')
            all += "\\n";
        else
            all += c;
    }
    return all;
}
/// For a JSON string.
inline auto escaped(std::string const &text) -> std::string {
    std::string all;
    for (auto const c : text) {
        if (c == '"' || c == '\\') all += '\\';
        if (c == '\n')
            all += "\\n";
        else if (static_cast<unsigned char>(c) < 0x20)
            all += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        else
            all += c;
    }
    return all;
}

/// Prometheus' own text format, as node_exporter's collector reads it, or OpenMetrics.
enum class metrics_format { prometheus, open_metrics };
inline auto metrics(std::vector<row> const &rows, outcome_counts const &outcomes, metrics_format format)
    -> std::string {
    bool const open = format == metrics_format::open_metrics;
    std::string text;
    auto const family = [&](char const *name, char const *type, char const *help) {
        auto const total = !open && std::string_view{type} == "counter" ? "_total" : "";
        text += fmt::format("# HELP entity_remap_{}{} {}\n# TYPE entity_remap_{}{} {}\n", name, total, help, name,
                            total, type);
    };
    auto const labels = [](row const &r) {
        return fmt::format("{{entity=\"{}\",port=\"{}\"}}", label_value(r.label), r.port);
    };
    family("packets", "counter", "Packets of an entity that were sent to its port.");
    for (auto const &r : rows) text += fmt::format("entity_remap_packets_total{} {}\n", labels(r), r.sent.packets);
    family("payload_bytes", "counter", "Bytes of payload in them.");
    for (auto const &r : rows) text += fmt::format("entity_remap_payload_bytes_total{} {}\n", labels(r), r.sent.bytes);
    family("last_seen_timestamp_seconds", "gauge", "When the last of them came, in Unix time.");
    for (auto const &r : rows)
        if (r.sent.packets != 0)
            text +=
                fmt::format("entity_remap_last_seen_timestamp_seconds{} {:.3f}\n", labels(r), unix_time(r.sent.last));
    family("outcomes", "counter", "Packets to the ports that are watched, by what became of them.");
    for (bpfxx::u32 i = 0; i < outcome_count; i++)
        text += fmt::format("entity_remap_outcomes_total{{outcome=\"{}\"}} {}\n", name_of(static_cast<outcome>(i)),
                            outcomes[i]);
    if (open) text += "# EOF\n";
    return text;
}

/// In one step: a reader sees the old file or the new one. What fails leaves no other one behind.
inline auto write_file(std::string const &path, std::string const &text) -> void {
    std::error_code unknown;
    auto const there = std::filesystem::status(path, unknown);
    if (std::filesystem::exists(there) && !std::filesystem::is_regular_file(there)) // it would become one
        throw bpfxx::user::error{"cannot write the metrics to " + path + ": it is no regular file"};
    auto const whole = std::filesystem::exists(there) ? std::filesystem::canonical(path).string() : path;
    auto const beside = whole + ".new";
    auto *const file = std::fopen(beside.c_str(), "w");
    if (file == nullptr) throw bpfxx::user::error{"cannot write the metrics to " + path, errno};
    bool good = std::fputs(text.c_str(), file) != EOF;
    auto code = good ? 0 : errno;
    if (std::fclose(file) != 0 && good) good = false, code = errno;
    if (good && std::rename(beside.c_str(), whole.c_str()) != 0) good = false, code = errno;
    if (good) return;
    unlink(beside.c_str());
    throw bpfxx::user::error{"cannot write the metrics to " + path, code};
}
