// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// How stream_router shows what it does: a table of routes, and metrics for Prometheus.
#include <algorithm>
#include <bpfxx/core/int.hpp>
#include <fmt/format.h>
#include <map>
#include <string>
#include <string_view>

/// Of the streams that took a route.
struct figures {
    bpfxx::u64 streams = 0, open = 0, down = 0, reset = 0, limited = 0;
    bpfxx::u64 in_kernel = 0, in_user_space = 0, trimmed = 0; // bytes, in both directions
};
struct totals {
    std::map<std::string, figures> routes;
    bpfxx::u64 accepted = 0, waiting = 0, refused = 0, silent = 0, reloads = 0, bad_reloads = 0;
};

inline auto table(totals const &all) -> std::string {
    auto const mib = [](bpfxx::u64 bytes) { return static_cast<double>(bytes) / (1 << 20); };
    std::size_t width = 5;
    for (auto const &[name, f] : all.routes) width = std::max(width, name.size());
    auto out = fmt::format("{:<{}} {:>9} {:>6} {:>6} {:>6} {:>11} {:>11}\n", "route", width, "streams", "open", "down",
                           "reset", "kernel MiB", "user MiB");
    for (auto const &[name, f] : all.routes)
        out += fmt::format("{:<{}} {:>9} {:>6} {:>6} {:>6} {:>11.1f} {:>11.1f}\n", name, width, f.streams, f.open,
                           f.down, f.reset, mib(f.in_kernel), mib(f.in_user_space));
    out += fmt::format("{} streams accepted, {} not yet routed, {} refused, {} said nothing\n", all.accepted,
                       all.waiting, all.refused, all.silent);
    return out;
}

inline auto label_value(std::string_view text) -> std::string {
    std::string out;
    for (auto const c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out;
}
inline auto open_metrics(totals const &all) -> std::string {
    std::string out;
    auto const head = [&](std::string_view name, std::string_view type, std::string_view help) {
        out += fmt::format("# TYPE stream_router_{} {}\n# HELP stream_router_{} {}\n", name, type, name, help);
        return type == "counter" ? "_total" : "";
    };
    auto const by_route = [&](std::string_view name, std::string_view type, std::string_view help,
                              bpfxx::u64 figures::*of) {
        auto const *const suffix = head(name, type, help);
        for (auto const &[route, f] : all.routes)
            out += fmt::format("stream_router_{}{}{{route=\"{}\"}} {}\n", name, suffix, label_value(route), f.*of);
    };
    by_route("streams", "counter", "Streams that took this route.", &figures::streams);
    by_route("open_streams", "gauge", "Of these, streams that are open.", &figures::open);
    by_route("backend_down", "counter", "Streams whose backend could not be reached.", &figures::down);
    by_route("reset", "counter", "Streams that ended by a reset.", &figures::reset);
    by_route("limited", "counter", "Half-closed streams that were cut off.", &figures::limited);
    by_route("kernel_bytes", "counter", "Bytes that stayed in the kernel, both directions.", &figures::in_kernel);
    by_route("user_bytes", "counter", "Bytes that user space sent on, both directions.", &figures::in_user_space);
    by_route("repeated_bytes", "counter", "Bytes that the kernel delivered twice, and that were left out.",
             &figures::trimmed);
    auto const one = [&](std::string_view name, std::string_view type, std::string_view help, bpfxx::u64 value) {
        auto const *const suffix = head(name, type, help);
        out += fmt::format("stream_router_{}{} {}\n", name, suffix, value);
    };
    one("accepted", "counter", "Streams that were accepted.", all.accepted);
    one("waiting_streams", "gauge", "Streams that are not routed yet.", all.waiting);
    one("refused", "counter", "Streams that no rule fits.", all.refused);
    one("silent", "counter", "Streams that ended before they said where to.", all.silent);
    head("reloads", "counter", "Times that the rules were read again.");
    out += fmt::format("stream_router_reloads_total{{result=\"ok\"}} {}\n"
                       "stream_router_reloads_total{{result=\"failed\"}} {}\n# EOF\n",
                       all.reloads, all.bad_reloads);
    return out;
}
