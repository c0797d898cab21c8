// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// What libbpf says goes into the error that is thrown, not to the terminal.
#include <algorithm>
#include <atomic>
#include <bpf/libbpf.h>
#include <bpfxx/user/error.hpp>
#include <cstdarg>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bpfxx::user {
/// Collects what libbpf says on this thread while it lives. Other threads, and later words, go where they went before.
class libbpf_log {
    std::string text_;
    libbpf_log *outer_;

    struct shared {
        std::mutex mutex;
        int users = 0;
        std::atomic<libbpf_print_fn_t> before = nullptr;
    };
    static auto all() -> shared & {
        static shared the;
        return the;
    }
    static auto current() -> libbpf_log *& {
        thread_local libbpf_log *the = nullptr;
        return the;
    }
    static auto print(libbpf_print_level level, char const *format, va_list arguments) -> int {
        auto *const log = current();
        if (!log) {
            auto const before = all().before.load();
            return before ? before(level, format, arguments) : 0;
        }
        if (level == LIBBPF_DEBUG) return 0;
        try {
            log->add(format, arguments);
        } catch (std::exception const &) {
            return -1; // no memory for the words, and C frames above
        }
        return 0;
    }
    auto add(char const *format, va_list arguments) -> void {
        va_list again;
        va_copy(again, arguments);
        auto const size = std::vsnprintf(nullptr, 0, format, again);
        va_end(again);
        if (size <= 0) return;
        auto words = std::string(static_cast<std::size_t>(size) + 1, '\0');
        std::vsnprintf(words.data(), words.size(), format, arguments);
        words.pop_back();
        auto const who = std::string_view{"libbpf: "};
        text_ += words.starts_with(who) ? std::string_view{words}.substr(who.size()) : std::string_view{words};
    }

  public:
    libbpf_log() : outer_{std::exchange(current(), this)} {
        auto const lock = std::scoped_lock{all().mutex};
        if (all().users++ == 0) all().before = libbpf_set_print(print);
    }
    libbpf_log(libbpf_log const &) = delete;
    libbpf_log(libbpf_log &&) = delete;
    auto operator=(libbpf_log const &) -> libbpf_log & = delete;
    auto operator=(libbpf_log &&) -> libbpf_log & = delete;
    ~libbpf_log() {
        current() = outer_;
        auto const lock = std::scoped_lock{all().mutex};
        if (--all().users == 0) libbpf_set_print(all().before);
    }

    auto text() const -> std::string const & { return text_; }
    auto says(std::string_view words) const -> bool { return text_.find(words) != text_.npos; }

    /// What a reader needs of it: where the verifier or the BTF check stopped, with the last source line before that.
    auto tail() const -> std::string { return tail_of(text_); }
    static auto tail_of(std::string_view text) -> std::string {
        constexpr std::size_t most = 12;
        auto lines = std::vector<std::string_view>{};
        auto begin = std::size_t{0},
             end = std::string_view::npos; // of the last log and the line before, which names it
        auto kept = std::string{};
        auto const keep = [&](std::string_view line) { kept += detail::text(kept.empty() ? "" : "\n", line); };
        for (auto rest = text; !rest.empty();) {
            auto const length = std::min(rest.find('\n'), rest.size());
            auto const line = rest.substr(0, length);
            rest.remove_prefix(std::min(length + 1, rest.size()));
            if (line.find("Error loading .BTF") != line.npos) keep(line);
            if (line.find("-- BEGIN ") != line.npos) {
                begin = lines.size() - (lines.empty() ? 0 : 1);
                end = std::string_view::npos;
            } else if (line.find("-- END ") != line.npos) {
                end = lines.size();
            } else if (!line.empty() && !line.starts_with("processed ")) {
                lines.push_back(line);
            }
        }
        lines.resize(std::min(lines.size(), end));
        lines.erase(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(begin));
        auto first = std::size_t{0};
        if (lines.size() > most + 1) {
            if (end != std::string_view::npos) keep(lines[0]);
            first = lines.size() - most;
            auto source = first; // the last source line, if it is above those that are shown
            while (source > 0 && !lines[source].starts_with("; ")) source--;
            auto const shows = std::any_of(lines.begin() + static_cast<std::ptrdiff_t>(first), lines.end(),
                                           [](std::string_view line) { return line.starts_with("; "); });
            if (!shows && source > 0) keep(lines[source]);
            keep("...");
        }
        for (; first < lines.size(); first++) keep(lines[first]);
        return kept;
    }
};
} // namespace bpfxx::user
