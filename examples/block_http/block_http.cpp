// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Blocks HTTP in clear text: on an interface, or on a capture to see what it would do.
#include "../support/command.hpp"
#include "engine.hpp"
#include "report.hpp"
#include <bpfxx/user/capture_reader.hpp>
#include <bpfxx/user/capture_writer.hpp>
#include <bpfxx/user/signals.hpp>
#include <bpfxx/user/xdp_link.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <exception>
#include <optional>
#include <unistd.h>

namespace {
using namespace bpfxx;
using namespace std::chrono_literals;

struct arguments {
    options wanted{{1, 1}, {}};
    std::string capture, write, interface;
    bool attaches = false, json = false, host = false, generic = false, replace = false;
};

/// False if there is nothing to do: help was wanted, and is shown.
auto parse(int count, char **words, arguments &a) -> bool {
    CLI::App app{"Drops TCP segments whose payload starts an HTTP/1.x message in clear text, on any port, in IPv4 and\n"
                 "IPv6 with up to two VLAN tags. All other packets pass.\n",
                 "block_http"};
    app.get_formatter()->column_width(26);
    std::vector<std::string> match;
    auto const source = "What it runs on (one of these)", dropped = "What is dropped", offline = "With a capture",
               live = "With an interface", output = "Output";
    auto *const capture =
        app.add_option("-c,--capture", a.capture, "run each packet of a pcap or pcapng file (- for standard input)")
            ->option_text("FILE")
            ->group(source);
    auto *const interface =
        app.add_option("-i,--interface", a.interface, "attach to it until Ctrl-C or SIGTERM, and print each drop")
            ->option_text("NAME")
            ->group(source)
            ->excludes(capture);
    app.add_option("-m,--match", match, "request, response, or both (the default)")
        ->option_text("WHAT")
        ->check(CLI::IsMember({"request", "response", "both"}))
        ->group(dropped);
    app.add_option("-e,--exempt", a.wanted.exempt, "let a TCP port through, in either direction; may be repeated")
        ->option_text("PORT")
        ->check(CLI::Range(0, 65535))
        ->group(dropped);
    app.add_flag("--host", a.host, "run in this process instead of the kernel: needs no privileges")
        ->option_text(" ")
        ->needs(capture)
        ->group(offline);
    app.add_option("-w,--write", a.write, "write the packets that passed to a pcap file (- for standard output)")
        ->option_text("FILE")
        ->needs(capture)
        ->group(offline);
    app.add_flag("--generic", a.generic, "attach to the network stack (generic mode), not to the driver")
        ->option_text(" ")
        ->needs(interface)
        ->group(live);
    app.add_flag("--replace", a.replace, "take the place of a program that is attached already")
        ->option_text(" ")
        ->needs(interface)
        ->group(live);
    app.add_flag("-j,--json", a.json, "a JSON object a line: for each packet of a capture, or for each drop")
        ->group(output);
    app.set_help_flag("-h,--help", "show this")->group(output);
    app.footer(
        "Examples:\n"
        "  block_http --capture web.pcap                      a table of verdicts, reasons and dropped flows\n"
        "  block_http --capture web.pcap --host --json        the same without privileges, a line for each packet\n"
        "  block_http --interface eth0 --exempt 8080          block until Ctrl-C, but leave port 8080 alone\n"
        "  block_http --interface eth0 --match request        let answers through, drop requests\n\n"
        "Exit status: 0 done, 1 something failed (the message says what), 2 these arguments make no sense.");
    try {
        app.parse(count, words);
    } catch (CLI::CallForHelp const &) {
        show(stdout, "{}", app.help());
        flush(stdout);
        return false;
    }
    a.attaches = interface->count() > 0;
    if (!a.attaches && capture->count() == 0) throw CLI::ValidationError("one of --capture and --interface is needed");
    if (!match.empty()) {
        a.wanted.match = {0, 0};
        for (auto const &m : match) {
            if (m != "response") a.wanted.match.requests = 1;
            if (m != "request") a.wanted.match.responses = 1;
        }
    }
    if (a.wanted.exempt.size() > exempt_spec::capacity)
        throw CLI::ValidationError("--exempt", fmt::format("at most {} ports", exempt_spec::capacity));
    return true;
}

/// Each packet of a capture: lines of JSON, or a table at the end.
auto run_capture(arguments const &a) -> void {
    heed_interrupts();
    auto *const out = a.write == "-" ? stderr : stdout;
    flows dropped;
    auto const use = [&](event const &e) { dropped.add(e); };
    auto program = a.host ? std::unique_ptr<engine>{std::make_unique<host_engine>(a.wanted, use)}
                          : std::make_unique<kernel_engine>(a.wanted, use);
    user::capture_reader packets{a.capture};
    auto passed = a.write.empty() ? std::nullopt : std::make_optional<user::capture_writer>(a.write);
    bool const shows_progress = isatty(STDERR_FILENO) != 0 && isatty(STDOUT_FILENO) == 0;
    u64 count = 0, too_short = 0;

    auto const finish = [&] {
        if (shows_progress && count >= 10'000) note("\r{} packets\n", count);
        if (!a.json) {
            show(out, "{} packets\n\n{}\n{}", count, table(program->counters()), dropped.table());
            if (too_short > 0)
                show(out, "packets shorter than an Ethernet header, which XDP never sees: {} passed\n", too_short);
            if (auto const lost = program->lost_events(); lost > 0) show(out, "{} events were lost\n", lost);
        }
        flush(out);
    };
    try {
        while (auto const packet = packets.next()) {
            count++;
            // What no XDP program sees is not run, on the host neither.
            bool const runs = user::runnable(packet->bytes.size());
            auto const is = runs ? program->answer_to(packet->bytes) : answer{xdp::pass, reason::truncated};
            if (!runs) too_short++;
            auto const verdict = static_cast<xdp::action>(is.verdict);
            if (a.json)
                show(out, "{{\"packet\":{},\"length\":{},\"verdict\":\"{}\",\"reason\":\"{}\"}}\n", packet->number,
                     packet->bytes.size(), name_of(verdict), name_of(is.why));
            if (passed && verdict == xdp::pass) passed->write(*packet);
            if (shows_progress && count % 10'000 == 0) note("\r{} packets", count);
            if (interrupted) throw user::error{fmt::format("interrupted behind packet {}", count)};
        }
        if (passed) passed->close();
    } catch (...) { // what was seen until then is shown before the error
        finish();
        throw;
    }
    finish();
}

auto clock_time(u64 monotonic) -> std::string {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    auto const age = static_cast<i64>(now.tv_sec) * 1'000'000'000 + now.tv_nsec - static_cast<i64>(monotonic);
    clock_gettime(CLOCK_REALTIME, &now);
    auto const then = static_cast<i64>(now.tv_sec) * 1'000'000'000 + now.tv_nsec - age;
    auto const seconds = static_cast<time_t>(then / 1'000'000'000);
    tm parts{};
    localtime_r(&seconds, &parts);
    return fmt::format("{:02}:{:02}:{:02}.{:06}", parts.tm_hour, parts.tm_min, parts.tm_sec,
                       then % 1'000'000'000 / 1000);
}

/// Attached, until a signal comes.
auto run_interface(arguments const &a) -> void {
    user::signals signals;
    struct pause {}; // consuming goes on for as long as packets come: now and then there is something else to do
    bool live = true;
    u64 seen = 0;
    kernel_engine program{a.wanted, [&](event const &e) {
                              seen++;
                              if (a.json)
                                  show(stdout,
                                       "{{\"event\":{},\"time\":{},\"kind\":\"{}\",\"src\":\"{}\",\"src_port\":{},"
                                       "\"dst\":\"{}\",\"dst_port\":{},\"start\":{},\"start_hex\":\"{}\"}}\n",
                                       seen, e.time, kind(e), address(e.src), e.src_port.value(), address(e.dst),
                                       e.dst_port.value(), quoted(first_line(e)), hex(e));
                              else
                                  show(stdout, "{} #{} {} {} > {} {}\n", clock_time(e.time), seen, kind(e),
                                       endpoint(e.src, e.src_port), endpoint(e.dst, e.dst_port), first_line(e));
                              if (live && seen % 1024 == 0) throw pause{};
                          }};
    user::xdp_options how;
    how.mode = a.generic ? user::xdp_mode::generic : user::xdp_mode::native_or_generic;
    how.replace = a.replace;
    auto link = user::attach_xdp(program.program(), user::interface{a.interface}, how);
    note("block_http: attached to {} ({} mode); Ctrl-C ends it\n", a.interface, name_of(link.mode()));

    auto const totals = [&] {
        xdp::tally all{};
        for (auto const &t : program.counters()) {
            all.pass += t.pass;
            all.drop += t.drop;
        }
        return fmt::format("dropped {}, passed {}, lost events {}", all.drop, all.pass, program.lost_events());
    };
    // Nothing says so when a program is attached no more.
    auto const check_attached = [&, id = program.program().info().id] {
        if (!link.where().exists()) throw user::error{fmt::format("interface {} has vanished", a.interface)};
        auto const there = user::attached_xdp(link.where());
        if (!there || there->id != id)
            throw user::error{fmt::format("HTTP on {} is no longer blocked: {}", a.interface,
                                          there ? there->described() + " has taken the place"
                                                : "the program was detached from outside")};
    };
    auto const consume = [&] {
        try {
            return program.events().consume();
        } catch (pause const &) {
            return 0;
        }
    };
    bool const terminal = isatty(STDERR_FILENO) != 0;
    std::exception_ptr failure;
    try {
        auto next = std::chrono::steady_clock::now();
        for (u64 told = 0; !signals.stop_requested();) {
            if (signals.wait(program.events().epoll_fd(), 1s)) consume();
            flush(stdout);
            if (terminal) note("\r{}\033[K\r", totals());
            if (auto const now = std::chrono::steady_clock::now(); now >= next) {
                check_attached();
                if (!terminal && seen != told) note("block_http: {}\n", totals());
                told = seen;
                next = now + 1s;
            }
        }
    } catch (...) {
        failure = std::current_exception();
    }
    live = false;
    link.detach();
    if (terminal) note("\r\033[K");
    consume();
    if (!a.json) show(stdout, "\n{}", table(program.counters()));
    flush(stdout);
    if (failure) std::rethrow_exception(failure);
    note("block_http: detached from {}; {}\n", a.interface, totals());
}
} // namespace

auto main(int count, char **words) -> int {
    return run_command("block_http", [&] {
        arguments a;
        if (!parse(count, words, a)) return;
        a.attaches ? run_interface(a) : run_capture(a);
    });
}
