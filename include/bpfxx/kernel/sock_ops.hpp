// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Programs of a cgroup that are called in the life of its TCP connections (Linux 4.13; as documented here 5.10).
#include <bpfxx/core/endian.hpp>
#include <bpfxx/core/verdict.hpp>
#include <bpfxx/kernel/entry.hpp>
#include <bpfxx/kernel/map/declare.hpp>

namespace bpfxx::sock_ops {
using context = ::bpf_sock_ops;
template <auto Policy = done, bool Counted = false> using verdict = bpfxx::verdict<action, Policy, Counted>;
template <bool Counted, auto Policy = done> using verdict_of = verdict<Policy, Counted>;

/// What has happened: the kernel's BPF_SOCK_OPS_*.
enum class event : u32 {
    none,
    timeout_init,        // reply() is the timeout of a SYN
    rwnd_init,           // reply() is the first receive window, in packets
    connecting,          // a connection is being made from here
    active_established,  // and it is there
    passive_established, // somebody has connected
    needs_ecn,           // reply(1): use ECN
    base_rtt,
    retransmit_timeout, // from here on only if it was asked for
    retransmit,
    state_change, // argument<0>() to argument<1>()
    listening,
    round_trip,
    parse_header_option,
    header_option_length,
    write_header_option,
};
/// What a connection can be asked to tell: BPF_SOCK_OPS_*_CB_FLAG.
enum class wish : u32 {
    retransmit_timeout = 1,
    retransmit = 2,
    state_change = 4,
    round_trip = 8,
    all_header_options = 16
};
BPFXX_INLINE constexpr auto operator|(wish a, wish b) -> wish {
    return static_cast<wish>(static_cast<u32>(a) | static_cast<u32>(b));
}

/// A connection, and what has happened to it.
class call {
    context *context_;

  public:
    BPFXX_INLINE explicit call(context *c) : context_{c} {}
    BPFXX_INLINE auto raw() const -> context * { return context_; }
    BPFXX_INLINE auto what() const -> event { return static_cast<event>(context_->op); }
    template <u32 Index> BPFXX_INLINE auto argument() const -> u32 {
        static_assert(Index < 4, "an event has at most four arguments");
        return context_->args[Index];
    }
    BPFXX_INLINE auto reply(u32 value) const -> void { context_->reply = value; }
    /// Asks for events that are not told otherwise; whether this connection can tell them.
    BPFXX_INLINE auto ask_for(wish w) const -> bool {
        return helper::sock_ops_cb_flags_set(context_, static_cast<int>(w)) == 0;
    }
    /// AF_INET (2) or AF_INET6 (10).
    BPFXX_INLINE auto family() const -> u32 { return context_->family; }
    BPFXX_INLINE auto local_port() const -> be16 { return be16{static_cast<u16>(context_->local_port)}; }
    BPFXX_INLINE auto remote_port() const -> be16 {
        return be16{static_cast<u16>(network_order(context_->remote_port))};
    }
    BPFXX_INLINE auto local_ip4() const -> be32 { return be32{network_order(context_->local_ip4)}; }
    BPFXX_INLINE auto remote_ip4() const -> be32 { return be32{network_order(context_->remote_ip4)}; }
    template <u32 Word> BPFXX_INLINE auto local_ip6() const -> be32 {
        static_assert(Word < 4, "an IPv6 address has four words of 32 bits");
        return be32{network_order(context_->local_ip6[Word])};
    }
    template <u32 Word> BPFXX_INLINE auto remote_ip6() const -> be32 {
        static_assert(Word < 4, "an IPv6 address has four words of 32 bits");
        return be32{network_order(context_->remote_ip6[Word])};
    }
    /// TCP_ESTABLISHED (1) …
    BPFXX_INLINE auto state() const -> u32 { return context_->state; }
    /// The smoothed round trip time, in microseconds.
    BPFXX_INLINE auto round_trip() const -> u32 { return context_->srtt_us >> 3; }
    BPFXX_INLINE auto bytes_received() const -> u64 { return context_->bytes_received; }
    BPFXX_INLINE auto bytes_acknowledged() const -> u64 { return context_->bytes_acked; }
    /// The same number as user space reads by SO_COOKIE.
    BPFXX_INLINE auto cookie() const -> u64 { return helper::get_socket_cookie(context_); }
    /// Puts the socket of an established connection into a sockmap or sockhash; 0, or the kernel's negative error.
    template <class Map>
    BPFXX_INLINE auto add_to(Map &sockets, map::key_of<Map> const &key, u64 flags = BPF_ANY) const -> i64 {
        auto bytes = map::handed<map::key_of<Map>>{key};
        if constexpr (sizeof(*Map{}.type) / sizeof(int) == BPF_MAP_TYPE_SOCKHASH)
            return helper::sock_hash_update(context_, &sockets, bytes.at(), flags);
        else
            return helper::sock_map_update(context_, &sockets, bytes.at(), flags);
    }
};
using packet = call;
} // namespace bpfxx::sock_ops

/// BPFXX_SOCK_OPS(name)(sock_ops::call call) { … }. A policy may follow the name.
#define BPFXX_SOCK_OPS(name, ...) BPFXX_ENTRY(sock_ops, "sockops", name __VA_OPT__(, ) __VA_ARGS__)
