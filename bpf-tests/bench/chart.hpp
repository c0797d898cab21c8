// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// The findings as docs/performance.md and its plot.
#include "report.hpp"

#include <sys/utsname.h>

#include <map>

namespace bench {
inline auto machine() -> std::string {
    auto system = utsname{};
    uname(&system);
    auto release = std::string{system.release};
    release.erase(std::min(release.size(), release.find('-')));
    auto name = std::string{system.machine};
    auto file = std::ifstream{"/proc/cpuinfo"};
    for (auto line = std::string{}; std::getline(file, line);)
        if (line.starts_with("model name") && line.find(": ") != std::string::npos) {
            name = line.substr(line.find(": ") + 2);
            break;
        }
    return name + ", Linux " + release;
}

/// Bars of ratios: a panel for each figure, a row for each workload and compiler.
inline auto draw(std::ostream &out, std::vector<finding> const &findings) -> void {
    static constexpr char const *shown[] = {"net_ns", "xlated", "verified"};
    static constexpr char const *titles[] = {"time (net ns)", "instructions", "verifier's work"};
    static constexpr char const *colours[] = {"#2f6bc4", "#c45f1c", "#2c8048", "#8a4bab"};
    constexpr double left = 96, wide = 186, gap = 34, top = 58, row = 19, between = 14;
    auto compilers = std::map<std::string, std::size_t>{};
    auto names = std::vector<std::string>{};
    for (auto const &f : findings) {
        compilers.try_emplace(f.compiler, compilers.size());
        if (std::find(names.begin(), names.end(), f.workload) == names.end()) names.push_back(f.workload);
    }
    auto const block = row * static_cast<double>(compilers.size()) + between;
    auto const bottom = top + block * static_cast<double>(names.size());
    auto const width = left + 3 * (wide + gap), height = bottom + 34;
    auto const at = [](double x, double y) { return " x=\"" + digits(x, 1) + "\" y=\"" + digits(y, 1) + "\""; };
    auto const vertical = [&](char const *kind, double x, double from, double to) {
        out << "<line class=\"" << kind << "\" x1=\"" << digits(x, 1) << "\" x2=\"" << digits(x, 1) << "\" y1=\""
            << digits(from, 1) << "\" y2=\"" << digits(to, 1) << "\"/>\n";
    };
    auto const limit_at = [&](double x, double from, double to) { // seen on any ground
        vertical("around", x, from - 1.5, to + 1.5);
        vertical("limit", x, from, to);
    };
    out << "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " << digits(width, 0) << " " << digits(height, 0)
        << "\" role=\"img\" font-family=\"sans-serif\" font-size=\"12\">\n<title>bpfxx programs as multiples of "
           "hand-written C</title>\n"
        << "<style>text{fill:#6e7681}.unit{stroke:#6e7681;stroke-dasharray:3 3}"
        << ".around{stroke:#fff;stroke-width:5}.limit{stroke:#222;stroke-width:2}</style>\n";
    for (auto const &[name, index] : compilers) {
        auto const x = left + 130 * static_cast<double>(index);
        out << "<rect" << at(x, 8) << " width=\"12\" height=\"12\" fill=\"" << colours[index % 4] << "\"/><text"
            << at(x + 18, 18) << ">" << name << "</text>\n";
    }
    auto const key = left + 130 * static_cast<double>(compilers.size());
    vertical("unit", key + 4, 6, 22);
    out << "<text" << at(key + 12, 18) << ">C = 1</text>\n";
    limit_at(key + 74, 6, 22);
    out << "<text" << at(key + 82, 18) << ">target: not beyond</text>\n";
    for (std::size_t n = 0; n < names.size(); ++n)
        out << "<text text-anchor=\"end\"" << at(left - 10, top + block * (static_cast<double>(n) + 0.5) - 3) << ">"
            << names[n] << "</text>\n";
    for (int panel = 0; panel < 3; ++panel) {
        auto const x = left + panel * (wide + gap);
        auto const *const what = std::find_if(std::begin(all_figures), std::end(all_figures),
                                              [&](figure const &f) { return f.key == std::string_view{shown[panel]}; });
        auto most = 1.0;
        for (auto const &f : findings) most = std::max(most, what->of(f.results[1]) / what->of(f.results[0]));
        auto const scale = (wide - 36) / most;
        out << "<text font-weight=\"bold\"" << at(x, top - 14) << ">" << titles[panel] << "</text>\n";
        for (auto const &f : findings) {
            auto const n = std::find(names.begin(), names.end(), f.workload) - names.begin();
            auto const ratio = what->of(f.results[1]) / what->of(f.results[0]);
            auto const y = top + block * static_cast<double>(n) + row * static_cast<double>(compilers[f.compiler]);
            out << "<rect" << at(x, y) << " width=\"" << digits(scale * ratio, 1) << "\" height=\""
                << digits(row - 3, 0) << "\" fill=\"" << colours[compilers[f.compiler] % 4]
                << "\"/><text text-anchor=\"end\"" << at(x + wide, y + 12) << ">" << digits(ratio, 2) << "</text>\n";
            if (auto const limit = target_of(f.workload, shown[panel])) limit_at(x + scale * *limit, y, y + row - 3);
        }
        vertical("unit", x + scale, top - 6, bottom - between + 4);
        out << "<text text-anchor=\"middle\"" << at(x + scale, bottom + 8) << ">1.0</text>\n";
    }
    out << "</svg>\n";
}

inline auto tabulate(std::ostream &out, std::vector<finding> const &findings, std::vector<plan> const &plans,
                     std::string const &how) -> void {
    auto const against = [](double value, double anchor, int decimals) {
        return digits(value, decimals) + " / " + digits(anchor, decimals) +
               (anchor == 0 ? "" : " = **" + digits(value / anchor, 2) + "**");
    };
    out << "![Ratios to the C anchors](performance.svg)\n\nbpfxx / C anchor = **ratio**; " << how << ", " << machine()
        << ".\n\n"
        << "| workload | compiler |";
    for (auto const &line : all_figures) out << " " << line.name << " |";
    out << "\n|---|---|";
    for (std::size_t i = 0; i < std::size(all_figures); ++i) out << "---|";
    out << "\n";
    auto names = std::vector<std::string>{};
    for (auto const &f : findings)
        if (std::find(names.begin(), names.end(), f.workload) == names.end()) names.push_back(f.workload);
    for (auto const &name : names) {
        for (auto const &f : findings) {
            if (f.workload != name) continue;
            out << "| " << name << " | " << f.compiler << " |";
            for (auto const &line : all_figures)
                out << " " << against(line.of(f.results[1]), line.of(f.results[0]), line.decimals) << " |";
            out << "\n";
        }
        out << "| | *target* |";
        for (auto const &line : all_figures) {
            auto const limit = target_of(name, line.key);
            out << (limit ? " *≤ " + digits(*limit, 2) + "* |" : " |");
        }
        out << "\n";
    }
    for (auto const &p : plans)
        for (auto const &c : p.also)
            out << "\nCompile time of " << c.name << " with " << p.compiler << ": "
                << against(c.compile_s, c.anchor_s, 3)
                << (target_of(c.name, "compile_s") ? " (target ≤ " + digits(*target_of(c.name, "compile_s"), 2) + ")"
                                                   : "")
                << ".\n";
    for (auto const &name : names) {
        out << "\n| " << name << ", net ns |";
        auto same = std::vector<finding const *>{};
        for (auto const &f : findings)
            if (f.workload == name) same.push_back(&f);
        for (auto const *f : same) out << " " << f->compiler << " |";
        out << "\n|---|";
        for (std::size_t i = 0; i < same.size(); ++i) out << "---|";
        auto timed = 0u;
        for (auto const &c : cases_of(name)) {
            if (!c.timed) continue;
            auto const limit = target_of(name, c.name);
            out << "\n| " << c.name << (limit ? " (*target ≤ " + digits(*limit, 2) + "*)" : "") << " |";
            for (auto const *f : same)
                out << " " << against(f->results[1].cases[timed].net_ns, f->results[0].cases[timed].net_ns, 2) << " |";
            ++timed;
        }
        out << "\n";
    }
    out << "\nWhere a program is meant to answer otherwise than its anchor (checked before anything is timed):\n\n"
        << "| workload | packet | anchor | bpfxx | why |\n|---|---|---|---|---|\n";
    for (auto const &name : names)
        for (auto const &c : cases_of(name))
            if (!c.difference.empty())
                out << "| " << name << " | " << c.name << " | " << describe(c.anchor) << " | " << describe(c.program)
                    << " | " << c.difference << " |\n";
}
} // namespace bench
