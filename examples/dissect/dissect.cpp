// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Shows which headers packets have: those of a capture, or those that come in at an interface.
#include "../support/command.hpp"
#include "engine.hpp"
#include "report.hpp"
#include <bpfxx/user/capture_reader.hpp>
#include <bpfxx/user/signals.hpp>
#include <bpfxx/user/tc_link.hpp>
#include <bpfxx/user/xdp_link.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <limits>
#include <optional>
#include <unistd.h>

namespace {
using namespace bpfxx;
using namespace dissection;
using namespace std::chrono_literals;

struct arguments {
    std::string capture, interface;
    u64 most = std::numeric_limits<u64>::max();
    bool attaches = false, json = false, host = false, tc = false, generic = false, replace = false;
    auto where() const -> hook { return tc ? hook::tc : hook::xdp; }
};

/// False if there is nothing to do: help was wanted, and is shown.
auto parse(int count, char **words, arguments &a) -> bool {
    CLI::App app{
        "Walks over all headers of each packet - tunnels, stacks, options, extension headers - and shows where\n"
        "each one is, what it says, where the payload is, and why the walk has stopped.\n",
        "dissect"};
    app.get_formatter()->column_width(26);
    auto const source = "What it runs on (one of these)", where = "Where the program runs", live = "With an interface",
               output = "Output";
    auto *const capture =
        app.add_option("-c,--capture", a.capture, "each packet of a pcap or pcapng file (- for standard input)")
            ->option_text("FILE")
            ->group(source);
    auto *const interface =
        app.add_option("-i,--interface", a.interface, "what comes in there, until Ctrl-C or SIGTERM")
            ->option_text("NAME")
            ->group(source)
            ->excludes(capture);
    app.add_flag("--host", a.host, "run in this process instead of the kernel: needs no privileges")
        ->option_text(" ")
        ->needs(capture)
        ->group(where);
    app.add_flag("--tc", a.tc, "the TC program instead of the XDP program; both are one source")
        ->option_text(" ")
        ->group(where);
    auto *const generic =
        app.add_flag("--generic", a.generic, "attach XDP to the network stack (generic mode), not to the driver")
            ->option_text(" ")
            ->needs(interface)
            ->group(live);
    auto *const replace =
        app.add_flag("--replace", a.replace, "take the place of an XDP program that is attached already")
            ->option_text(" ")
            ->needs(interface)
            ->group(live);
    app.get_option("--tc")->excludes(generic)->excludes(replace);
    app.add_option("-n,--count", a.most, "stop after this many packets")
        ->option_text("N")
        ->check(CLI::PositiveNumber)
        ->group(output);
    app.add_flag("-j,--json", a.json, "a JSON object a line, for each packet; else a tree of its headers")
        ->group(output);
    app.set_help_flag("-h,--help", "show this")->group(output);
    app.footer("Captures may be of Ethernet, of IP without a link layer, of Wi-Fi (with radiotap or without), of a\n"
               "loopback (null, loop), of a serial line (PPP, Cisco HDLC), or of any interface (Linux cooked).\n\n"
               "Why a walk stops: end (payload, or nothing at all, follows), truncated, other_protocol, malformed,\n"
               "fragment (a later one), too_deep (more than 16 headers).\n\n"
               "Examples:\n"
               "  dissect --capture tunnels.pcap --host          a tree for each packet, without privileges\n"
               "  dissect --capture tunnels.pcap --json          a line for each packet, from the kernel\n"
               "  dissect --interface eth0 --count 10            the next ten packets that come in\n"
               "  dissect --interface eth0 --tc --json           all packets that TC sees, until Ctrl-C\n\n"
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
    return true;
}

auto run_capture(arguments const &a) -> void {
    heed_interrupts();
    auto program = a.host ? std::unique_ptr<engine>{std::make_unique<host_engine>(a.where())}
                          : std::make_unique<kernel_engine>(a.where());
    user::capture_reader packets{a.capture, link_types};
    bool const shows_progress = isatty(STDERR_FILENO) != 0 && isatty(STDOUT_FILENO) == 0;
    endings ends;
    auto const finish = [&] {
        if (shows_progress && ends.count() >= 10'000) note("\r{} packets\n", ends.count());
        if (!a.json) show(stdout, "{}", ends.line());
        flush(stdout);
    };
    try {
        while (ends.count() < a.most) {
            auto const packet = packets.next();
            if (!packet) break;
            auto const from = beginning_of(packets.link_type(), packet->bytes);
            auto const bytes = from.frame(packet->bytes, packet->original_length);
            auto const r =
                read(from.is_known() ? program->walk(bytes, from.first) : from.untrodden(bytes), bytes, from);
            if (a.json)
                show(stdout, "{}", json(packet->number, r));
            else
                show(stdout, "{}", tree(fmt::format("packet {}, {} bytes", packet->number, packet->bytes.size()), r));
            ends.add(r);
            if (shows_progress && ends.count() % 10'000 == 0) note("\r{} packets", ends.count());
            if (interrupted) throw user::error{fmt::format("interrupted behind packet {}", ends.count())};
        }
    } catch (...) { // what was seen until then is shown before the error
        finish();
        throw;
    }
    finish();
}

/// Either of two ways to be attached.
class attachment {
    std::optional<user::xdp_link> frames_;
    std::optional<user::tc_link> skbs_;

  public:
    attachment(arguments const &a, loaded const &program, user::interface const &where) {
        if (a.tc) {
            skbs_ = user::attach_tc(program.program(hook::tc), where);
            return;
        }
        user::xdp_options how;
        how.mode = a.generic ? user::xdp_mode::generic : user::xdp_mode::native_or_generic;
        how.replace = a.replace;
        frames_ = user::attach_xdp(program.program(hook::xdp), where, how);
    }
    auto name() const -> std::string {
        return skbs_ ? "TC ingress" : fmt::format("XDP, {} mode", name_of(frames_->mode()));
    }
    /// Nothing says so when a program is attached no more.
    auto check(user::interface const &where, u32 id) const -> void {
        if (!where.exists()) throw user::error{fmt::format("interface {} has vanished", where.name())};
        auto const there = frames_ ? user::attached_xdp(where) : std::nullopt;
        if (frames_ && (!there || there->id != id))
            throw user::error{fmt::format("nothing of {} is seen any more: {}", where.name(),
                                          there ? there->described() + " has taken the place"
                                                : "the program was detached from outside")};
    }
    auto detach() -> void {
        if (skbs_) skbs_->detach();
        if (frames_) frames_->detach();
    }
};

/// Attached, until a signal comes or there were enough packets.
auto run_interface(arguments const &a) -> void {
    user::signals signals;
    require_kernel();
    user::interface const where{a.interface};
    struct enough {};
    struct pause {}; // consuming goes on for as long as packets come: now and then there is something else to do
    endings ends;
    u64 seen = 0;
    loaded program{number_of<frame>, [&](trail const &t) {
                       auto const bytes = std::as_bytes(std::span{t.start}).first(t.copied);
                       auto const r = read(t, bytes, {number_of<frame>});
                       seen++;
                       show(stdout, "{}",
                            a.json ? json(seen, r) : tree(fmt::format("packet {}, {} bytes", seen, t.length), r));
                       ends.add(r);
                       if (seen == a.most) throw enough{};
                       if (seen % 1024 == 0) throw pause{};
                   }};
    attachment link{a, program, where};
    note("dissect: attached to {} ({}); Ctrl-C ends it\n", a.interface, link.name());
    auto const id = program.program(a.where()).info().id;
    auto next = std::chrono::steady_clock::now();
    std::exception_ptr failure;
    try {
        while (!signals.stop_requested()) {
            bool const woken = signals.wait(program.trails().epoll_fd(), 1s);
            try {
                if (woken) program.trails().consume();
            } catch (pause const &) { // NOLINT(bugprone-empty-catch): what is there can be written now
            }
            flush(stdout);
            if (auto const now = std::chrono::steady_clock::now(); now >= next) {
                link.check(where, id);
                next = now + 1s;
            }
        }
    } catch (enough const &) { // NOLINT(bugprone-empty-catch): the asked number of packets
    } catch (...) {
        failure = std::current_exception();
    }
    link.detach();
    if (failure) std::rethrow_exception(failure);
    flush(stdout);
    note("dissect: detached from {}; {} shown, {} lost\n", a.interface, seen, program.lost());
}
} // namespace

auto main(int count, char **words) -> int {
    return run_command("dissect", [&] {
        arguments a;
        if (!parse(count, words, a)) return;
        a.attaches ? run_interface(a) : run_capture(a);
    });
}
