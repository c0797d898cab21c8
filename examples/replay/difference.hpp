// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// What a program has done to a packet's bytes.
#include <algorithm>
#include <cstddef>
#include <fmt/format.h>
#include <span>
#include <string>
#include <vector>

using packet_bytes = std::span<std::byte const>;

inline auto hex(packet_bytes bytes, char const *between = "") -> std::string {
    std::string text;
    for (auto const b : bytes)
        text += fmt::format("{}{:02x}", text.empty() ? "" : between, std::to_integer<unsigned>(b));
    return text;
}

/// A packet that has become longer or shorter has done so in one place: where its bytes in front of it and behind it
/// are the most alike. If there are several such places, it is the tail, else the head, else the first one.
inline auto where_resized(packet_bytes before, packet_bytes after) -> std::size_t {
    auto const both = std::min(before.size(), after.size());
    auto const alike_behind = [&](std::size_t at) { // the byte as seen from the end
        return before[before.size() - both + at] == after[after.size() - both + at];
    };
    std::size_t unlike = 0; // with the place at 0: all bytes are behind it
    for (std::size_t i = 0; i < both; i++) unlike += alike_behind(i) ? 0 : 1;
    auto const at_head = unlike;
    std::size_t least = unlike, best = 0;
    for (std::size_t i = 0; i < both; i++) {
        unlike -= alike_behind(i) ? 0 : 1;
        unlike += before[i] == after[i] ? 0 : 1;
        if (unlike < least) {
            least = unlike;
            best = i + 1;
        }
    }
    if (unlike == least) return both;
    return at_head == least ? 0 : best;
}

/// A run of bytes that have become others, with its offset in the packet as it came in. With nothing before, they were put
/// in there; with nothing after, taken out.
struct change {
    std::size_t offset;
    packet_bytes before, after;
};

inline auto changes_between(packet_bytes before, packet_bytes after) -> std::vector<change> {
    std::vector<change> all;
    auto const compare = [&](std::size_t offset, packet_bytes a, packet_bytes b) {
        for (std::size_t i = 0; i < a.size();) {
            std::size_t n = 0;
            while (i + n < a.size() && a[i + n] != b[i + n]) n++;
            if (n > 0) all.push_back({offset + i, a.subspan(i, n), b.subspan(i, n)});
            i += std::max<std::size_t>(n, 1);
        }
    };
    auto const at = where_resized(before, after); // of the same length: the tail
    auto const gone = before.size() > after.size() ? before.size() - after.size() : 0;
    auto const come = after.size() > before.size() ? after.size() - before.size() : 0;
    compare(0, before.first(at), after.first(at));
    if (gone + come > 0) all.push_back({at, before.subspan(at, gone), after.subspan(at, come)});
    compare(at + gone, before.subspan(at + gone), after.subspan(at + come));
    return all;
}

/// At most 16 bytes a line:
///     0: 02 00 > 0a 00      other bytes
///    14: + 81 00            bytes that were put in
///    14: - 81 00            bytes that were taken out
inline auto text_of(change const &c) -> std::string {
    static constexpr std::size_t per_line = 16;
    auto const part = [](packet_bytes bytes, std::size_t at) {
        return hex(bytes.subspan(at, std::min(per_line, bytes.size() - at)), " ");
    };
    std::string text;
    for (std::size_t i = 0; i < std::max(c.before.size(), c.after.size()); i += per_line)
        text += c.before.empty()  ? fmt::format("{:>8}: + {}\n", c.offset, part(c.after, i))
                : c.after.empty() ? fmt::format("{:>8}: - {}\n", c.offset + i, part(c.before, i))
                                  : fmt::format("{:>8}: {} > {}\n", c.offset + i, part(c.before, i), part(c.after, i));
    return text;
}

/// ", 60 > 64 bytes, 4 more at offset 12", or nothing if the length is the same.
inline auto change_of_length(packet_bytes before, packet_bytes after) -> std::string {
    if (before.size() == after.size()) return {};
    auto const at = where_resized(before, after);
    auto const both = std::min(before.size(), after.size());
    auto const place = at == both ? "the tail" : at == 0 ? "the head" : fmt::format("offset {}", at);
    return fmt::format(", {} > {} bytes, {} {} at {}", before.size(), after.size(),
                       std::max(before.size(), after.size()) - both, before.size() < after.size() ? "more" : "fewer",
                       place);
}
