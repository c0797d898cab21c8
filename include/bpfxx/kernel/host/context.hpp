// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Contexts of programs as the host lays them out: the kernel's have room for 32-bit addresses only.
#include <bpfxx/core/int.hpp>

namespace bpfxx::xdp {
struct context {
    u8 *data, *data_end;
    u32 ingress_ifindex = 1, rx_queue_index = 0; // what BPF_PROG_TEST_RUN gives: loopback, its only queue
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
