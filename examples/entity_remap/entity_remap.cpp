// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Sends the packets of many entities, which come to one port, to a port for each: on an interface, or on a capture to see
/// what it would do.
#include "../support/command.hpp"
#include "../support/metrics_server.hpp"
#include "engine.hpp"
#include "report.hpp"
#include <algorithm>
#include <bpfxx/user/capture_reader.hpp>
#include <bpfxx/user/capture_writer.hpp>
#include <bpfxx/user/signals.hpp>
#include <bpfxx/user/tc_link.hpp>
#include <bpfxx/user/xdp_link.hpp>
#include <chrono>
#include <csignal>
#include <mutex>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace {
using namespace bpfxx;
using namespace std::chrono_literals;

struct arguments {
    std::string settings, capture, write, interface, metrics, metrics_file;
    std::vector<u16> watch;
    std::vector<std::string> protocols, map;
    std::optional<u32> least, most, offset, size, capacity;
    std::string bad_size, type, order, unknown;
    u32 top = 20, every = 2;
    bool attaches = false, json = false, host = false, generic = false, replace = false, tee = false;
};

/// What is said on the command line goes over what is in the file.
auto configured(arguments const &a) -> configuration {
    auto given = nlohmann::json::object();
    std::optional<settings_text> file;
    if (!a.settings.empty()) {
        file.emplace(read_file(a.settings), a.settings);
        static_cast<void>(file->read()); // what is wrong with the file is said of the file
        given = file->values();
    }
    std::vector<std::pair<std::string, std::string>> said; // paths and the options that went over them
    auto const give = [&](char const *path, char const *option, auto const &value) {
        given[nlohmann::json::json_pointer{path}] = value;
        said.emplace_back(path, option);
    };
    if (!a.watch.empty()) give("/watch", "--watch", a.watch);
    if (!a.protocols.empty()) give("/protocols", "--protocol", a.protocols);
    if (a.least) give("/payload/min", "--min", *a.least);
    if (a.most) give("/payload/max", "--max", *a.most);
    if (!a.bad_size.empty()) give("/payload/otherwise", "--bad-size", a.bad_size);
    if (a.offset) give("/tag/offset", "--offset", *a.offset);
    if (a.size) give("/tag/size", "--size", *a.size);
    if (!a.type.empty()) give("/tag/type", "--type", a.type);
    if (!a.order.empty()) give("/tag/order", "--order", a.order);
    if (a.capacity) give("/capacity", "--capacity", *a.capacity);
    if (!a.unknown.empty()) {
        if (a.unknown.find_first_not_of("0123456789") == a.unknown.npos)
            give("/unknown", "--unknown", std::stoull(a.unknown.substr(0, 10)));
        else
            give("/unknown", "--unknown", a.unknown);
    }
    try {
        json_settings::settings_reader reader;
        auto c = reader.read(given);
        for (auto const &m : a.map) {
            auto const equals = m.rfind('=');
            auto const tag = json_settings::settings_reader::tag_bytes(c, m.substr(0, equals), "--map");
            auto const port = equals == m.npos ? std::string{} : m.substr(equals + 1);
            if (port.empty() || port.size() > 5 || port.find_first_not_of("0123456789") != port.npos ||
                std::stoul(port) == 0 || std::stoul(port) > 65535)
                throw bad_setting{"--map", fmt::format("{} is not TAG=PORT, with a port from 1 to 65535", m)};
            auto const same =
                std::find_if(c.entities.begin(), c.entities.end(), [&](auto const &e) { return e.tag == tag; });
            if (same != c.entities.end())
                same->port = static_cast<u16>(std::stoul(port));
            else
                c.entities.push_back(
                    {tag, json_settings::settings_reader::label_of(c, tag), static_cast<u16>(std::stoul(port))});
        }
        if (a.tee) { // it drops nothing
            c.bad_size_drops = false;
            if (c.unknown == for_unknown::drop) c.unknown = for_unknown::pass;
        }
        check(c);
        return c;
    } catch (bad_setting const &e) {
        auto const name = json_settings::field_name(e.path);
        auto const option = std::find_if(said.begin(), said.end(), [&](auto const &s) {
            return s.first.starts_with(e.path) || e.path.starts_with(s.first);
        });
        if (option != said.end()) throw CLI::ValidationError{option->second, e.what()};
        if (!file || e.path.starts_with("--")) throw CLI::ValidationError{name, e.what()};
        throw std::runtime_error{fmt::format("{}: {}: {}", file->place_of(e.path), name, e.what())};
    }
}

