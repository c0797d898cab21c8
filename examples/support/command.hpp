// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// How a command begins and ends.
#include "output.hpp"
#include <CLI/CLI.hpp>
#include <csignal>
#include <exception>

/// main(): what `run` throws is said, and told by the exit status, 1 for what failed and 2 for arguments that make no sense.
template <class Run> auto run_command(char const *name, Run const &run) -> int {
    std::signal(SIGPIPE, SIG_IGN); // a reader that has gone is an error, and then everything is put in order
    try {
        run();
        return 0;
    } catch (CLI::ParseError const &e) {
        note("{0}: {1}\n{0} --help says what it takes\n", name, e.what());
        return 2;
    } catch (std::exception const &e) {
        note("{}: {}\n", name, e.what());
        return 1;
    }
}

inline std::sig_atomic_t volatile interrupted = 0;
/// Ctrl-C ends a capture early, but in good order; a second one ends it at once.
inline auto heed_interrupts() -> void {
    struct sigaction how {};
    how.sa_handler = [](int) { interrupted = 1; };
    how.sa_flags = static_cast<int>(SA_RESETHAND);
    for (auto const s : {SIGINT, SIGTERM}) sigaction(s, &how, nullptr);
}
