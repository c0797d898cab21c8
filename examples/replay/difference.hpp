// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// What a program has done to a packet's bytes.
#include <algorithm>
#include <cstddef>
#include <fmt/format.h>
#include <span>
#include <string>

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

/// A line for each run of bytes, with its offset in the packet as it came in:
///     0: 02 00 > 0a 00      other bytes
///    14: + 81 00            bytes that were put in there
///    14: - 81 00            bytes that were taken out there
class difference {
    static constexpr std::size_t per_line = 16;
    std::string text_;

    auto line(std::size_t offset, std::string const &what) -> void {
        text_ += fmt::format("{:>8}: {}\n", offset, what);
    }
    auto in_lines(std::size_t offset, char const *sign, packet_bytes bytes, bool advances) -> void {
        for (std::size_t i = 0; i < bytes.size(); i += per_line)
            line(offset + (advances ? i : 0),
                 fmt::format("{} {}", sign, hex(bytes.subspan(i, std::min(per_line, bytes.size() - i)), " ")));
    }
    auto compare(std::size_t offset, packet_bytes before, packet_bytes after) -> void {
        for (std::size_t i = 0; i < before.size();) {
            std::size_t n = 0;
            while (i + n < before.size() && n < per_line && before[i + n] != after[i + n]) n++;
            if (n > 0)
                line(offset + i, fmt::format("{} > {}", hex(before.subspan(i, n), " "), hex(after.subspan(i, n), " ")));
            i += std::max<std::size_t>(n, 1);
        }
    }

  public:
    difference(packet_bytes before, packet_bytes after) {
        auto const at = where_resized(before, after); // of the same length: the tail
        compare(0, before.first(at), after.first(at));
        auto const gone = before.size() > after.size() ? before.size() - after.size() : 0;
        auto const come = after.size() > before.size() ? after.size() - before.size() : 0;
        in_lines(at, "-", before.subspan(at, gone), true);
        in_lines(at, "+", after.subspan(at, come), false);
        compare(at + gone, before.subspan(at + gone), after.subspan(at + come));
    }
    auto text() const -> std::string const & { return text_; }

    /// "60 > 64 bytes, 4 more at 12", or nothing if the length is the same.
    static auto of_length(packet_bytes before, packet_bytes after) -> std::string {
        if (before.size() == after.size()) return {};
        auto const at = where_resized(before, after);
        auto const both = std::min(before.size(), after.size());
        auto const place = at == both ? "the tail" : at == 0 ? "the head" : fmt::format("offset {}", at);
        return fmt::format(", {} > {} bytes, {} {} at {}", before.size(), after.size(),
                           std::max(before.size(), after.size()) - both,
                           before.size() < after.size() ? "more" : "fewer", place);
    }
};
