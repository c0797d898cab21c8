// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Routes TCP streams by their first bytes, and splices them in the kernel.
#include "router.hpp"
#include <CLI/CLI.hpp>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <sys/resource.h>
#include <unistd.h>

namespace {
struct arguments {
    options wanted;
    bool quiet = false;
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
    CLI::App app{"Reads the first bytes of each TCP stream, connects to the backend that a rule names for them, and\n"
                 "has the kernel pass on everything after that, in both directions.\n",
                 "stream_router"};
    app.get_formatter()->column_width(28);
    double first = 10, connect = 5, half = 300, grace = 10;
    u64 budget = 2048, half_bytes = 16;
    std::map<std::string, mode> const modes{{"stream_verdict", mode::stream_verdict}, {"epoll", mode::epoll}};
    std::string how = "stream_verdict";
    std::vector<std::string> addresses;
    auto const where = "Where it listens", what = "What it does", limits = "Limits", output = "Output";
    app.add_option("-r,--rules", a.wanted.rules, "the file of rules; read again on SIGHUP")
        ->option_text("FILE")
        ->required()
        ->group(what);
    app.add_option("-m,--mode", how,
                   "stream_verdict (the default): the kernel passes streams on; or epoll: user space does,\n"
                   "for comparison")
        ->option_text("MODE")
        ->check(CLI::IsMember(modes))
        ->group(what);
    app.add_option("-a,--address", addresses, "an IPv4 or IPv6 address; may be repeated (default: all of both)")
        ->option_text("ADDRESS")
        ->group(where);
    app.add_option("-p,--port", a.wanted.port, "default 8080; 0 lets the kernel choose")
        ->option_text("PORT")
        ->check(CLI::Range(0, 65535))
        ->group(where);
    app.add_option("--metrics", a.wanted.metrics, "serve OpenMetrics at http://ADDRESS:PORT/metrics")
        ->option_text("ADDRESS:PORT")
        ->group(output);
    app.add_flag("-q,--quiet", a.quiet, "no table on the terminal")->group(output);
    app.add_option("--first-bytes", first, "seconds that a client has to say where to (default 10)")
        ->option_text("SECONDS")
        ->check(is_number)
        ->check(CLI::Range(0.01, 86400.0))
        ->group(limits);
    app.add_option("--connect", connect, "seconds that a backend has to accept (default 5)")
        ->option_text("SECONDS")
        ->check(is_number)
        ->check(CLI::Range(0.01, 86400.0))
        ->group(limits);
    app.add_option("--half-closed", half,
                   "seconds in which nothing moves, after one side has ended its stream (default 300)")
        ->option_text("SECONDS")
        ->check(is_number)
        ->check(CLI::Range(0.01, 864000.0))
        ->group(limits);
    app.add_option("--half-closed-mib", half_bytes,
                   "MiB that the kernel may then hold of the other direction (default 16)")
        ->option_text("MIB")
        ->check(CLI::Range(u64{1}, u64{1} << 20))
        ->group(limits);
    app.add_option("-b,--budget", budget, "KiB of a direction that may be under way in the kernel (default 2048)")
        ->option_text("KIB")
        ->check(CLI::Range(u64{16}, u64{1} << 17))
        ->group(limits);
    app.add_option("-g,--grace", grace, "seconds that streams have to come to an end after a signal (default 10)")
        ->option_text("SECONDS")
        ->check(is_number)
        ->check(CLI::Range(0.0, 86400.0))
        ->group(limits);
    app.set_help_flag("-h,--help", "show this")->group(output);
    app.footer("A file of rules, the first that fits is taken:\n"
               "  host  www.example.org  127.0.0.1:8001   # an HTTP request's Host\n"
               "  sni   *.example.org    [::1]:8443       # the server's name in a TLS client hello\n"
               "  line  database         10.0.0.7:5432    # a first line ROUTE database, which is taken away\n"
               "  default                127.0.0.1:8000   # all others; without it they are refused\n\n"
               "Exit status: 0 done, 1 something failed (the message says what), 2 these arguments make no sense.");
    try {
        app.parse(count, words);
    } catch (CLI::CallForHelp const &) {
        print(app.help());
        return false;
    }
    auto const ms = [](double seconds) { return std::chrono::milliseconds{static_cast<bpfxx::i64>(seconds * 1000)}; };
    a.wanted.first_bytes = ms(first);
    a.wanted.connect = ms(connect);
    a.wanted.how = modes.at(how);
    a.wanted.half_closed = {ms(half), half_bytes << 20};
    a.wanted.grace = ms(grace);
    a.wanted.budget = budget << 10;
    if (!addresses.empty()) a.wanted.addresses = addresses;
    return true;
}

auto more_descriptors() -> void {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    auto const wanted = rlim_t{most_directions} + 64;
    if (limit.rlim_cur >= wanted) return;
    rlimit raised{wanted, std::max(limit.rlim_max, wanted)};
    if (setrlimit(RLIMIT_NOFILE, &raised) == 0) return;
    raised = {limit.rlim_max, limit.rlim_max};
    setrlimit(RLIMIT_NOFILE, &raised);
}

auto run(arguments const &a) -> void {
    more_descriptors();
    router routes{a.wanted, [](std::string const &text) { show(stderr, "stream_router: {}\n", text); }};
    std::string where;
    for (auto const &l : routes.listeners()) where += (where.empty() ? "" : " and ") + tcp::text_of(l.where);
    if (routes.metrics()) where += ", metrics at http://" + routes.metrics()->where() + "/metrics";
    show(stderr, "stream_router: routes on {} ({}); Ctrl-C ends it\n", where, name_of(a.wanted.how));
    bool const terminal = isatty(STDERR_FILENO) != 0 && !a.quiet;
    routes.run([&] {
        if (terminal) show(stderr, "\033[H\033[J{}", table(routes.count()));
    });
    show(stderr, "{}", table(routes.count()));
    if (routes.open() > 0) throw error{fmt::format("{} streams did not end in time and were cut off", routes.open())};
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
        show(stderr, "stream_router: {}\nstream_router --help says what it takes\n", e.what());
        return 2;
    } catch (std::exception const &e) {
        show(stderr, "stream_router: {}\n", e.what());
        return 1;
    }
}
