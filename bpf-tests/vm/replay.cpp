// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// replay OBJECTS RECORDED: asks the programs below OBJECTS, as each compiler has made them, what the tests have asked
/// them elsewhere (support/record.hpp). The answers have to be the same: verdict, bytes, and what the test observed.
#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <sched.h>
#include <set>
#include <span>
#include <sstream>
#include <support/elsewhere.hpp>
#include <support/loaded.hpp>

namespace {
using namespace bpfxx;
namespace fs = std::filesystem;
constexpr u32 most_numbers = 20; // of an observation, behind its reason
using test::big;

auto bytes_of(std::string_view hex) -> std::vector<u8> {
    auto const digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
    std::vector<u8> bytes(hex.size() / 2);
    for (std::size_t i = 0; i < bytes.size(); i++)
        bytes[i] = static_cast<u8>(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
    return bytes;
}

struct question {
    std::vector<u8> packet, bytes;
    u32 verdict = 0, flags = 0;
    std::array<u64, 1 + most_numbers> left{};
    auto operator<=>(question const &) const = default;
};
struct programs {
    std::string object, name;
    bool flow = false, portable = true;
    std::map<std::string, std::vector<u8>> settings;
    std::string lacking; // why this kernel need not answer the same
    std::vector<question> questions;

    auto same_as(programs const &other) const -> bool {
        return object == other.object && name == other.name && flow == other.flow && portable == other.portable &&
               settings == other.settings && lacking == other.lacking;
    }
};

auto read(fs::path const &path) -> std::vector<programs> {
    std::ifstream in{path};
    std::vector<programs> all;
    u32 flags = 0;
    for (std::string line; std::getline(in, line);) {
        std::istringstream words{line};
        std::string word;
        words >> word;
        if (word == "program") {
            auto &p = all.emplace_back();
            std::string kind;
            words >> p.object >> p.name >> kind;
            p.flow = kind == "flow";
            flags = 0;
        } else if (word == "setting") {
            std::string name, value, kind;
            words >> name >> value >> kind;
            auto bytes = bytes_of(value);
            if (big && kind == "scalar") std::ranges::reverse(bytes);
            if (big && kind != "scalar" && bytes.size() > 1) all.back().portable = false;
            all.back().settings[name] = bytes;
        } else if (word == "flags") {
            words >> flags;
        } else if (word == "needs") {
            test::release since{};
            char point = 0;
            std::string what;
            words >> since.major >> point >> since.minor >> std::ws;
            std::getline(words, what);
            if (test::this_kernel().version < since) all.back().lacking = what + " needs Linux " + since;
        } else if (word == "order") {
            all.back().portable = !big;
        } else if (word == "packet") {
            question q;
            std::string packet, bytes;
            int verdict = 0;
            words >> packet >> verdict >> bytes >> q.left[0];
            q.packet = bytes_of(packet);
            q.bytes = bytes == "=" ? q.packet : bytes_of(bytes.substr(0, bytes.size() - 1));
            q.flags = flags;
            q.verdict = static_cast<u32>(verdict);
            for (u32 i = 1; i <= most_numbers && words >> q.left[i]; i++) {
            }
            all.back().questions.push_back(std::move(q));
        } else
            throw std::runtime_error(path.string() + ": what is this: " + line.substr(0, 80));
    }
    return all;
}

/// What BPF_PROG_TEST_RUN of this kernel cannot do, as a sentence.
auto not_here(test::loaded const &in) -> std::string {
    bpf_prog_info info{};
    u32 size = sizeof info;
    bpf_obj_get_info_by_fd(in.program(), &info, &size);
    return test::not_here(info.type);
}
auto takes(question const &q) -> bool { return std::max(q.packet.size(), q.bytes.size()) <= test::longest_packet(); }

/// Whether it answers a packet as if there had been none before it: it has nothing to remember it by.
auto forgets(test::loaded const &in) -> bool {
    u32 ids[64]{};
    bpf_prog_info info{};
    u32 size = sizeof info;
    info.map_ids = reinterpret_cast<std::uintptr_t>(ids);
    info.nr_map_ids = std::size(ids);
    if (bpf_obj_get_info_by_fd(in.program(), &info, &size) != 0 || info.nr_map_ids > std::size(ids)) return false;
    return std::ranges::all_of(std::span{ids}.first(info.nr_map_ids), [](u32 id) {
        auto const fd = bpf_map_get_fd_by_id(id);
        bpf_map_info map{};
        u32 map_size = sizeof map;
        auto const known = fd >= 0 && bpf_obj_get_info_by_fd(fd, &map, &map_size) == 0;
        if (fd >= 0) close(fd);
        return known && (std::string_view{map.name} == "seen" || (map.map_flags & BPF_F_RDONLY_PROG) != 0);
    });
}

struct result {
    u32 packets = 0, loaded = 0, different = 0;
    std::map<std::string, std::set<std::string>> skipped;
};

auto hex(std::vector<u8> const &bytes) -> std::string {
    std::string text;
    char two[3];
    for (auto const b : bytes) std::snprintf(two, sizeof two, "%02x", b), text += two;
    return text;
}

auto ask(test::loaded const &in, programs const &p, question const &q) -> std::string {
    u32 const first = 0;
    std::array<u64, 1 + most_numbers> left{};
    auto *const map = in.map("seen");
    if (map) bpf_map_update_elem(bpf_map__fd(map), &first, left.data(), BPF_ANY);
    auto bytes = q.packet;
    bpf_flow_keys wishes{};
    wishes.flags = q.flags;
    auto verdict = p.flow ? in.run(bytes, &wishes, sizeof wishes) : in.run(bytes);
    if (p.flow) {
        test::as_recorded(bytes);
        verdict = test::as_recorded(verdict, q.verdict);
    }
    if (map) bpf_map_lookup_elem(bpf_map__fd(map), &first, left.data());
    if (verdict == q.verdict && bytes == q.bytes && left == q.left) return {};
    std::ostringstream out;
    auto const tell = [&](char const *who, u32 v, auto const &numbers, std::vector<u8> const &b) {
        out << "\n  " << who << ": verdict " << v << ", numbers";
        for (auto const n : numbers) out << ' ' << n;
        out << ", bytes " << hex(b);
    };
    out << "packet " << hex(q.packet);
    tell("recorded", q.verdict, q.left, q.bytes);
    tell("here", verdict, left, bytes);
    return out.str();
}

/// One program as one compiler has made it, asked what all tests have asked it with the same settings: loaded once if it
/// forgets what it has been asked, and else as often as the tests have.
auto replay(std::string const &compiler, fs::path const &objects, std::vector<programs> const &all, result &sum)
    -> void {
    auto const &first = all.front();
    auto const name = first.object + ": " + first.name;
    if (!first.portable) {
        sum.skipped["settings or answers are of another byte order"].insert(name);
        return;
    }
    if (!first.lacking.empty()) {
        sum.skipped[first.lacking].insert(name);
        return;
    }
    u32 told = 0;
    auto const open = [&] {
        return std::make_unique<test::loaded>(objects / compiler / (first.object + ".bpf.o"), first.name,
                                              first.settings);
    };
    try {
        auto in = open();
        if (auto const why = not_here(*in); !why.empty()) {
            sum.skipped[why].insert(name);
            return;
        }
        auto const once = forgets(*in);
        std::set<question> asked;
        for (auto const &p : all) {
            if (!once && &p != &first) in.reset(), in = open();
            sum.loaded += !once || &p == &first;
            for (auto const &q : p.questions) {
                if (!takes(q) || (once && !asked.insert(q).second)) continue;
                sum.packets++;
                auto const difference = ask(*in, p, q);
                if (difference.empty()) continue;
                sum.different++;
                if (told++ < 2) std::cout << "FAILED: " << compiler << ", " << name << ": " << difference << '\n';
            }
        }
    } catch (test::too_old const &e) {
        std::string_view const why = e.what();
        sum.skipped[std::string{why.substr(why.rfind(": ") + 2)}].insert(name);
    } catch (std::exception const &e) {
        sum.different++;
        std::cout << "FAILED: " << compiler << ", " << name << ": " << e.what() << '\n';
    }
}

/// By program and settings, in the order in which the tests have them.
auto grouped(std::vector<programs> &&all) -> std::vector<std::vector<programs>> {
    std::vector<std::vector<programs>> groups;
    for (auto &p : all) {
        if (p.questions.empty()) continue;
        auto const same = [&](auto const &group) { return group.front().same_as(p); };
        auto const found = std::ranges::find_if(groups, same);
        (found == groups.end() ? groups.emplace_back() : *found).push_back(std::move(p));
    }
    return groups;
}
} // namespace

int main(int count, char **words) try {
    if (count != 3) throw std::runtime_error("usage: replay OBJECTS RECORDED");
    fs::path const objects = words[1], recorded = words[2];
    cpu_set_t one; // per-CPU values, and an LRU map's lists, are of the processor that asks
    CPU_ZERO(&one);
    CPU_SET(0, &one);
    if (sched_setaffinity(0, sizeof one, &one) != 0) throw std::runtime_error("it cannot stay on one processor");
    std::vector<fs::path> files, compilers;
    for (auto const &entry : fs::recursive_directory_iterator{recorded})
        if (entry.path().extension() == ".packets") files.push_back(entry.path());
    for (auto const &entry : fs::directory_iterator{objects}) compilers.push_back(entry.path().filename());
    std::ranges::sort(files);
    std::ranges::sort(compilers);
    result sum;
    for (auto const &path : files)
        for (auto const &group : grouped(read(path)))
            for (auto const &compiler : compilers) replay(compiler.string(), objects, group, sum);
    for (auto const &[why, programs] : sum.skipped) {
        std::cout << "SKIPPED: " << why << ':';
        for (auto const &program : programs) std::cout << ' ' << program << ';';
        std::cout << '\n';
    }
    std::cout << files.size() << " tests, " << sum.loaded << " programs, " << sum.packets
              << " packets: " << sum.different << " differ\n";
    if (sum.packets == 0) std::cout << "FAILED: there is nothing to ask\n";
    return sum.different != 0 || sum.packets == 0 ? 1 : 0;
} catch (std::exception const &e) {
    std::cout << "FAILED: " << e.what() << '\n';
    return 1;
}
