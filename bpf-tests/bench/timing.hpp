// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Correctness of a workload's programs on its packets, then their times.
#include "plan.hpp"
#include "program.hpp"

#include <algorithm>
#include <functional>

#include <sys/wait.h>
#include <unistd.h>

namespace bench {
/// Nanoseconds for one packet: the middle of all loads, the fastest and the slowest, and what groups of loads gave.
struct timing {
    double net_ns = 0, low = 0, high = 0;
    std::vector<double> groups = {};
};
/// What was found out about one program of a workload.
struct result {
    contestant what;
    figures measured;
    double empty_ns = 0;       ///< what the empty program took, and is subtracted
    std::vector<timing> cases; ///< of the timed cases, in their order

    /// The mean over the cases.
    auto summary() const -> timing {
        auto mean = timing{};
        auto const share = 1.0 / static_cast<double>(cases.size());
        for (auto const &c : cases) {
            mean.net_ns += c.net_ns * share;
            mean.low += c.low * share;
            mean.high += c.high * share;
            mean.groups.resize(c.groups.size());
            for (std::size_t g = 0; g < c.groups.size(); ++g) mean.groups[g] += c.groups[g] * share;
        }
        return mean;
    }
};
/// One workload, built by one compiler: the anchor's result is the first.
struct finding {
    std::string workload, compiler;
    std::vector<result> results;
};

inline auto cases_of(std::string const &workload) -> std::vector<test_case> {
    if (workload == "http" || workload == "http_strict") return http_cases(workload == "http_strict");
    if (workload == "full" || workload == "full_strict") return full_cases(workload == "full_strict");
    if (workload == "remap" || workload == "remap_strict" || workload == "remap_array")
        return remap_cases(workload == "remap_strict");
    if (workload == "nat44") return nat44_cases();
    if (workload == "nested" || workload == "nested_strict") return nested_cases(workload == "nested_strict");
    throw std::runtime_error(
        workload + ": no such workload; there are http, http_strict, full, full_strict, nested, nested_strict, "
                   "remap, remap_strict, remap_array, nat44");
}

inline auto describe(outcome const &o) -> std::string {
    static constexpr char const *verdicts[] = {"aborted", "drop", "pass", "tx", "redirect"};
    auto const verdict = o.verdict < std::size(verdicts) ? verdicts[o.verdict] : "verdict " + std::to_string(o.verdict);
    auto text = verdict + (o.counted ? ", counted at " + std::to_string(*o.counted) : std::string{});
    if (!o.changed) return text;
    text += ", changed to ";
    for (auto const b : *o.changed) text += "0123456789abcdef"[b >> 4], text += "0123456789abcdef"[b & 15];
    return text;
}

/// The complaints about a program that does not do what it should; none if it does.
inline auto check(std::string const &workload, std::string const &object, bool anchor, unsigned fold) -> std::string {
    auto const loaded = program{object};
    auto complaints = std::string{};
    for (auto const &c : cases_of(workload)) {
        auto const &expected = anchor ? c.anchor : c.program;
        auto const seen = loaded.observe(c.packet, fold);
        if (seen != expected)
            complaints += workload + ": case '" + c.name + "': " + object + ": " + describe(seen) + "; expected " +
                          describe(expected) + "\n";
    }
    return complaints;
}

inline auto median(std::vector<double> values) -> double {
    auto const middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    if (values.size() % 2 == 1) return *middle;
    return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

/// The time of each load with one packet: the median over the rounds. A round runs every load, each starts with another
/// one. Before a run is measured there are three that are not, for code and branches that the processor has forgotten
/// cost up to two nanoseconds a packet.
inline auto time_loads(std::vector<program> const &loaded, bytes const &packet, unsigned rounds, unsigned fold)
    -> std::vector<double> {
    auto samples = std::vector<std::vector<double>>(loaded.size());
    for (unsigned round = 0; round < rounds; ++round)
        for (std::size_t turn = 0; turn < loaded.size(); ++turn) {
            auto const who = (turn + round * loaded.size() / rounds) % loaded.size();
            for (int unmeasured = 0; unmeasured < 3; ++unmeasured) loaded[who].run(packet);
            samples[who].push_back(loaded[who].run(packet) / static_cast<double>(fold));
        }
    auto medians = std::vector<double>{};
    for (auto &each : samples) medians.push_back(median(std::move(each)));
    return medians;
}

/// Loads the programs in turns, since where the JIT places a program costs or saves a nanosecond; then, for each timed
/// case and each program, the mean, the least and the most of its loads.
inline auto time_group(std::vector<std::string> const &paths, plan const &p, workload const &w, unsigned loads,
                       unsigned rounds) -> std::vector<double> {
    auto loaded = std::vector<program>{};
    for (unsigned load = 0; load < loads; ++load)
        for (auto const &path : paths) loaded.emplace_back(path);
    auto found = std::vector<double>{};
    for (auto const &c : cases_of(w.name)) {
        if (!c.timed) continue;
        auto const times = time_loads(loaded, c.packet, rounds, p.fold);
        for (std::size_t path = 0; path < paths.size(); ++path) {
            auto sum = 0.0, least = times[path], most = times[path];
            for (auto at = path; at < times.size(); at += paths.size()) {
                sum += times[at];
                least = std::min(least, times[at]);
                most = std::max(most, times[at]);
            }
            found.insert(found.end(), {sum / loads, least, most});
        }
    }
    return found;
}

/// The same in a process of its own: some things that cost a nanosecond stay as they are while a process lives.
inline auto time_group_apart(std::vector<std::string> const &paths, plan const &p, workload const &w, unsigned loads,
                             unsigned rounds) -> std::vector<double> {
    int ends[2];
    if (pipe(ends) != 0) throw std::runtime_error("no pipe");
    auto const child = fork();
    if (child < 0) throw std::runtime_error("no further process");
    if (child == 0) {
        auto status = 1;
        try {
            auto const found = time_group(paths, p, w, loads, rounds);
            auto const size = found.size() * sizeof(double);
            status = write(ends[1], found.data(), size) == static_cast<ssize_t>(size) ? 0 : 1; // less than a pipe holds
        } catch (std::exception const &error) {
            std::fprintf(stderr, "%s\n", error.what());
        }
        _exit(status);
    }
    close(ends[1]);
    auto found = std::vector<double>(4096);
    auto filled = std::size_t{0};
    for (ssize_t more = 1; more > 0; filled += static_cast<std::size_t>(more))
        more = read(ends[0], reinterpret_cast<char *>(found.data()) + filled, found.size() * sizeof(double) - filled);
    close(ends[0]);
    auto status = 0;
    if (waitpid(child, &status, 0) != child || status != 0) throw std::runtime_error(w.name + ": not measured");
    found.resize(filled / sizeof(double));
    return found;
}

/// A workload's programs beside each other. The loads are shared out among 16 groups, one process each; the figure is
/// the median over the groups of what the group's loads take on average, less what its empty programs take. (A median
/// over all loads would not do: placement makes times cluster at a few values, and it jumps from one to the next.)
inline auto measure(plan const &p, workload const &w, unsigned loads, unsigned rounds,
                    std::function<void(std::string const &)> const &progress) -> std::vector<result> {
    auto results = std::vector<result>(w.contestants.size());
    auto paths = std::vector<std::string>{p.empty};
    for (std::size_t i = 0; i < results.size(); ++i) {
        results[i].what = w.contestants[i];
        results[i].measured = program{w.contestants[i].object}.measured();
        paths.push_back(w.contestants[i].amplified);
    }
    auto const groups = std::min(16u, loads);
    auto floors = std::vector<double>{};
    for (unsigned g = 0; g < groups; ++g) {
        progress(p.compiler + ", " + w.name + ": group " + std::to_string(g + 1) + " of " + std::to_string(groups));
        auto const found = time_group_apart(paths, p, w, loads * (g + 1) / groups - loads * g / groups, rounds);
        for (std::size_t c = 0, at = 0; at < found.size(); ++c) {
            auto const floor = found[at];
            floors.push_back(floor);
            at += 3;
            for (auto &r : results) {
                r.cases.resize(std::max(r.cases.size(), c + 1));
                auto &t = r.cases[c];
                t.low = g == 0 ? found[at + 1] - floor : std::min(t.low, found[at + 1] - floor);
                t.high = g == 0 ? found[at + 2] - floor : std::max(t.high, found[at + 2] - floor);
                t.groups.push_back(found[at] - floor);
                at += 3;
            }
        }
    }
    for (auto &r : results) {
        r.empty_ns = median(floors);
        for (auto &t : r.cases) t.net_ns = median(t.groups);
    }
    return results;
}
} // namespace bench
