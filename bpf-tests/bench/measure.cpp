// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Measures BPF programs against C anchors: checks what they do, then times them. `run` builds everything and calls it.
#include "chart.hpp"
#include "costs.hpp"

#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <charconv>
#include <iostream>

using namespace bench;

namespace {
struct settings {
    unsigned loads = 512, rounds = 15;
    bool quick = false, check = false;
    std::string json, docs;
    std::vector<plan> plans;
};

auto parse(int count, char **arguments) -> settings {
    auto s = settings{};
    auto loads = std::optional<unsigned>{}, rounds = std::optional<unsigned>{};
    for (int i = 1; i < count; ++i) {
        auto const word = std::string{arguments[i]};
        auto const value = [&] {
            if (i + 1 == count) throw std::runtime_error(word + " needs a value");
            return std::string{arguments[++i]};
        };
        auto const number = [&] {
            auto const text = value();
            auto n = 0u;
            auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
            if (error != std::errc{} || end != text.data() + text.size() || n == 0 || n > 4096)
                throw std::runtime_error(word + " " + text + ": a number from 1 to 4096 is needed");
            return n;
        };
        if (word == "--loads")
            loads = number();
        else if (word == "--rounds")
            rounds = number();
        else if (word == "--json")
            s.json = value();
        else if (word == "--docs")
            s.docs = value();
        else if (word == "--quick")
            s.quick = true;
        else if (word == "--check")
            s.check = true;
        else
            s.plans.push_back(read_plan(word));
    }
    if (s.plans.empty()) throw std::runtime_error("nothing to measure: name a plan");
    s.loads = loads.value_or(s.quick ? 8 : s.loads);
    s.rounds = rounds.value_or(s.quick ? 3 : s.rounds);
    return s;
}

/// One CPU for all, and file descriptors for all loads.
auto prepare() -> void {
    auto allowed = cpu_set_t{};
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) throw std::runtime_error("no CPU to stay on");
    auto cpu = CPU_SETSIZE - 1;
    while (!CPU_ISSET(cpu, &allowed)) --cpu;
    CPU_ZERO(&allowed);
    CPU_SET(cpu, &allowed);
    if (sched_setaffinity(0, sizeof allowed, &allowed) != 0) throw std::runtime_error("cannot stay on one CPU");
    auto files = rlimit{};
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
}

auto complaints(std::vector<plan> const &plans) -> std::string {
    auto wrong = std::string{};
    for (auto const &p : plans)
        for (auto const &w : p.workloads)
            for (auto const &c : w.contestants) {
                auto const anchor = &c == w.contestants.data();
                wrong += check(w.name, c.object, anchor, 1) + check(w.name, c.amplified, anchor, p.fold);
            }
    return wrong;
}

auto save(std::string const &path, std::string const &text) -> void {
    auto file = std::ofstream{path};
    file << text;
    file.close();
    if (!file) throw std::runtime_error(path + ": cannot be written");
}

constexpr auto introduction = R"(# Performance

What a program made with bpfxx costs beside C that an expert writes by hand for the same task. The C programs, the
*anchors*, are in `bpf-tests/bench/anchor`, the bpfxx programs in `bpf-tests/bench/program`. To measure on your own
machine, as root:

    bpf-tests/bench/run            # the table
    bpf-tests/bench/run --docs     # and this page

- A ratio below 1 means that bpfxx is cheaper.
- *net ns* is the time that one packet takes, without what an empty program takes: the mean over the packets listed in
  the tables further down. Where the JIT happens to place a program changes its time by a nanosecond or two, so each is
  loaded many times, in turns with its anchor: the figure is the median over 16 groups of loads, each in a process of
  its own, of the mean of the group. A measured run passes the packet 256 times through the body (`bpf_loop`), after
  three such runs that are not measured.
- *xlated insns* are the instructions that the kernel keeps, *verifier insns* those that its verifier walked through.
- *compile s* is CPU time, the median of several compilations.

)";

