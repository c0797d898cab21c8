// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Runs a program of any BPF object on the packets of a capture, in the kernel and without any network.
#include "../support/command.hpp"
#include "engine.hpp"
#include "report.hpp"
#include <bpfxx/user/capture_reader.hpp>
#include <bpfxx/user/capture_writer.hpp>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <exception>
#include <optional>
#include <string_view>
#include <tuple>
#include <unistd.h>
#include <vector>

namespace {
using namespace bpfxx;

struct arguments {
    std::string object, program, capture, write;
    std::vector<map_entry> entries;
    u32 repeat = 1;
    bool all = false, json = false, bytes = false;
};

auto bytes_of(std::string const &digits) -> std::vector<std::byte> {
    auto const value = [&](char c) -> unsigned {
        if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
        if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10;
        if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A') + 10;
        throw CLI::ValidationError("--map",
                                   fmt::format("'{}' is not hexadecimal: bytes in the order of memory, such as "
                                               "0050 (or - for none)",
                                               digits));
    };
    std::vector<std::byte> bytes;
    if (digits == "-") return bytes;
    if (digits.size() % 2 != 0)
        throw CLI::ValidationError("--map", fmt::format("'{}' has an odd number of digits: each byte has two", digits));
    for (std::size_t i = 0; i < digits.size(); i += 2)
        bytes.push_back(static_cast<std::byte>(value(digits[i]) << 4 | value(digits[i + 1])));
    return bytes;
}

/// False if there is nothing to do: help was wanted, and is shown.
auto parse(int count, char **words, arguments &a) -> bool {
    CLI::App app{
        "Runs a program of a BPF object on each packet of a capture, by BPF_PROG_TEST_RUN: in the kernel, as root,\n"
        "without any interface. Says what it answers, what it changes and how long it takes.\n\n"
        "Any object that libbpf loads will do, in whatever language it was written. Types of programs: xdp,\n"
        "sched_cls and sched_act (tc), cgroup_skb, socket_filter, lwt_in, lwt_out, lwt_xmit, flow_dissector.\n",
        "replay"};
    app.get_formatter()->column_width(30);
    std::vector<std::tuple<std::string, std::string, std::string>> entries;
    auto const input = "What runs on what", written = "What is kept", output = "Output";
    app.add_option("OBJECT", a.object, "the object file (.bpf.o)")->option_text(" ")->required()->group(input);
    app.add_option("-p,--program", a.program, "which one, if the object has several")
        ->option_text("NAME")
        ->group(input);
    app.add_option("-c,--capture", a.capture, "a pcap or pcapng file (- for standard input)")
        ->option_text("FILE")
        ->required()
        ->group(input);
    app.add_option("-m,--map", entries, "put an entry into a map before the first packet; may be repeated")
        ->option_text("NAME KEY VALUE")
        ->allow_extra_args(false)
        ->group(input);
    app.add_option("-r,--repeat", a.repeat, "measure the time with so many further runs of each packet")
        ->option_text("COUNT")
        ->check(CLI::Range(1, 1'000'000))
        ->group(input);
    auto *const write =
        app.add_option("-w,--write", a.write, "write the packets that pass to a pcap file (- for standard output)")
            ->option_text("FILE")
            ->group(written);
    app.add_flag("--all", a.all, "write all packets, whatever the verdict, also those that cannot run")
        ->option_text(" ")
        ->needs(write)
        ->group(written);
    app.add_flag("-j,--json", a.json, "a JSON object a line, one for each packet, instead of the table")->group(output);
    app.add_flag("-b,--bytes", a.bytes, "show what has changed in each packet; with --json, all its bytes")
        ->group(output);
    app.set_help_flag("-h,--help", "show this")->group(output);
    app.footer(
        "Examples:\n"
        "  replay filter.bpf.o --capture web.pcap              a table of verdicts, changes and times\n"
        "  replay filter.bpf.o -p ingress -c web.pcap --bytes  before it, which bytes have changed\n"
        "  replay filter.bpf.o -c web.pcap --map ports 0050 01 --write passed.pcap\n"
        "  replay filter.bpf.o -c web.pcap --json | jq -c 'select(.changed)'\n\n"
        "--map takes bytes in hexadecimal, as they lie in memory, or - for none (a queue's key). A per-CPU map gets\n"
        "the value on every CPU. Global variables are the maps .rodata, .data and .bss, with the key 00000000.\n\n"
        "--write takes what the program lets go on, as it has left it: xdp pass; tc ok, unspec, pipe, reclassify;\n"
        "cgroup_skb allow; socket_filter keep; lwt ok, reroute; flow_dissector ok, continue.\n\n"
        "--repeat comes behind the first run, which decides: all repetitions work on the same packet. Maps see them\n"
        "too. For an XDP program the kernel takes some 20 ms a packet to prepare them.\n\n"
        "Packets that the kernel does not run are counted, and are no failure: those that are cut off within the\n"
        "headers that the type needs, and those that are too long.\n\n"
        "Exit status: 0 done, 1 something failed (the message says what), 2 these arguments make no sense.");
    try {
        app.parse(count, words);
    } catch (CLI::CallForHelp const &) {
        show(stdout, "{}", app.help());
        flush(stdout);
        return false;
    }
    for (auto const &[name, key, value] : entries) a.entries.push_back({name, bytes_of(key), bytes_of(value)});
    return true;
}

/// One line on the terminal that is written over, five times a second.
class progress {
    using clock = std::chrono::steady_clock;
    bool shown_, any_ = false;
    clock::time_point next_ = clock::now() + std::chrono::seconds{1};

