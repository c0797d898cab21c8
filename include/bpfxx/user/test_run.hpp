// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Runs a loaded program on a packet without any network (BPF_PROG_TEST_RUN): bytes in, verdict and bytes out.
#include <bpf/bpf.h>
#include <bpfxx/core/int.hpp>
#include <bpfxx/user/error.hpp>
#include <bpfxx/user/options.hpp>
#include <bpfxx/user/program.hpp>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace bpfxx::user {
struct test_run_options {
    u32 repeat = 1;
    /// The context that the program starts with, such as an xdp_md; empty for the kernel's default.
    std::span<std::byte const> context = {};
    /// How much the packet may grow before the run has to be made again with more room, maps being counted up twice.
    std::size_t growth = 4096;
};

struct test_run_outcome {
    int verdict;
    std::vector<std::byte> packet, context; // as the program left them; context only if one was given
    std::chrono::nanoseconds duration;      // of one repetition, on average
};

/// The shortest packet that every kernel runs an XDP program on: an Ethernet header. Linux 5.10 takes shorter ones.
inline constexpr std::size_t shortest_packet = 14;
constexpr auto runnable(std::size_t packet_size) -> bool { return packet_size >= shortest_packet; }

inline auto test_run(program const &p, std::span<std::byte const> packet, test_run_options const &with = {})
    -> test_run_outcome {
    auto result = test_run_outcome{};
    result.packet.resize(packet.size() + with.growth);
    result.context.resize(with.context.size());
    for (;;) {
        auto o = options<bpf_test_run_opts>{};
        o.data_in = packet.data();
        o.data_size_in = static_cast<u32>(packet.size());
        o.data_out = result.packet.data();
        o.data_size_out = static_cast<u32>(result.packet.size());
        o.repeat = static_cast<int>(with.repeat);
        if (!with.context.empty()) {
            o.ctx_in = with.context.data();
            o.ctx_out = result.context.data();
            o.ctx_size_in = o.ctx_size_out = static_cast<u32>(with.context.size());
        }
        auto const status = bpf_prog_test_run_opts(p.fd(), &o);
        if (status == -ENOSPC && o.data_size_out > result.packet.size()) {
            result.packet.resize(o.data_size_out);
            continue;
        }
        if (status < 0) {
            auto hint = std::string{};
            if (status == -EINVAL && !runnable(packet.size()))
                hint = detail::text("the kernel runs packets of ", shortest_packet, " bytes and more");
            else if (packet.size() > 3000 && (status == -EINVAL || status == -EMSGSIZE || status == -ENOMEM))
                hint = "the kernel runs packets of about 70000 bytes at most; before Linux 5.18, of 3500";
            throw error{detail::text("cannot run program '", p.name(), "' on a packet of ", packet.size(), " bytes"),
                        -status,
                        {},
                        std::move(hint)};
        }
        result.packet.resize(o.data_size_out);
        if (!with.context.empty()) result.context.resize(o.ctx_size_out);
        result.verdict = static_cast<int>(o.retval);
        result.duration = std::chrono::nanoseconds{o.duration};
        return result;
    }
}
} // namespace bpfxx::user
