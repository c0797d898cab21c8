// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// How dissect shows what a packet is: a tree, a line of JSON, and how all of them ended.
#include "../support/output.hpp"
#include "reading.hpp"
#include <fmt/format.h>
#include <map>
#include <string>

namespace dissection {
inline auto json(bpfxx::u64 number, reading const &r) -> std::string {
    auto text = fmt::format("{{\"packet\":{},\"layers\":[", number);
    auto separator = "";
    for (auto const &l : r.layers) {
        text += fmt::format("{}{{\"name\":\"{}\",\"offset\":{},\"size\":{}}}", separator, l.name, l.offset, l.size);
        separator = ",";
    }
    text += fmt::format("],\"vlan\":[{}],\"ip\":[", fmt::join(r.vlan, ","));
    separator = "";
    for (auto const &ip : r.ips) {
        text += fmt::format("{}{{\"version\":{},\"src\":\"{}\",\"dst\":\"{}\",\"protocol\":{},\"fragment_offset\":{},"
                            "\"more_fragments\":{}}}",
                            separator, ip.version, ip.src, ip.dst, ip.protocol, ip.fragment_offset, ip.more_fragments);
        separator = ",";
    }
    text += "],\"ports\":";
    text += r.innermost ? fmt::format("{{\"src\":{},\"dst\":{}}}", r.innermost->src, r.innermost->dst) : "null";
    return text + fmt::format(",\"payload\":{{\"offset\":{},\"length\":{}}},\"stop\":\"{}\"}}\n", r.payload_offset,
                              r.payload_length, r.stop);
}

/// Why a walk has ended, for people.
inline auto explained(std::string const &stop) -> char const * {
    if (stop == "truncated") return "truncated: a header goes beyond the packet, or beyond what a length field allows";
    if (stop == "other_protocol") return "other_protocol: what follows is no header that dissect knows";
    if (stop == "malformed") return "malformed: no such header can have these bytes";
    if (stop == "fragment") return "fragment: not the first one, so its bytes start anywhere";
    if (stop == "too_deep") return "too_deep: there are more headers than dissect looks at";
    return "";
}

/// Offset, size, and what it is: the deeper a header is nested, the further to the right.
inline auto tree(std::string const &title, reading const &r) -> std::string {
    auto text = title + "\n";
    std::size_t indent = 2;
    for (auto const &l : r.layers) {
        text += fmt::format("{:>6} {:>5}{:{}}{}{}{}\n", l.offset, l.size, "", indent, l.name,
                            l.words.empty() ? "" : " ", l.words);
        indent += 2;
    }
    if (r.payload_length > 0)
        text += fmt::format("{:>6} {:>5}{:{}}payload\n", r.payload_offset, r.payload_length, "", indent);
    if (r.stop != "end") text += fmt::format("{:14}{}\n", "", explained(r.stop));
    return text + "\n";
}

/// How many packets ended how.
class endings {
    bpfxx::u64 count_ = 0;
    std::map<std::string, bpfxx::u64> by_stop_;

  public:
    auto add(reading const &r) -> void {
        count_++;
        by_stop_[r.stop]++;
    }
    auto count() const -> bpfxx::u64 { return count_; }
    auto line() const -> std::string {
        auto text = fmt::format("{} packet{}", count_, count_ == 1 ? "" : "s");
        auto separator = ": ";
        for (auto const &[stop, n] : by_stop_) {
            text += fmt::format("{}{} {}", separator, n, stop);
            separator = ", ";
        }
        return text + "\n";
    }
};
} // namespace dissection
