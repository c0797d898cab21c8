// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// One program on many packets: of any type that the kernel runs on packets, with what is peculiar to each put straight.
#include <algorithm>
#include <bpf/libbpf.h>
#include <bpfxx/core/int.hpp>
#include <bpfxx/user/error.hpp>
#include <bpfxx/user/program.hpp>
#include <bpfxx/user/test_run.hpp>
#include <bpfxx/user/verdict_name.hpp>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <linux/bpf.h>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace bpfxx::user {
/// Why the kernel does not run a program on a packet. Short ones are told by what every kernel runs, so that all give the
/// same answer; long ones by what this kernel says.
enum class obstacle { none, no_ethernet, no_network, too_long };
inline constexpr std::size_t obstacle_count = 4;

inline auto name_of(obstacle o) -> char const * {
    constexpr char const *names[] = {"none", "no_ethernet", "no_network", "too_long"};
    return names[static_cast<std::size_t>(o)];
}

/// For what is not loaded into a network stack's buffer (XDP, flow dissectors) an Ethernet header is enough.
inline auto obstacle_to(bpf_prog_type type, std::span<std::byte const> packet) -> obstacle {
    if (!runnable(packet.size())) return obstacle::no_ethernet;
    auto const view = view_of(type);
    if (type == BPF_PROG_TYPE_XDP || view == packet_view::flow) return obstacle::none;
    auto const ether_type = std::to_integer<unsigned>(packet[12]) << 8 | std::to_integer<unsigned>(packet[13]);
    auto const header = std::size_t{ether_type == 0x0800 ? 20u : ether_type == 0x86dd ? 40u : 0u};
    auto const least = std::max(header, std::size_t{view == packet_view::network ? 1u : 0u});
    return packet.size() < shortest_packet + least ? obstacle::no_network : obstacle::none;
}

struct packet_outcome {
    obstacle why_not; // if there is one, nothing else is meant
    verdict_name verdict;
    std::vector<std::byte> packet;     // as the program left it
    std::vector<std::byte> keys;       // of a flow dissector: its bpf_flow_keys
    std::chrono::nanoseconds duration; // of one repetition, on average
};

class packet_runner {
    program program_;
    bpf_prog_type type_;
    packet_view view_;
    std::optional<bool> takes_context_; // of XDP, since Linux 5.15

    static constexpr std::size_t surely_run = 3000; // every kernel has room for so much
    static constexpr int no_test_run = 524;         // ENOTSUPP, which is the kernel's own

  public:
    /// An error if programs of this type cannot be run on packets.
    explicit packet_runner(program const &p) : program_{p}, type_{p.type()}, view_{view_of(type_)} {
        auto const attempted = [&] { return detail::text("cannot run program '", p.name(), "' on packets: "); };
        if (type_ == BPF_PROG_TYPE_UNSPEC)
            throw error{attempted() + "its section does not say of which type it is",
                        0,
                        {},
                        "name the section as libbpf 1.0 does: xdp, tc, cgroup_skb/ingress, socket, lwt_in, ..."};
        if (view_ == packet_view::none)
            throw error{
                detail::text(attempted(), "the kernel has no test run on packets for ", name_of(type_), " programs"),
                0,
                {},
                "xdp, sched_cls, sched_act, cgroup_skb, socket_filter, lwt_in, lwt_out, lwt_xmit and "
                "flow_dissector programs have one"};
        auto const attached = p.handle() ? bpf_program__expected_attach_type(p.handle()) : bpf_attach_type{};
        if (type_ == BPF_PROG_TYPE_XDP && (attached == BPF_XDP_DEVMAP || attached == BPF_XDP_CPUMAP))
            throw error{attempted() + "the kernel has no test run for XDP programs of a devmap or cpumap"};
    }

    auto type() const noexcept -> bpf_prog_type { return type_; }
    auto view() const noexcept -> packet_view { return view_; }

    /// Repetitions run one after the other on the same packet, each on what the last one left.
    auto run(std::span<std::byte const> packet, u32 repeat = 1) -> packet_outcome {
        auto result = packet_outcome{};
        result.why_not = obstacle_to(type_, packet);
        if (result.why_not != obstacle::none) return result;
        auto done = test_run_outcome{};
        try {
            done =
                type_ == BPF_PROG_TYPE_XDP ? run_xdp(packet, repeat) : test_run(program_, packet, {.repeat = repeat});
        } catch (error const &e) {
            if (e.code() == no_test_run)
                throw error{detail::text("cannot run program '", program_.name(),
                                         "' on packets: this kernel has no test run for ", name_of(type_),
                                         " programs")};
            if (packet.size() <= surely_run || (e.code() != EINVAL && e.code() != EMSGSIZE && e.code() != ENOMEM))
                throw;
            result.why_not = obstacle::too_long;
            return result;
        }
        result.verdict = verdict_of(type_, done.verdict);
        result.duration = done.duration;
        if (view_ == packet_view::flow) {
            result.keys = std::move(done.packet);
            result.packet.assign(packet.begin(), packet.end());
            return result;
        }
        result.packet = std::move(done.packet);
        // The kernel takes the Ethernet header away before the run, and gives back zeros.
        if (view_ == packet_view::network)
            std::copy_n(packet.begin(), std::min(shortest_packet, result.packet.size()), result.packet.begin());
        return result;
    }

  private:
    /// What an XDP program has put in front of the packet as metadata comes out with it; only the context tells how much.
    auto run_xdp(std::span<std::byte const> packet, u32 repeat) -> test_run_outcome {
        if (takes_context_.value_or(true)) {
            auto context = xdp_md{};
            context.data_end = static_cast<u32>(packet.size());
            try {
                auto done =
                    test_run(program_, packet, {.repeat = repeat, .context = std::as_bytes(std::span{&context, 1})});
                takes_context_ = true;
                std::memcpy(&context, done.context.data(), std::min(done.context.size(), sizeof context));
                auto const metadata = std::min<std::size_t>(context.data, done.packet.size());
                done.packet.erase(done.packet.begin(), done.packet.begin() + static_cast<std::ptrdiff_t>(metadata));
                return done;
            } catch (error const &e) {
                if (takes_context_ || e.code() != EINVAL) throw;
            }
        }
        auto done = test_run(program_, packet, {.repeat = repeat});
        takes_context_ = false;
        return done;
    }
};
} // namespace bpfxx::user
