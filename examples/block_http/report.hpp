// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// How block_http shows what happened: lines, tables, JSON.
#include "../support/output.hpp"
#include "engine.hpp"
#include <arpa/inet.h>
#include <fmt/format.h>
#include <map>
#include <string>

inline auto address(bpfxx::net::ip_address const &a) -> std::string {
    char text[INET6_ADDRSTRLEN];
    if (a.is_v4()) return inet_ntop(AF_INET, a.raw + 12, text, sizeof text);
    return inet_ntop(AF_INET6, a.raw, text, sizeof text);
}
inline auto endpoint(bpfxx::net::ip_address const &a, bpfxx::be16 const &port) -> std::string {
    return fmt::format(fmt::runtime(a.is_v4() ? "{}:{}" : "[{}]:{}"), address(a), port.value());
}
inline auto kind(event const &e) -> char const * { return e.is_response ? "response" : "request"; }

/// The message's first line as far as the event has it; what is not printable ASCII is shown as a dot.
inline auto first_line(event const &e) -> std::string {
    std::string text;
    for (unsigned i = 0; i < e.length && e.start[i] != '\r' && e.start[i] != '\n'; i++)
        text += e.start[i] >= 0x20 && e.start[i] < 0x7f ? static_cast<char>(e.start[i]) : '.';
    return text;
}
/// For a JSON string: first_line() has printable characters only.
inline auto quoted(std::string const &text) -> std::string {
    std::string all = "\"";
    for (auto const c : text) {
        if (c == '"' || c == '\\') all += '\\';
        all += c;
    }
    return all + '"';
}
inline auto hex(event const &e) -> std::string {
    std::string text;
    for (unsigned i = 0; i < e.length; i++) text += fmt::format("{:02x}", e.start[i]);
    return text;
}

/// Packets that were dropped, by flow. Of a capture with very many flows the first ones are told apart, so that memory is
/// bounded.
class flows {
    static constexpr std::size_t most = 10'000;
    struct facts {
        bpfxx::u64 packets;
        std::string kind, first;
    };
    std::map<std::string, facts> all_;
    bpfxx::u64 others_ = 0;

  public:
    auto add(event const &e) -> void {
        auto const name = endpoint(e.src, e.src_port) + " > " + endpoint(e.dst, e.dst_port);
        if (auto const found = all_.find(name); found != all_.end())
            ++found->second.packets;
        else if (all_.size() < most)
            all_.emplace(name, facts{1, kind(e), first_line(e)});
        else
            ++others_;
    }
    auto table() const -> std::string {
        if (all_.empty()) return "no flow was dropped\n";
        auto text = fmt::format("{:<48} {:>8}  {:<9} first dropped message\n", "dropped flow", "packets", "kind");
        for (auto const &[name, f] : all_)
            text += fmt::format("{:<48} {:>8}  {:<9} {}\n", name, f.packets, f.kind, f.first);
        if (others_ > 0) text += fmt::format("{:<48} {:>8}\n", "further flows", others_);
        return text;
    }
};

/// Verdicts across, reasons down; rows and columns that are all zero are left out.
inline auto table(tallies const &counters) -> std::string {
    using bpfxx::xdp::tally;
    struct column {
        char const *name;
        bpfxx::u64 tally::*of;
    };
    constexpr column columns[] = {{"pass", &tally::pass},
                                  {"drop", &tally::drop},
                                  {"aborted", &tally::aborted},
                                  {"tx", &tally::tx},
                                  {"redirect", &tally::redirect}};
    auto const total = [&](bpfxx::u64 tally::*of) {
        bpfxx::u64 n = 0;
        for (auto const &t : counters) n += t.*of;
        return n;
    };
    auto const row = [&](std::string const &name, auto const &number) {
        auto text = fmt::format("{:<16}", name);
        for (auto const &c : columns)
            if (c.of == &tally::pass || c.of == &tally::drop || total(c.of) != 0)
                text += fmt::format(" {:>10}", number(c));
        return text + "\n";
    };
    auto text = row("reason", [](column const &c) { return c.name; });
    for (bpfxx::u32 i = 0; i < counters.size(); i++) {
        auto const &t = counters[i];
        if (t.pass + t.drop + t.aborted + t.tx + t.redirect == 0) continue;
        text += row(name_of(static_cast<bpfxx::reason>(i)), [&](column const &c) { return t.*c.of; });
    }
    return text + row("total", [&](column const &c) { return total(c.of); });
}
