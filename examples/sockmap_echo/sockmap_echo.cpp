// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A TCP echo server whose data stays in the kernel.
#include "server.hpp"
#include <CLI/CLI.hpp>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <fmt/format.h>
#include <map>
#include <sys/resource.h>
#include <unistd.h>

namespace {
struct arguments {
    options wanted;
    bool json = false;
};

/// On standard error, what is said beside the work: it may be lost.
template <class... Parts> auto show(std::FILE *to, fmt::format_string<Parts...> format, Parts &&...parts) -> void {
    auto const text = fmt::format(format, std::forward<Parts>(parts)...);
    std::fwrite(text.data(), 1, text.size(), to);
    std::fflush(to);
}
/// What was asked for.
auto print(std::string const &text) -> void {
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
        throw error{"cannot write what was asked for", errno};
}
/// For what is read as a double: that may also be "nan", which is in every range.
auto const is_number = CLI::Validator{[](std::string const &text) {
                                          return text.find_first_not_of("0123456789.") == text.npos
                                                     ? std::string{}
                                                     : text + " is no number of seconds";
                                      },
                                      ""};

/// False if there is nothing to do: help was wanted, and is shown.
auto parse(int count, char **words, arguments &a) -> bool {
    CLI::App app{
        "Echoes what it receives over TCP. A BPF program sends the bytes back inside the kernel; user space takes\n"
        "part only where a peer does not read, so that nobody can fill the kernel's memory.\n",
        "sockmap_echo"};
    app.get_formatter()->column_width(26);
    std::map<std::string, mode> const modes{{"stream_verdict", mode::stream_verdict},
                                            {"parser", mode::parser},
                                            {"verdict", mode::verdict},
                                            {"epoll", mode::epoll}};
    std::string how = "stream_verdict";
    double grace = 10;
    u64 budget = 512;
    std::vector<std::string> addresses;
    auto const where = "Where it listens", what = "What it does", output = "Output";
    app.add_option("-a,--address", addresses, "an IPv4 or IPv6 address; may be repeated (default: all of both)")
        ->option_text("ADDRESS")
        ->group(where);
    app.add_option("-p,--port", a.wanted.port, "default 7777; 0 lets the kernel choose")
        ->option_text("PORT")
        ->check(CLI::Range(0, 65535))
        ->group(where);
    app.add_option("-m,--mode", how,
                   "which BPF programs: stream_verdict (the default), parser (a stream parser and a\n"
                   "stream verdict), verdict (sk_skb/verdict); or epoll: none, for comparison")
        ->option_text("MODE")
        ->check(CLI::IsMember(modes))
        ->group(what);
    app.add_option("-b,--budget", budget, "KiB of a connection that may be under way in the kernel (default 512)")
        ->option_text("KIB")
        ->check(CLI::Range(u64{16}, u64{1} << 18))
        ->group(what);
    app.add_option("-g,--grace", grace, "seconds that connections have to come to an end after a signal (default 10)")
        ->option_text("SECONDS")
        ->check(is_number)
        ->check(CLI::Range(0.0, 86400.0))
        ->group(what);
    app.add_flag("-j,--json", a.json, "counters as a JSON object a line, each second and at the end")->group(output);
    app.set_help_flag("-h,--help", "show this")->group(output);
    app.footer("Examples:\n"
               "  sockmap_echo                                    until Ctrl-C or SIGTERM\n"
               "  sockmap_echo --port 9000 --address ::1 --json   one address, counters for a program\n"
               "  sockmap_echo --mode epoll                       the same without BPF\n\n"
               "Exit status: 0 done, 1 something failed (the message says what), 2 these arguments make no sense.");
    try {
        app.parse(count, words);
    } catch (CLI::CallForHelp const &) {
        print(app.help());
        return false;
    }
    a.wanted.how = modes.at(how);
    a.wanted.budget = budget << 10;
    a.wanted.grace = std::chrono::milliseconds{static_cast<bpfxx::i64>(grace * 1000)};
    if (!addresses.empty()) a.wanted.addresses = addresses;
    return true;
}

auto more_descriptors() -> void {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    auto const wanted = rlim_t{most_streams} + 64;
    if (limit.rlim_cur >= wanted) return;
    rlimit raised{wanted, std::max(limit.rlim_max, wanted)};
    if (setrlimit(RLIMIT_NOFILE, &raised) == 0) return;
    raised = {limit.rlim_max, limit.rlim_max};
    setrlimit(RLIMIT_NOFILE, &raised);
}

auto json(totals const &t, u64 open) -> std::string {
    return fmt::format("{{\"accepted\":{},\"open\":{},\"closed\":{},\"reset\":{},\"broken\":{},\"outside\":{},"
                       "\"bytes_in_kernel\":{},\"bytes_in_user_space\":{},\"bytes_trimmed\":{},\"switches\":{},"
                       "\"pieces\":{},\"refused\":{},\"most_under_way\":{}}}",
                       t.accepted, open, t.closed, t.reset, t.broken, t.outside, t.in_kernel, t.in_user_space,
                       t.trimmed, t.switches, t.pieces, t.refused, t.most);
}
auto words(totals const &t, u64 open) -> std::string {
    return fmt::format("{} connections ({} open, {} reset), {:.1f} MiB echoed in the kernel, {:.1f} MiB by user space",
                       t.accepted, open, t.reset + t.broken, static_cast<double>(t.in_kernel) / (1 << 20),
                       static_cast<double>(t.in_user_space) / (1 << 20));
}

auto run(arguments const &a) -> void {
    more_descriptors();
    server echo{a.wanted};
    std::string where;
    for (auto const &l : echo.listeners()) where += (where.empty() ? "" : " and ") + tcp::text_of(l.where);
    show(stderr, "sockmap_echo: echoes on {} ({}); Ctrl-C ends it\n", where, name_of(a.wanted.how));
    bool const terminal = isatty(STDERR_FILENO) != 0;
    echo.run([&] {
        if (a.json)
            print(json(echo.count(), echo.open()) + '\n');
        else if (terminal)
            show(stderr, "\r{}\033[K\r", words(echo.count(), echo.open()));
    });
    auto const all = echo.count();
    if (a.json) print(json(all, echo.open()) + '\n');
    show(stderr, "{}sockmap_echo: {}\n", terminal ? "\r\033[K" : "", words(all, echo.open()));
    if (echo.open() > 0) throw error{fmt::format("{} connections did not end in time and were cut off", echo.open())};
}
} // namespace

auto main(int count, char **words) -> int {
    std::signal(SIGPIPE, SIG_IGN); // a reader that has gone is an error, and then everything is put in order
    arguments a;
    try {
        if (!parse(count, words, a)) return 0;
        run(a);
        return 0;
    } catch (CLI::ParseError const &e) {
        show(stderr, "sockmap_echo: {}\nsockmap_echo --help says what it takes\n", e.what());
        return 2;
    } catch (std::exception const &e) {
        show(stderr, "sockmap_echo: {}\n", e.what());
        return 1;
    }
}