  public:
    explicit progress(bool shown) : shown_{shown} {}
    auto tell(u64 packets) -> void {
        if (!shown_ || clock::now() < next_) return;
        note("\r{} packets", packets);
        any_ = true;
        next_ = clock::now() + std::chrono::milliseconds{200};
    }
    auto clear() -> void {
        if (any_) note("\r\033[K");
        any_ = false;
    }
};

/// The packet with the bytes that it has now, and as much longer or shorter on the wire as here.
auto with_bytes(user::captured_packet packet, std::span<std::byte const> bytes) -> user::captured_packet {
    auto const cut = packet.original_length > packet.bytes.size() ? packet.original_length - packet.bytes.size() : 0;
    packet.original_length = static_cast<u32>(bytes.size() + cut);
    packet.bytes = bytes;
    return packet;
}

auto run(arguments const &a) -> void {
    heed_interrupts();
    auto *const out = a.write == "-" ? stderr : stdout;
    engine program{a.object, a.program, a.entries};
    user::capture_reader packets{a.capture};
    auto kept = a.write.empty() ? std::nullopt : std::make_optional<user::capture_writer>(a.write);
    bool const has_lines = a.json || a.bytes;
    progress line{isatty(STDERR_FILENO) != 0 && !(has_lines && isatty(fileno(out)) != 0)};
    histogram all;

    auto const finish = [&] {
        line.clear();
        if (!a.json)
            show(out, "{}{} ({}): {} packets\n\n{}", a.bytes ? "\n" : "", program.program().name(),
                 user::name_of(program.type()), all.count(), all.table());
        flush(out);
    };
    auto const interruption = [&] { return user::error{fmt::format("interrupted behind packet {}", all.count())}; };
    auto const outcome_of = [&](user::captured_packet const &packet) {
        try {
            return program.run(packet.bytes, a.repeat);
        } catch (user::error const &e) {
            if (interrupted && e.code() == EINTR) throw interruption();
            throw;
        }
    };
    try {
        while (auto const packet = packets.next()) {
            auto const outcome = outcome_of(*packet);
            replayed const one{*packet, outcome};
            all.add(one);
            if (a.json)
                show(out, "{}", one.json(a.bytes));
            else if (a.bytes && one.changed())
                show(out, "{}", one.difference_text());
            if (kept && one.ran() && (a.all || outcome.verdict.passes))
                kept->write(with_bytes(*packet, outcome.packet));
            if (kept && !one.ran() && a.all) kept->write(*packet);
            line.tell(all.count());
            if (interrupted) throw interruption();
        }
        if (kept) kept->close();
    } catch (...) { // what was seen until then is shown before the error
        finish();
        throw;
    }
    finish();
}
} // namespace

auto main(int count, char **words) -> int {
    return run_command("replay", [&] {
        arguments a;
        if (!parse(count, words, a)) return;
        run(a);
    });
}