/// False if there is nothing to do: help was wanted, and is shown.
auto parse(int count, char **words, arguments &a) -> bool {
    CLI::App app{
        "Sends UDP and TCP packets that come to one port to a port for each entity: the tag in a packet's payload\n"
        "says which entity it is from. Payloads of other sizes than expected are dropped.\n",
        "entity_remap"};
    app.get_formatter()->column_width(30);
    auto const source = "What it runs on (one of these)", which = "Which packets (these go over the settings file)",
               offline = "With a capture", live = "With an interface", output = "Output";
    auto *const capture =
        app.add_option("-c,--capture", a.capture, "run each packet of a pcap or pcapng file (- for standard input)")
            ->option_text("FILE")
            ->group(source);
    auto *const interface = app.add_option("-i,--interface", a.interface,
                                           "attach to it until Ctrl-C or SIGTERM; SIGHUP reloads the settings")
                                ->option_text("NAME")
                                ->group(source)
                                ->excludes(capture);
    app.add_option("-s,--settings", a.settings, "settings and entities, in TOML or JSON: see README.md")
        ->option_text("FILE")
        ->group(which);
    app.add_option("-p,--watch", a.watch, "port that entities share; may be repeated")
        ->option_text("PORT")
        ->group(which)
        ->check(CLI::Range(1, 65535));
    app.add_option("--protocol", a.protocols, "udp or tcp (default both)")->option_text("NAME")->group(which);
    app.add_option("--min", a.least, "bytes of the smallest good payload")->option_text("BYTES")->group(which);
    app.add_option("--max", a.most, "bytes of the largest one")->option_text("BYTES")->group(which);
    app.add_option("--bad-size", a.bad_size, "what becomes of others: drop (the default) or pass")
        ->option_text("WHAT")
        ->group(which);
    app.add_option("--offset", a.offset, "where the tag stands in the payload (default 0)")
        ->option_text("BYTES")
        ->group(which);
    app.add_option("--size", a.size, "bytes of a tag: 1, 2 (the default), 4; of type bytes 1 to 16")
        ->option_text("BYTES")
        ->group(which);
    app.add_option("--order", a.order, "of a tag that is a number: big (the default) or little")
        ->option_text("ORDER")
        ->group(which);
    app.add_option("--type", a.type, "of a tag: number (the default) or bytes")->option_text("TYPE")->group(which);
    app.add_option("-m,--map", a.map, "an entity and its port; may be repeated")->option_text("TAG=PORT")->group(which);
    app.add_option("-u,--unknown", a.unknown, "what becomes of unknown entities: pass (the default), drop, or a port")
        ->option_text("WHAT")
        ->group(which);
    app.add_option("--capacity", a.capacity, "entities that there is room for, also after reloads")
        ->option_text("COUNT")
        ->group(which);
    app.add_flag("--tee", a.tee, "leave packets as they are, and send a copy to the entity's port (TC, not XDP)")
        ->option_text(" ")
        ->group(which);
    app.add_flag("--host", a.host, "run in this process instead of the kernel: needs no privileges")
        ->option_text(" ")
        ->needs(capture)
        ->group(offline);
    app.add_option("-w,--write", a.write, "write the packets that are not dropped, as they are then, to a pcap file")
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
    app.add_option("--metrics", a.metrics, "serve OpenMetrics at http://ADDRESS:PORT/metrics")
        ->option_text("ADDRESS:PORT")
        ->needs(interface)
        ->group(live);
    app.add_option("--metrics-file", a.metrics_file, "write metrics to a file, as node_exporter collects them (*.prom)")
        ->option_text("FILE")
        ->needs(interface)
        ->group(live);
    app.add_option("--every", a.every, "seconds between tables and files (default 2)")
        ->option_text("SECONDS")
        ->check(CLI::Range(1, 3600))
        ->needs(interface)
        ->group(live);
    app.add_option("--top", a.top, "entities in the table (default 20)")->option_text("COUNT")->group(output);
    app.add_flag("-j,--json", a.json, "a JSON object a line: for each packet of a capture, or each table")
        ->option_text(" ")
        ->group(output);
    app.set_help_flag("-h,--help", "show this")->group(output);
    app.footer("Examples:\n"
               "  entity_remap --interface eth0 --settings plant.json --metrics 127.0.0.1:9123\n"
               "  entity_remap --capture plant.pcap --settings plant.json --host --json\n"
               "  entity_remap --interface eth0 --watch 5000 --min 4 --max 1200 --map 17=6017 --map 18=6018\n"
               "  kill -HUP PID                             reads the settings again; not a packet is lost\n\n"
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
    if (a.tee && !a.write.empty())
        throw CLI::ValidationError("--tee leaves packets as they are: there is nothing for --write");
    return true;
}

/// The destination port of what a program has left, where one was changed.
auto port_of(std::span<std::byte const> packet, std::size_t at) -> u32 {
    return at + 1 < packet.size() ? std::to_integer<u32>(packet[at]) << 8 | std::to_integer<u32>(packet[at + 1]) : 0;
}
/// Where two packets of one length differ first.
auto first_difference(std::span<std::byte const> a, std::span<std::byte const> b) -> std::size_t {
    auto const n = std::min(a.size(), b.size());
    for (std::size_t i = 0; i < n; i++)
        if (a[i] != b[i]) return i;
    return n;
}

auto run_capture(arguments const &a) -> void {
    heed_interrupts();
    auto const c = configured(a);
    // Copies of a capture's packets are not for this machine's own services.
    if (a.tee && !a.host && unshare(CLONE_NEWNET) != 0) throw user::error{"cannot make a network namespace", errno};
    auto *const out = a.write == "-" ? stderr : stdout;
    auto program = a.host ? std::unique_ptr<engine>{std::make_unique<host_engine>(c, a.tee)}
                          : std::make_unique<kernel_engine>(c, a.tee, true);
    user::capture_reader packets{a.capture};
    auto kept = a.write.empty() ? std::nullopt : std::make_optional<user::capture_writer>(a.write);
    u64 number = 0, unfit = 0;
    auto const finish = [&] {
        if (!a.json) {
            show(out, "{} packets{}\n\n{}\n{}", number,
                 unfit == 0 ? "" : fmt::format(", {} of them shorter than an Ethernet header", unfit),
                 outcome_table(program->outcomes()), entity_table{}.text(program->rows(), a.top));
        }
        flush(out);
    };
    try {
        while (auto packet = packets.next()) {
            number++;
            auto ran = program->run(packet->bytes);
            if (!ran) unfit++;
            auto const is = ran ? std::move(*ran)
                                : answer{a.tee ? int{tc::unspec} : int{xdp::pass},
                                         std::nullopt,
                                         {packet->bytes.begin(), packet->bytes.end()}};
            bool const dropped = a.tee ? is.verdict == tc::shot : is.verdict == xdp::drop;
            if (a.json) {
                auto const &result = is.packet;
                auto const at = first_difference(packet->bytes, result);
                std::string ports;
                if (at < result.size()) { // a port is the first that can differ, and may do so in its second byte only
                    auto const start = at - (at % 2);
                    ports =
                        fmt::format(",\"from\":{},\"to\":{}", port_of(packet->bytes, start), port_of(result, start));
                }
                show(out, "{{\"packet\":{},\"length\":{},\"verdict\":\"{}\",\"outcome\":\"{}\"{}}}\n", packet->number,
                     packet->bytes.size(),
                     a.tee ? name_of(static_cast<tc::action>(is.verdict))
                           : name_of(static_cast<xdp::action>(is.verdict)),
                     is.what ? name_of(*is.what) : "none", ports);
            }
            if (kept && !dropped) {
                packet->bytes = is.packet;
                kept->write(*packet);
            }
            if (interrupted) throw user::error{fmt::format("interrupted behind packet {}", number)};
        }
        if (kept) kept->close();
    } catch (...) { // what was seen until then is shown before the error
        finish();
        throw;
    }
    finish();
}

/// Attached, until a signal comes.
auto run_interface(arguments const &a) -> void {
    user::signals signals;
    sigset_t reload{};
    sigemptyset(&reload);
    sigaddset(&reload, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &reload, nullptr);
    user::descriptor const reloads{signalfd(-1, &reload, SFD_CLOEXEC | SFD_NONBLOCK)};
    if (!reloads) throw user::error{"cannot wait for signals (signalfd)", errno};

    auto const c = configured(a);
    kernel_engine program{c, a.tee, false};
    std::mutex in_use; // by the scraper's thread, or by this one
    auto const text = [&](metrics_format format) {
        std::lock_guard const lock{in_use};
        return metrics(program.rows(), program.outcomes(), format);
    };
    std::optional<metrics_server> server;
    if (!a.metrics.empty()) server.emplace(a.metrics, [&] { return text(metrics_format::open_metrics); });

    user::interface const where{a.interface};
    std::optional<user::xdp_link> link;
    std::optional<user::tc_link> filter;
    std::string mode;
    if (a.tee) {
        filter.emplace(user::attach_tc(program.program(), where));
        mode = filter->is_kernel_link() ? "tcx" : "clsact";
    } else {
        user::xdp_options how;
        how.mode = a.generic ? user::xdp_mode::generic : user::xdp_mode::native_or_generic;
        how.replace = a.replace;
        link.emplace(user::attach_xdp(program.program(), where, how));
        mode = name_of(link->mode());
    }
    note("entity_remap: attached to {} ({} mode), {} entities{}; Ctrl-C ends it\n", a.interface, mode,
         c.entities.size(), server ? ", metrics at http://" + server->where() + "/metrics" : "");

    // Nothing says so when a program is attached no more.
    auto const check_attached = [&, id = program.program().info().id] {
        if (!where.exists()) throw user::error{fmt::format("interface {} has vanished", a.interface)};
        auto const there = link ? user::attached_xdp(where) : std::nullopt;
        if (link && (!there || there->id != id))
            throw user::error{fmt::format("nothing is remapped on {} any more: {}", a.interface,
                                          there ? there->described() + " has taken the place"
                                                : "the program was detached from outside")};
    };
    bool const terminal = isatty(STDOUT_FILENO) != 0 && !a.json;
    entity_table table;
    auto const tell = [&] {
        std::vector<row> rows;
        outcome_counts counts{};
        {
            std::lock_guard const lock{in_use};
            rows = program.rows();
            counts = program.outcomes();
        }
        if (a.json) {
            std::string line = "{\"outcomes\":{";
            for (u32 i = 0; i < outcome_count; i++)
                line += fmt::format("{}\"{}\":{}", i == 0 ? "" : ",", name_of(static_cast<outcome>(i)), counts[i]);
            line += "},\"entities\":[";
            bool first = true;
            for (auto const &r : rows) {
                if (r.sent.packets == 0) continue;
                line += fmt::format(
                    "{}{{\"entity\":\"{}\",\"port\":{},\"packets\":{},\"bytes\":{},\"last_seen\":{:.3f}}}",
                    first ? "" : ",", escaped(r.label), r.port, r.sent.packets, r.sent.bytes, unix_time(r.sent.last));
                first = false;
            }
            show(stdout, "{}]}}\n", line);
        } else if (terminal)
            show(stdout, "\033[H\033[J{}\n{}", outcome_table(counts), table.text(std::move(rows), a.top));
        flush(stdout);
        if (!a.metrics_file.empty()) write_file(a.metrics_file, text(metrics_format::prometheus));
    };

    auto next = std::chrono::steady_clock::now();
    while (!signals.stop_requested()) {
        if (std::chrono::steady_clock::now() >= next) {
            check_attached();
            tell();
            next = std::chrono::steady_clock::now() + std::chrono::seconds{a.every};
        }
        auto const left =
            std::chrono::duration_cast<std::chrono::milliseconds>(next - std::chrono::steady_clock::now());
        pollfd waited[] = {{signals.fd(), POLLIN, 0}, {reloads.get(), POLLIN, 0}};
        if (poll(waited, 2, static_cast<int>(std::max<i64>(0, left.count()) + 1)) < 0 && errno != EINTR)
            throw user::error{"cannot wait for signals", errno};
        signalfd_siginfo info{};
        if (read(reloads.get(), &info, sizeof info) != sizeof info) continue;
        try { // whatever is wrong with them: the old ones stay in force
            auto const fresh = configured(a);
            std::lock_guard const lock{in_use};
            program.apply(fresh);
            note("entity_remap: settings read again, {} entities\n", fresh.entities.size());
        } catch (std::exception const &e) {
            note("entity_remap: the settings stay as they were: {}\n", e.what());
        }
    }
    link.reset();
    filter.reset();
    tell();
    if (!terminal && !a.json)
        show(stdout, "{}\n{}", outcome_table(program.outcomes()), table.text(program.rows(), a.top));
    flush(stdout);
    note("entity_remap: detached from {}\n", a.interface);
}
} // namespace

auto main(int count, char **words) -> int {
    return run_command("entity_remap", [&] {
        arguments a;
        if (!parse(count, words, a)) return;
        a.attaches ? run_interface(a) : run_capture(a);
    });
}
