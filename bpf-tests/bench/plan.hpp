// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// What is to be measured, read from a text file that `run` writes, or that you write by hand:
///   compiler clang++-19
///   empty    FOLD OBJECT                the program that does nothing, FOLD times an invocation
///   workload http                       which packets (see cases_of); what follows belongs to it
///   program  LABEL OBJECT AMPLIFIED     the first one is the anchor; each object also FOLD times an invocation
///   compile  LABEL SECONDS              how long it compiles, if known
///   compared NAME SECONDS ANCHOR_S      how long something else compiles, and its anchor
///   cost GROUP LABEL UNITS CASE VERDICT FLOOR OBJECT AMPLIFIED [ANCHOR AMPLIFIED]
///                                       what something costs by itself (see costs.hpp): `_` in a label is a space
#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace bench {
struct contestant {
    std::string label, object, amplified;
    double compile_s = 0;
};
struct workload {
    std::string name;
    std::vector<contestant> contestants;
};
struct compared {
    std::string name;
    double compile_s = 0, anchor_s = 0;
};
/// What is measured by itself, or beside C: how much of it there is, the packet, what the program has to answer, what is
/// subtracted.
struct cost {
    std::string group, label;
    double units = 0;
    std::string packet;
    unsigned verdict = 0;
    std::string floor, object, amplified, anchor, anchor_amplified;
};
struct plan {
    std::string compiler, empty;
    unsigned fold = 0;
    std::vector<workload> workloads;
    std::vector<compared> also;
    std::vector<cost> costs;
};

inline auto read_plan(std::string const &path) -> plan {
    auto file = std::ifstream{path};
    if (!file) throw std::runtime_error(path + ": cannot be read");
    auto result = plan{};
    auto line = std::string{};
    for (int number = 1; std::getline(file, line); ++number) {
        auto words = std::istringstream{line};
        auto const refuse = [&](std::string const &why) {
            throw std::runtime_error(path + ":" + std::to_string(number) + ": " + why + ": " + line);
        };
        auto word = std::string{};
        if (!(words >> word) || word[0] == '#') continue;
        if (word != "compiler" && word != "empty" && word != "compared" && word != "workload" && word != "cost" &&
            result.workloads.empty())
            refuse("stands before the first workload");
        if (word == "compiler")
            words >> result.compiler;
        else if (word == "empty")
            words >> result.fold >> result.empty;
        else if (word == "workload")
            words >> result.workloads.emplace_back().name;
        else if (word == "compared") {
            auto &entry = result.also.emplace_back();
            words >> entry.name >> entry.compile_s >> entry.anchor_s;
        } else if (word == "cost") {
            auto &c = result.costs.emplace_back();
            words >> c.group >> c.label >> c.units >> c.packet >> c.verdict >> c.floor >> c.object >> c.amplified;
            std::replace(c.label.begin(), c.label.end(), '_', ' ');
            if (words && words >> c.anchor)
                words >> c.anchor_amplified;
            else if (!c.amplified.empty())
                words.clear();
        } else if (word == "program") {
            auto &entry = result.workloads.back().contestants.emplace_back();
            words >> entry.label >> entry.object >> entry.amplified;
        } else if (word == "compile") {
            auto seconds = 0.0;
            words >> word >> seconds;
            for (auto &entry : result.workloads.back().contestants)
                if (entry.label == word) entry.compile_s = seconds;
        } else
            refuse("unknown word");
        if (!words) refuse("a word is missing");
    }
    if (result.fold == 0) throw std::runtime_error(path + ": names no empty program");
    for (auto const &w : result.workloads)
        if (w.contestants.size() < 2)
            throw std::runtime_error(path + ": " + w.name + ": needs an anchor and a program");
    return result;
}
} // namespace bench
