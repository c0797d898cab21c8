// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// What things cost by themselves: each further layer, each packet source, a step of a walk, maps beside C, lookups among
/// few and among many entities.
#include "report.hpp"

namespace bench {
/// One line of a plan, measured.
struct found_cost {
    cost what;
    figures measured, anchor;
    double net_ns = 0, anchor_ns = 0, load_ms = 0;
};
/// How a series grows: the least squares' line through it, and how far it is from straight.
struct line {
    double slope = 0, start = 0, farthest = 0;
};

inline auto straight(std::vector<found_cost> const &series) -> line {
    double n = 0, x = 0, y = 0, xx = 0, xy = 0;
    for (auto const &f : series)
        n += 1, x += f.what.units, y += f.net_ns, xx += f.what.units * f.what.units, xy += f.what.units * f.net_ns;
    auto result = line{};
    if (n < 2) return result;
    result.slope = (n * xy - x * y) / (n * xx - x * x);
    result.start = (y - result.slope * x) / n;
    for (auto const &f : series)
        result.farthest = std::max(result.farthest, std::abs(f.net_ns - result.start - result.slope * f.what.units));
    return result;
}

/// Packets by name: `ipip7` has seven IPv4 headers, `vlan7` seven VLAN tags, `tcp` one and TCP to port 80, `long` is one of 9000 bytes, `number`
/// and a number is a packet whose bytes 26 to 29 are that number, in `key` they are 7 as this machine has it.
inline auto packet_of(std::string const &name) -> bytes {
    using namespace packet;
    auto const number = [&](std::size_t from) { return static_cast<unsigned>(std::stoul(name.substr(from))); };
    if (name.starts_with("ipip")) {
        auto inner = udp(40000, 40001, bytes(24, 0x5a));
        for (auto left = number(4); left > 0; --left) inner = ipv4(left == number(4) ? 17 : 4, inner);
        return ethernet(0x0800, inner);
    }
    if (name.starts_with("vlan")) {
        auto inner = be16(1) + be16(0x88b5) + bytes(24, 0x5a); // a type that is for experiments
        for (auto left = number(4); left > 1; --left) inner = be16(left) + be16(0x8100) + inner;
        return ethernet(0x8100, inner);
    }
    if (name == "tcp") return ethernet(0x0800, ipv4(6, tcp(40000, 80, text("GET / HTTP/1.1\r\n\r\n"))));
    if (name == "long") return ethernet(0x0800, ipv4(6, tcp(40000, 80, bytes(8946, 0x5a))));
    if (name == "key") return packet_of("number" + std::to_string(7u << 24));
    if (name.starts_with("number")) {
        auto result = ethernet(0x0800, ipv4(17, udp(40000, 40001, {})));
        for (std::size_t i = 0; i < 4; ++i) result[26 + i] = static_cast<std::uint8_t>(number(6) >> (24 - 8 * i));
        return result;
    }
    throw std::runtime_error(name + ": no such packet");
}

inline auto measure(plan const &p, cost const &c, unsigned loads, unsigned rounds) -> found_cost {
    auto result = found_cost{c, {}, {}};
    auto const packet = packet_of(c.packet);
    auto const prepared = [&](std::string const &path) {
        auto each = program{path};
        if (c.packet.starts_with("number"))
            each.fill_numbers("entities", static_cast<std::uint32_t>(std::stoul(c.packet.substr(6))));
        if (c.packet == "key") each.fill_number("known", 7, 7);
        return each;
    };
    auto const judged = [&](std::string const &path) {
        auto const each = prepared(path);
        auto verdict = std::uint32_t{0};
        each.run(packet, &verdict);
        if (verdict != c.verdict)
            throw std::runtime_error(path + ": answers " + std::to_string(verdict) + " and not " +
                                     std::to_string(c.verdict));
        if (path == c.object) result.load_ms = each.load_ms();
        return each.measured();
    };
    result.measured = judged(c.object);
    judged(c.amplified);
    if (!c.anchor.empty()) result.anchor = judged(c.anchor), judged(c.anchor_amplified);
    auto paths = std::vector<std::string>{c.floor, c.amplified};
    if (!c.anchor.empty()) paths.push_back(c.anchor_amplified);
    auto loaded = std::vector<program>{};
    for (unsigned load = 0; load < loads; ++load)
        for (auto const &path : paths) loaded.push_back(prepared(path));
    auto const times = time_loads(loaded, packet, rounds, p.fold);
    auto nets = std::vector<std::vector<double>>(paths.size());
    for (std::size_t i = 0; i < times.size(); ++i)
        nets[i % paths.size()].push_back(times[i] - times[i - i % paths.size()]);
    result.net_ns = median(nets[1]);
    if (!c.anchor.empty()) result.anchor_ns = median(nets[2]);
    return result;
}

/// Of a plan: groups in their order, each with its lines.
using found_groups = std::vector<std::pair<std::string, std::vector<found_cost>>>;
inline auto measure_costs(plan const &p, unsigned loads, unsigned rounds,
                          std::function<void(std::string const &)> const &progress) -> found_groups {
    auto groups = found_groups{};
    for (auto const &c : p.costs) {
        progress(p.compiler + ", " + c.group + ": " + c.label);
        if (groups.empty() || groups.back().first != c.group) groups.emplace_back(c.group, std::vector<found_cost>{});
        auto const many = c.group == "entities";
        groups.back().second.push_back(measure(p, c, many ? std::min(loads, 2u) : loads, rounds));
    }
    return groups;
}

/// What each group is about, as the page says it, and what its series may at most cost for each unit, and be verified.
struct group_text {
    std::string_view name, title, unit;
    double most_ns = 0;
    unsigned most_verified = 0;
};
inline constexpr group_text group_texts[] = {
    {"layers", "A chain through so many IPv4 headers, one in the other", "layer", 0, 0},
    {"walk",
     "A walk of at most 12 headers over all protocols, and how many the packet has: IPv4, which is stepped over in "
     "place",
     "header", 4.0, 5000},
    {"walk_by_call", "The same walk over VLAN tags: all other headers are stepped over by a call", "header", 0, 0},
    {"sources", "What a packet source costs: the same parser, Ethernet or IP to TCP's port", "", 0, 0},
    {"maps", "Maps, one operation with a key from the packet, beside C", "", 0, 0},
    {"entities",
     "A lookup of any one of so many entities, a hash with room for a million; one of a million is in no cache", "", 0,
     0},
};
inline auto text_of(std::string const &group) -> group_text {
    for (auto const &t : group_texts)
        if (t.name == group) return t;
    throw std::runtime_error(group + ": no such group of costs");
}

/// The groups as tables of Markdown, which a terminal shows as well. False if a limit is passed.
inline auto tabulate_costs(std::ostream &out, plan const &p, found_groups const &groups, bool judge_times) -> bool {
    auto all_met = true;
    for (auto const &[name, lines] : groups) {
        auto const about = text_of(name);
        auto const beside_c = !lines.front().what.anchor.empty();
        out << "\n"
            << about.title << " (" << p.compiler << "):\n\n| |" << (beside_c ? " net ns, bpfxx / C |" : " net ns |")
            << (beside_c ? " xlated, bpfxx / C |" : " xlated insns |") << " verifier insns |"
            << (about.most_verified != 0 ? " load ms |" : "") << "\n|---|---|---|---|"
            << (about.most_verified != 0 ? "---|" : "") << "\n";
        for (auto const &f : lines) {
            out << "| " << f.what.label << " | " << digits(f.net_ns, 2);
            if (beside_c)
                out << " / " << digits(f.anchor_ns, 2) << " = **" << digits(f.net_ns / f.anchor_ns, 2) << "**";
            out << " | " << f.measured.xlated;
            if (beside_c)
                out << " / " << f.anchor.xlated << " = **"
                    << digits(double(f.measured.xlated) / double(f.anchor.xlated), 2) << "**";
            out << " | " << f.measured.verified << " |";
            if (about.most_verified != 0) {
                out << " " << digits(f.load_ms, 1) << " |";
                all_met = all_met && f.measured.verified <= about.most_verified;
            }
            out << "\n";
        }
        if (about.unit.empty()) continue;
        auto const l = straight(lines);
        out << "\nThat is " << digits(l.slope, 2) << " ns for each further " << about.unit
            << "; no figure is farther than " << digits(l.farthest, 2) << " ns from a straight line.";
        if (about.most_ns > 0) {
            out << " Target: at most " << digits(about.most_ns, 0) << " ns and " << about.most_verified
                << " verifier instructions.";
            if (judge_times) all_met = all_met && l.slope <= about.most_ns;
        }
        out << "\n";
    }
    return all_met;
}

inline auto write_costs_json(std::ostream &out, plan const &p, found_groups const &groups, bool &first) -> void {
    for (auto const &[name, lines] : groups)
        for (auto const &f : lines) {
            out << (first ? "\n" : ",\n") << "{\"group\":\"" << name << "\",\"compiler\":\"" << p.compiler
                << "\",\"label\":\"" << f.what.label << "\",\"net_ns\":" << digits(f.net_ns, 4)
                << ",\"xlated\":" << f.measured.xlated << ",\"verified\":" << f.measured.verified
                << ",\"load_ms\":" << digits(f.load_ms, 2);
            if (!f.what.anchor.empty())
                out << ",\"anchor_net_ns\":" << digits(f.anchor_ns, 4) << ",\"anchor_xlated\":" << f.anchor.xlated
                    << ",\"anchor_verified\":" << f.anchor.verified;
            out << "}";
            first = false;
        }
}
} // namespace bench
