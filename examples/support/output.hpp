// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// What a command shows, and what it says beside that.
#include <bpfxx/user/error.hpp>
#include <cerrno>
#include <cstdio>
#include <fmt/format.h>

/// What was asked for. If it cannot be written (a full disk, a reader that has gone), there is no point in going on.
template <class... Args> auto show(std::FILE *out, fmt::format_string<Args...> text, Args const &...args) -> void {
    if (std::fputs(fmt::vformat(text, fmt::make_format_args(args...)).c_str(), out) == EOF)
        throw bpfxx::user::error{"cannot write what was found", errno};
}
inline auto flush(std::FILE *out) -> void {
    if (std::fflush(out) != 0) throw bpfxx::user::error{"cannot write what was found", errno};
}
/// What is said beside it, on standard error.
template <class... Args> auto note(fmt::format_string<Args...> text, Args const &...args) -> void {
    std::fputs(fmt::vformat(text, fmt::make_format_args(args...)).c_str(), stderr);
}
