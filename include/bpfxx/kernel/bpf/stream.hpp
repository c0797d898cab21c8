// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// What the kernel knows of a piece of a TCP stream and __sk_buff has no field for (Linux 5.10, with BTF).
#include <bpfxx/core/result.hpp>
#include <bpfxx/kernel/bpf/helper.hpp>
#include <bpfxx/kernel/bpf/relocation.hpp>
#include <linux/bpf.h>

namespace bpfxx::kernel_type {
// Of the kernel's structs, what is read of them: the loader finds out where it lies.
struct sk_buff {
    char cb[48];
};
struct strp_msg {
    i32 full_len, offset;
};
struct _strp_msg { // NOLINT(bugprone-reserved-identifier): its name in the kernel
    strp_msg strp;
};
struct sk_skb_cb { // Linux 5.16
    _strp_msg strp;
};
struct qdisc_skb_cb {
    u8 data[20];
};
struct tcp_skb_cb {
    u32 seq;
};
struct tcp_sock {
    u64 bytes_received, bytes_acked;
    u32 write_seq, snd_una, rcv_nxt;
};
} // namespace bpfxx::kernel_type

namespace bpfxx::skb {
using context = ::__sk_buff;
/// Where a stream parser's message lies among the bytes that a program is given.
struct message_bounds {
    u32 length, start;
};
// Not BPFXX_INLINE: the loader must see the types.
[[gnu::always_inline]] inline auto control_block(context *c) -> char const * {
    // The context is the kernel's own sk_buff; only fields of __sk_buff are read of it otherwise than by helpers.
    auto *const buffer = reinterpret_cast<kernel_type::sk_buff *>(c);
    return reinterpret_cast<char const *>(__builtin_preserve_access_index(&buffer->cb));
}
[[gnu::always_inline]] inline auto bounds_of_message(context *c) -> message_bounds {
    auto const *const block = control_block(c);
    kernel_type::strp_msg is{};
    if (BPFXX_HAS_TYPE(kernel_type::sk_skb_cb)) {
        auto const *const own = reinterpret_cast<kernel_type::sk_skb_cb const *>(block);
        helper::probe_read_kernel(&is, sizeof is, __builtin_preserve_access_index(&own->strp.strp));
    } else {
        auto const *const own = reinterpret_cast<kernel_type::qdisc_skb_cb const *>(block);
        helper::probe_read_kernel(&is, sizeof is, __builtin_preserve_access_index(&own->data));
    }
    return {static_cast<u32>(is.full_len), static_cast<u32>(is.offset)};
}
[[gnu::always_inline]] inline auto sequence_of(context *c) -> u32 {
    auto const *const block = reinterpret_cast<kernel_type::tcp_skb_cb const *>(control_block(c));
    u32 sequence = 0;
    helper::probe_read_kernel(&sequence, sizeof sequence, __builtin_preserve_access_index(&block->seq));
    return sequence;
}
/// How far a TCP socket's streams have come, in bytes: what its peer has sent, and what its peer has acknowledged. An end
/// of a stream counts as one byte, and so does the start of one that this side has asked for.
struct tcp_counts {
    u64 received, acknowledged;
    u32 queued; // to be sent, or sent and not acknowledged
    u32 next;   // TCP's sequence number of what comes behind the bytes received
};
[[gnu::always_inline]] inline auto counts_of(void *socket) -> result<tcp_counts> {
    auto *const tcp = reinterpret_cast<kernel_type::tcp_sock *>(helper::skc_to_tcp_sock(socket));
    if (!tcp) return reason::other_protocol;
    return tcp_counts{
        *__builtin_preserve_access_index(&tcp->bytes_received), *__builtin_preserve_access_index(&tcp->bytes_acked),
        *__builtin_preserve_access_index(&tcp->write_seq) - *__builtin_preserve_access_index(&tcp->snd_una),
        *__builtin_preserve_access_index(&tcp->rcv_nxt)};
}
[[gnu::always_inline]] inline auto counts_of(context *c) -> result<tcp_counts> {
    auto *const socket = c->sk;
    if (!socket) return reason::not_found;
    return counts_of(static_cast<void *>(socket));
}
/// Takes bytes off the front of a stream's piece; less than 4096 at a time.
BPFXX_INLINE auto take_off(context *c, u32 n) -> bool {
    return helper::skb_adjust_room(c, -static_cast<i32>(n), 0, 0) == 0;
}
} // namespace bpfxx::skb
