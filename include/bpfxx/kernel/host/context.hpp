// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Contexts of programs as the host lays them out: the kernel's have room for 32-bit addresses only.
#include <bpfxx/core/flow_keys.hpp>
#include <bpfxx/core/int.hpp>
#include <span>

namespace bpfxx::xdp {
struct context {
    u8 *data, *data_end;
    u32 ingress_ifindex = 1, rx_queue_index = 0,
        egress_ifindex = 0; // what BPF_PROG_TEST_RUN gives: loopback, its only queue
};
inline auto begin(context const &c) -> u8 * { return c.data; }
inline auto end(context const &c) -> u8 * { return c.data_end; }
} // namespace bpfxx::xdp
namespace bpfxx::skb {
/// What BPF_PROG_TEST_RUN gives by default: all bytes linear, everything else zero.
struct context {
    u8 *data, *data_end;
    u32 len = static_cast<u32>(data_end - data), ifindex = 1;
    u32 mark = 0, priority = 0, hash = 0, vlan_present = 0, vlan_tci = 0, queue_mapping = 0;
    /// What the kernel keeps of checksums, and shows to helpers only.
    enum class checksums : u8 { none, unnecessary, complete, partial } summed = checksums::none;
    u32 csum = 0; // complete: the sum over all bytes behind the frame's header
};
inline auto begin(context const &c) -> u8 * { return c.data; }
inline auto end(context const &c) -> u8 * { return c.data_end; }
} // namespace bpfxx::skb
namespace bpfxx::flow_dissector {
/// A frame: what the kernel has found out before is its EtherType, as in BPF_PROG_TEST_RUN.
struct context {
    u8 *data, *data_end;
    keys found{};
};
inline auto begin(context const &c) -> u8 * { return c.data; }
inline auto end(context const &c) -> u8 * { return c.data_end; }
inline auto keys_of(context &c) -> keys & { return c.found; }
/// Before a run, and behind it: the keys are what it gives back.
inline auto prepare(context &c) -> void {
    c.found.nhoff = c.found.thoff = 14;
    if (c.data_end - c.data >= 14) c.found.n_proto = *reinterpret_cast<be16 const *>(c.data + 12);
}
inline auto left_by(context &c) -> std::span<u8 const> {
    auto const length = static_cast<u16>(c.data_end - c.data < 0xffff ? c.data_end - c.data : 0xffff);
    auto const clamped = [length](u16 at, u16 least) { return at > length ? length : at < least ? least : at; };
    c.found.nhoff = clamped(c.found.nhoff, 14);
    c.found.thoff = clamped(c.found.thoff, c.found.nhoff);
    return {reinterpret_cast<u8 const *>(&c.found), sizeof c.found};
}
} // namespace bpfxx::flow_dissector
