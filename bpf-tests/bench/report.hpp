// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// The findings beside their targets, as a table for a terminal and as JSON.
#include "timing.hpp"

#include <cmath>
#include <ostream>

namespace bench {
/// One line of the table, and the name that it has in the JSON.
struct figure {
    char const *name, *key;
    int decimals;
    bool timed; ///< differs from run to run
    double (*of)(result const &);
};
inline constexpr figure all_figures[] = {
    {"net ns", "net_ns", 2, true, [](result const &r) { return r.summary().net_ns; }},
    {"xlated insns", "xlated", 0, false, [](result const &r) { return double(r.measured.xlated); }},
    {"jited bytes", "jited", 0, false, [](result const &r) { return double(r.measured.jited); }},
    {"verifier insns", "verified", 0, false, [](result const &r) { return double(r.measured.verified); }},
    {"stack bytes", "stack", 0, false, [](result const &r) { return double(r.measured.stack); }},
    {"compile s", "compile_s", 3, true, [](result const &r) { return r.what.compile_s; }},
};

/// What a ratio to the anchor, rounded to two decimals, shall not exceed: of a figure, or of the net time of one packet.
struct target {
    std::string_view workload, key;
    double limit;
};
inline constexpr target targets[] = {
    {"http", "net_ns", 0.90},        {"http", "xlated", 0.93},          {"http_strict", "net_ns", 0.85},
    {"http_strict", "xlated", 0.85}, {"full", "net_ns", 1.00},          {"full", "xlated", 0.75},
    {"full", "verified", 0.25},      {"block_http", "compile_s", 1.50}, {"remap", "net_ns", 1.00},
    {"remap", "xlated", 0.86},       {"remap_array", "net_ns", 0.90},   {"nested", "net_ns", 0.90},
    {"nested", "xlated", 0.95},      {"nested", "verified", 0.75},      {"remap", "hit", 0.97},
    {"remap", "hit, options", 0.97},
};
inline auto target_of(std::string_view workload, std::string_view key) -> std::optional<double> {
    for (auto const &t : targets)
        if (t.workload == workload && t.key == key) return t.limit;
    return {};
}
inline auto met(double ratio, double limit) -> bool { return std::round(ratio * 100) <= std::round(limit * 100); }

inline auto digits(double value, int decimals) -> std::string {
    char text[32];
    std::snprintf(text, sizeof text, "%.*f", decimals, value);
    return text;
}
/// Nothing is no multiple of nothing.
inline auto ratio_text(double value, double anchor) -> std::string {
    return anchor == 0 ? "-" : digits(value / anchor, 2);
}
inline auto padded(std::string text, int width) -> std::string { // negative: to the left
    auto const missing = std::abs(width) - static_cast<int>(text.size());
    if (missing <= 0) return text;
    return width < 0 ? text.append(missing, ' ') : text.insert(0, missing, ' ');
}

/// How far the ratio of the net times may be off by chance: two standard errors, from the spread of the groups' ratios.
inline auto uncertainty(result const &r, result const &anchor) -> double {
    auto const own = r.summary().groups, other = anchor.summary().groups;
    auto ratios = std::vector<double>{}, distances = std::vector<double>{};
    for (std::size_t g = 0; g < own.size(); ++g) ratios.push_back(own[g] / other[g]);
    for (auto ratio : ratios) distances.push_back(std::abs(ratio - median(ratios)));
    return 2 * 1.25 * 1.48 * median(distances) / std::sqrt(static_cast<double>(own.size()));
}

/// Whether the target is met, if there is one.
inline auto judge(std::ostream &out, std::string_view workload, std::string_view key, double ratio, bool &all_met)
    -> void {
    auto const limit = target_of(workload, key);
    if (!limit) return;
    auto const good = met(ratio, *limit);
    out << "  <= " << digits(*limit, 2) << (good ? "  met" : "  MISSED");
    all_met = all_met && good;
}

/// The table. False if a target is missed; times are judged only if they were measured well enough.
inline auto print(std::ostream &out, finding const &f, bool judge_times) -> bool {
    auto all_met = true;
    auto const &anchor = f.results.front();
    out << padded(f.workload + ", " + f.compiler, -26);
    for (auto const &r : f.results) out << padded(r.what.label, &r == &anchor ? 20 : 28);
    out << "\n";
    for (auto const &line : all_figures) {
        out << "  " << padded(line.name, -24);
        for (auto const &r : f.results) {
            out << padded(digits(line.of(r), line.decimals), 8);
            auto const spread = line.key == std::string_view{"net_ns"};
            auto const all = r.summary();
            out << padded(spread ? " [" + digits(all.low, 1) + " " + digits(all.high, 1) + "]" : "", -12);
            if (&r != &anchor) out << padded(ratio_text(line.of(r), line.of(anchor)), 8);
        }
        auto const &program = f.results[1];
        if (line.key == std::string_view{"net_ns"}) out << " +-" << digits(uncertainty(program, anchor), 2);
        if (judge_times || !line.timed) judge(out, f.workload, line.key, line.of(program) / line.of(anchor), all_met);
        out << "\n";
    }
    out << "  " << padded("subtracted: empty ns", -24) << padded(digits(anchor.empty_ns, 2), 8) << "\n";
    auto timed = 0u;
    for (auto const &c : cases_of(f.workload)) {
        if (!c.timed) continue;
        out << "    " << padded(c.name, -22);
        for (auto const &r : f.results) {
            auto const &t = r.cases[timed];
            out << padded(digits(t.net_ns, 2), 8)
                << padded(" [" + digits(t.low, 1) + " " + digits(t.high, 1) + "]", -12);
            if (&r != &anchor) out << padded(ratio_text(t.net_ns, anchor.cases[timed].net_ns), 8);
        }
        if (judge_times)
            judge(out, f.workload, c.name, f.results[1].cases[timed].net_ns / anchor.cases[timed].net_ns, all_met);
        out << "\n";
        ++timed;
    }
    return all_met;
}
inline auto print(std::ostream &out, plan const &p, compared const &c, bool judge_times) -> bool {
    auto all_met = true;
    out << padded(c.name + ", " + p.compiler, -26) << "\n  " << padded("compile s", -24)
        << padded(digits(c.anchor_s, 3), 8) << std::string(12, ' ') << padded(digits(c.compile_s, 3), 8)
        << std::string(12, ' ') << padded(ratio_text(c.compile_s, c.anchor_s), 8);
    if (judge_times) judge(out, c.name, "compile_s", c.compile_s / c.anchor_s, all_met);
    out << "\n";
    return all_met;
}

inline auto write_json(std::ostream &out, std::vector<finding> const &findings, std::vector<plan> const &plans,
                       std::string const &costs) -> void {
    auto const pair = [&](char const *key, double value, double anchor, int decimals) {
        out << ",\"" << key << "\":" << digits(value, decimals) << ",\"anchor_" << key
            << "\":" << digits(anchor, decimals);
    };
    out << "{\"workloads\":[";
    for (auto const &f : findings) {
        auto const &anchor = f.results[0], &program = f.results[1];
        out << (&f == findings.data() ? "\n" : ",\n") << "{\"name\":\"" << f.workload << "\",\"compiler\":\""
            << f.compiler << "\"";
        for (auto const &line : all_figures) pair(line.key, line.of(program), line.of(anchor), line.timed ? 4 : 0);
        out << ",\"cases\":[";
        auto timed = 0u;
        for (auto const &c : cases_of(f.workload)) {
            if (!c.timed) continue;
            out << (timed == 0 ? "" : ",") << "{\"name\":\"" << c.name << "\"";
            pair("net_ns", program.cases[timed].net_ns, anchor.cases[timed].net_ns, 4);
            out << "}";
            ++timed;
        }
        out << "]}";
    }
    out << "]";
    auto first = true;
    for (auto const &p : plans)
        for (auto const &c : p.also) {
            out << (first ? ",\n\"compile\":[" : ",") << "{\"name\":\"" << c.name << "\",\"compiler\":\"" << p.compiler
                << "\"";
            pair("compile_s", c.compile_s, c.anchor_s, 4);
            out << "}";
            first = false;
        }
    out << (first ? "" : "]");
    if (!costs.empty()) out << ",\n\"costs\":[" << costs << "]";
    out << "}\n";
}
} // namespace bench
