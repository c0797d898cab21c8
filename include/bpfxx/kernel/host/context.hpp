// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Contexts of programs as the host lays them out: the kernel's have room for 32-bit addresses only.
#include <bpfxx/core/endian.hpp>
#include <bpfxx/core/flow_keys.hpp>
#include <bpfxx/core/result.hpp>
#include <memory>
#include <span>
#include <vector>

namespace bpfxx::xdp {
struct context {
    u8 *data, *data_end;
    // What BPF_PROG_TEST_RUN gives: loopback, its only queue.
    u32 ingress_ifindex = 1, rx_queue_index = 0, egress_ifindex = 0;
    u8 *data_meta = data;
    std::vector<u8> room{};      // the memory around the packet, once its size has changed
    std::size_t start = 256;     // of the packet in it
    std::unique_ptr<u8[]> own{}; // what data points into
};
inline auto begin(context const &c) -> u8 * { return c.data; }
inline auto end(context const &c) -> u8 * { return c.data_end; }
inline auto meta(context const &c) -> u8 * { return c.data_meta; }
} // namespace bpfxx::xdp
namespace bpfxx::skb {
/// The type of a frame as the kernel finds it, in network order.
inline auto type_of(u8 const *data, u8 const *end) -> u32 {
    if (end - data < 14) return 0;
    auto const type = load<u16>(data + 12);
    if (network_order(type) >= 0x0600) return type;
    return network_order(static_cast<u16>(end - data >= 16 && load<u16>(data + 14) == 0xffff ? 1 : 4));
}
/// How far a TCP socket's streams have come, in bytes: what its peer has sent, and what its peer has acknowledged. An end
/// of a stream counts as one byte, and so does the start of one that this side has asked for.
struct tcp_counts {
    u64 received, acknowledged;
    u32 queued, next; // to be sent, or sent and not acknowledged
};
/// What BPF_PROG_TEST_RUN gives by default: all bytes linear, everything else zero.
struct context {
    u8 *data, *data_end;
    u32 len = static_cast<u32>(data_end - data), ifindex = 1;
    u32 mark = 0, priority = 0, hash = 0, vlan_present = 0, vlan_tci = 0, queue_mapping = 0;
    /// What the kernel keeps of checksums, and shows to helpers only.
    enum class checksums : u8 { none, unnecessary, complete, partial } summed = checksums::none;
    u32 csum = 0; // complete: the sum over all bytes behind the frame's header
    u32 protocol = type_of(data, data_end), vlan_proto = 0;
    u8 *data_meta = data;
    std::size_t link_size = 14; // where the network header is
    std::size_t pushed = 0;     // bytes that were put before the frame
    bool encapsulated = false;
    std::unique_ptr<u8[]> own{}; // what data points into
    // Of a socket that gets the packet; as the kernel has it, only local_port is in the machine's order.
    u32 family = 0, remote_ip4 = 0, local_ip4 = 0, remote_ip6[4] = {}, local_ip6[4] = {};
    u32 remote_port = 0, local_port = 0;
    u64 cookie = 0; // what get_socket_cookie() answers
    tcp_counts counts{};
    u32 message_length = len, message_start = 0, sequence = 0;
};
/// Where a stream parser's message lies among the bytes that a program is given.
struct message_bounds {
    u32 length, start;
};
inline auto bounds_of_message(context *c) -> message_bounds { return {c->message_length, c->message_start}; }
inline auto sequence_of(context *c) -> u32 { return c->sequence; }
inline auto counts_of(context *c) -> result<tcp_counts> { return c->counts; }
__attribute__((error("the sockets of a map exist in the kernel only"))) auto counts_of(void *socket)
    -> result<tcp_counts>;
/// Takes bytes off the front of a stream's piece; less than 4096 at a time.
inline auto take_off(context *c, u32 n) -> bool {
    if (n >= 4096 || n >= c->len) return false;
    c->data += n;
    c->len -= n;
    return true;
}
inline auto begin(context const &c) -> u8 * { return c.data; }
inline auto end(context const &c) -> u8 * { return c.data_end; }
inline auto meta(context const &c) -> u8 * { return c.data_meta; }
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
namespace bpfxx::sk_msg {
/// A message whose bytes are all linear.
struct context {
    u8 *data, *data_end;
    u32 size = static_cast<u32>(data_end - data);
    u32 family = 0, remote_ip4 = 0, local_ip4 = 0, remote_ip6[4] = {}, local_ip6[4] = {};
    u32 remote_port = 0, local_port = 0;
    u32 applied = 0, corked = 0; // what the last call of msg_apply_bytes() and msg_cork_bytes() said
};
inline auto begin(context const &c) -> u8 * { return c.data; }
inline auto end(context const &c) -> u8 * { return c.data_end; }
} // namespace bpfxx::sk_msg