auto write_docs(settings const &s, std::vector<finding> const &findings, std::string const &costs) -> void {
    static constexpr std::string_view begin = "<!-- measured: begin -->\n", end = "<!-- measured: end -->\n";
    auto const path = s.docs + "/performance.md";
    auto page = std::ostringstream{}, table = std::ostringstream{}, plot = std::ostringstream{};
    page << std::ifstream{path}.rdbuf();
    auto text = page.str();
    if (text.empty()) text = introduction + std::string{begin} + std::string{end};
    auto const from = text.find(begin), to = text.find(end);
    if (from == text.npos || to == text.npos || to < from)
        throw std::runtime_error(path +
                                 ": the lines '<!-- measured: begin -->' and '<!-- measured: end -->' are missing");
    tabulate(table, findings, s.plans, std::to_string(s.loads) + " loads, " + std::to_string(s.rounds) + " rounds");
    draw(plot, findings);
    save(path, text.substr(0, from) + std::string{begin} + "\n" + table.str() + costs + "\n" + text.substr(to));
    save(s.docs + "/performance.svg", plot.str());
}
} // namespace

auto main(int count, char **arguments) -> int try {
    auto const s = parse(count, arguments);
    prepare();
    auto const terminal = isatty(2) == 1;
    auto const progress = [&](std::string const &what) {
        if (terminal) std::cerr << "\r\033[K" << what << std::flush;
    };
    if (auto const wrong = complaints(s.plans); !wrong.empty()) {
        std::cerr << wrong << "measure: wrong answers; nothing was timed\n";
        return 1;
    }
    std::cout << machine() << "; " << s.loads << " loads, " << s.rounds << " rounds"
              << (s.quick ? "; quick: times are not judged" : "") << "\n"
              << "times in ns: median over groups of the mean of a group's loads [fastest load slowest load];\n"
              << "net ns is the mean over the cases below it\n";
    auto findings = std::vector<finding>{};
    auto all_met = true;
    for (auto const &p : s.plans) {
        for (auto const &w : p.workloads) {
            findings.push_back({w.name, p.compiler, measure(p, w, s.loads, s.rounds, progress)});
            progress("");
            std::cout << "\n";
            all_met &= print(std::cout, findings.back(), !s.quick);
            std::cout << std::flush;
        }
        for (auto const &c : p.also) {
            std::cout << "\n";
            all_met &= print(std::cout, p, c, !s.quick);
        }
    }
    auto costs = std::ostringstream{}, costs_json = std::ostringstream{};
    auto first = true;
    if (std::any_of(s.plans.begin(), s.plans.end(), [](plan const &p) { return !p.costs.empty(); }))
        costs << "\n## What things cost by themselves\n\nThe programs are in `bpf-tests/bench/cost`. Times are medians "
                 "over "
              << std::min(s.loads, 16u)
              << " loads of each, less what a program of the same type takes that does nothing.\n";
    for (auto const &p : s.plans) {
        auto const groups = measure_costs(p, std::min(s.loads, 16u), s.rounds, progress);
        progress("");
        all_met &= tabulate_costs(costs, p, groups, !s.quick);
        write_costs_json(costs_json, p, groups, first);
    }
    std::cout << costs.str();
    std::cout << "\nmeant to differ from the anchor:\n";
    for (auto const &w : s.plans[0].workloads)
        for (auto const &c : cases_of(w.name))
            if (!c.difference.empty()) std::cout << "  " << w.name << ", " << c.name << ": " << c.difference << "\n";
    if (!s.json.empty()) {
        auto text = std::ostringstream{};
        write_json(text, findings, s.plans, costs_json.str());
        save(s.json, text.str());
    }
    if (!s.docs.empty()) write_docs(s, findings, costs.str());
    if (s.check && !all_met) std::cerr << "measure: a target is missed\n";
    return s.check && !all_met ? 1 : 0;
} catch (std::exception const &error) {
    std::cerr << (isatty(2) == 1 ? "\r\033[K" : "") << "measure: " << error.what() << "\n";
    return 1;
}
