// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Shows which flow each packet of a capture belongs to, or gives the dissector to a network namespace.
#include "../support/command.hpp"
#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <bpfxx/core/verdict.hpp>
#include <bpfxx/kernel/host/run.hpp>
#include <bpfxx/user/capture_reader.hpp>
#include <bpfxx/user/feature.hpp>
#include <bpfxx/user/netns_link.hpp>
#include <bpfxx/user/signals.hpp>
#include <bpfxx/user/skeleton.hpp>
#include <bpfxx/user/test_run.hpp>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <fmt/format.h>
#include <functional>
#include <optional>
#include <string>

#include "flow_dissector.skel.h"

namespace {
using namespace bpfxx;
namespace flow = bpfxx::flow_dissector; // the skeleton has the same name
using flow::keys;
using object = user::skeleton<::flow_dissector>;

/// What the kernel runs a dissector on, at most: one page, less what it keeps of it. Headers behind it are not looked for,
/// in the kernel or in this process.
constexpr std::size_t most_seen = 3072;

struct arguments {
    std::string capture, netns;
    bool attaches = false, json = false, host = false;
    u32 flags = 0;
};
struct found {
    flow::action verdict;
    keys of;
};
using dissector = std::function<found(std::span<std::byte const>)>;

/// What was asked for. If it cannot be written (a full disk, a reader that has gone), there is no point in going on.
auto parse(int count, char **words, arguments &a) -> bool {
    CLI::App app{
        "Finds the flow that a packet belongs to: addresses, ports and flow label, through VLAN tags, IP in IP,\n"
        "GRE, extension headers and fragments.\n",
        "flow_dissector"};
    app.get_formatter()->column_width(30);
    auto const source = "What it works on (one of these)", offline = "With a capture", output = "Output";
    auto *const capture =
        app.add_option("-c,--capture", a.capture, "each packet of a pcap or pcapng file (- for standard input)")
            ->option_text("FILE")
            ->group(source);
    auto *const netns =
        app.add_option("-n,--netns", a.netns, "be the dissector of a network namespace until Ctrl-C or SIGTERM")
            ->option_text("PATH")
            ->group(source)
            ->excludes(capture);
    app.add_flag("--host", a.host, "run in this process instead of the kernel: needs no privileges")
        ->option_text(" ")
        ->needs(capture)
        ->group(offline);
    auto const wish = [&](char const *name, u32 bit, char const *text) {
        app.add_flag_callback(
               name, [&a, bit] { a.flags |= bit; }, text)
            ->option_text(" ")
            ->needs(capture)
            ->group(offline);
    };
    wish("--first-fragment", flow::parse_first_fragment, "the ports of first fragments too");
    wish("--stop-at-flow-label", flow::stop_at_flow_label, "an IPv6 flow label is enough");
    wish("--stop-at-encapsulation", flow::stop_at_encapsulation, "not into tunnels");
    app.add_flag("-j,--json", a.json, "a JSON object a line for each packet")->group(output);
    app.set_help_flag("-h,--help", "show this")->group(output);
    app.footer("Examples:\n"
               "  flow_dissector --capture tunnels.pcap            a table of flows\n"
               "  flow_dissector --capture tunnels.pcap --json     all keys of each packet\n"
               "  flow_dissector --netns /run/netns/blue           attach to a namespace\n\n"
               "Exit status: 0 done, 1 something failed (the message says what), 2 these arguments make no sense.");
    try {
        app.parse(count, words);
    } catch (CLI::CallForHelp const &) {
        show(stdout, "{}", app.help());
        flush(stdout);
        return false;
    }
    if (capture->count() + netns->count() == 0) throw CLI::ValidationError("one of --capture and --netns is needed");
    a.attaches = netns->count() > 0;
    return true;
}

auto in_process(u32 flags) -> dissector {
    auto *const program = host::object{"flow_dissector"}.program<flow::context>("dissect");
    return [=](std::span<std::byte const> packet) {
        auto const *const at = reinterpret_cast<u8 const *>(packet.data());
        auto const out = host::run(program, {at, packet.size()}, 0, [=](flow::context &c) { c.found.flags = flags; });
        found f{static_cast<flow::action>(out.verdict), {}};
        std::memcpy(static_cast<void *>(&f.of), out.bytes.data(), sizeof f.of);
        return f;
    };
}
auto in_kernel(object &loaded, u32 flags) -> dissector {
    return [&loaded, flags](std::span<std::byte const> packet) {
        keys wanted{};
        wanted.flags = flags;
        auto const out =
            user::test_run(loaded.program("dissect"), packet, {.context = std::as_bytes(std::span{&wanted, 1})});
        found f{static_cast<flow::action>(out.verdict), {}};
        if (out.packet.size() != sizeof f.of) throw user::error{"the kernel's flow keys have another size"};
        std::memcpy(static_cast<void *>(&f.of), out.packet.data(), sizeof f.of);
        return f;
    };
}

/// Source and destination, or nothing if there are none.
auto addresses_of(keys const &k) -> std::array<std::string, 2> {
    auto const six = k.addr_proto == 0x86dd;
    if (!six && k.addr_proto != 0x0800) return {};
    std::array<std::string, 2> both;
    for (std::size_t i = 0; i < 2; i++) {
        char text[INET6_ADDRSTRLEN];
        both[i] = inet_ntop(six ? AF_INET6 : AF_INET, k.addresses + i * (six ? 16 : 4), text, sizeof text);
    }
    return both;
}
auto json_of(u64 number, std::size_t length, found const &f) -> std::string {
    auto const &k = f.of;
    auto line = fmt::format(R"({{"packet":{},"length":{},"verdict":"{}")", number, length, name_of(f.verdict));
    if (f.verdict == flow::ok) {
        auto const [src, dst] = addresses_of(k);
        line += fmt::format(R"(,"nhoff":{},"thoff":{},"addr_proto":{},"n_proto":{},"ip_proto":{})", k.nhoff, k.thoff,
                            k.addr_proto, k.n_proto.value(), k.ip_proto);
        if (!src.empty()) line += fmt::format(R"(,"src":"{}","dst":"{}")", src, dst);
        line += fmt::format(R"(,"sport":{},"dport":{},"is_frag":{},"is_first_frag":{},"is_encap":{},"flow_label":{})",
                            k.sport.value(), k.dport.value(), k.is_frag != 0, k.is_first_frag != 0, k.is_encap != 0,
                            k.flow_label.value());
        line += fmt::format(R"(,"flags":{})", k.flags);
    }
    return line + '}';
}
auto text_of(u64 number, found const &f) -> std::string {
    auto const &k = f.of;
    if (f.verdict != flow::ok) return fmt::format("{:>6}  {}", number, name_of(f.verdict));
    auto const [src, dst] = addresses_of(k);
    auto const end = [](std::string const &address, be16 const &port) {
        if (port == be16{}) return address;
        bool const six = address.find(':') != std::string::npos;
        return fmt::format("{}{}{}:{}", six ? "[" : "", address, six ? "]" : "", port.value());
    };
    auto line = fmt::format("{:>6}  {} > {}  protocol {}", number, end(src, k.sport), end(dst, k.dport), k.ip_proto);
    if (k.flow_label != be32{}) line += fmt::format(", flow label {:#x}", k.flow_label.value());
    if (k.is_frag) line += k.is_first_frag ? ", first fragment" : ", later fragment";
    if (k.is_encap) line += ", in a tunnel";
    return line;
}

auto run_capture(arguments const &a) -> void {
    std::optional<object> loaded;
    if (!a.host) {
        user::require_bpf({});
        loaded.emplace().load();
    }
    auto const dissect = a.host ? in_process(a.flags) : in_kernel(*loaded, a.flags);
    user::capture_reader packets{a.capture};
    while (auto const packet = packets.next()) {
        // What is no frame has no flow, and the kernel does not run it.
        auto const f = user::runnable(packet->bytes.size())
                           ? dissect(packet->bytes.first(std::min(packet->bytes.size(), most_seen)))
                           : found{flow::drop, {}};
        show(stdout, "{}",
             (a.json ? json_of(packet->number, packet->bytes.size(), f) : text_of(packet->number, f)) + '\n');
    }
    flush(stdout);
}
auto attach(arguments const &a) -> void {
    user::require_bpf({});
    object loaded;
    loaded.load();
    user::signals signals;
    auto const link = user::attach_netns(loaded.program("dissect"), a.netns);
    note("flow_dissector: attached to {}; Ctrl-C detaches\n", a.netns);
    while (!signals.stop_requested()) signals.wait(signals.fd(), std::chrono::seconds{60});
    note("flow_dissector: detached\n");
}
} // namespace

auto main(int count, char **words) -> int {
    return run_command("flow_dissector", [&] {
        arguments a;
        if (!parse(count, words, a)) return;
        a.attaches ? attach(a) : run_capture(a);
    });
}
