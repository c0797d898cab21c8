// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Programs of a sockmap or sockhash that see what the sockets in it send (Linux 4.17; as documented here 5.10).
#include <bpfxx/core/chain.hpp>
#include <bpfxx/core/verdict.hpp>
#include <bpfxx/kernel/entry.hpp>

namespace bpfxx::sk_msg {
template <auto Policy = pass, bool Counted = false> using verdict = bpfxx::verdict<action, Policy, Counted>;
/// In the order in which BPFXX_SK_MSG knows them.
template <bool Counted, auto Policy = pass> using verdict_of = verdict<Policy, Counted>;

/// What a socket is about to send. Its first piece is linear, and more by pull().
class packet {
    context *context_;

  public:
    using answer = action;
    BPFXX_INLINE explicit packet(context *c) : context_{c} {}
    /// The headers that the linear part starts with.
    template <class... Steps> BPFXX_INLINE auto parse() const { return packet_chain<Steps...>::at(whole(), start{}); }
    /// All linear bytes.
    BPFXX_INLINE auto payload() const -> bytes { return bytes{whole()}; }
    /// What helpers are given.
    BPFXX_INLINE auto raw() const -> context * { return context_; }
    BPFXX_INLINE auto whole() const -> cursor { return whole_packet(begin(*context_), end(*context_)); }
    /// Of the whole message, also where it is not linear.
    BPFXX_INLINE auto length() const -> u32 { return context_->size; }
    /// AF_INET (2) or AF_INET6 (10).
    BPFXX_INLINE auto family() const -> u32 { return context_->family; }
    BPFXX_INLINE auto remote_port() const -> be16 {
        return be16{static_cast<u16>(network_order(context_->remote_port))};
    }
    BPFXX_INLINE auto local_port() const -> be16 { return be16{static_cast<u16>(context_->local_port)}; }
    BPFXX_INLINE auto remote_ip4() const -> be32 { return be32{network_order(context_->remote_ip4)}; }
    BPFXX_INLINE auto local_ip4() const -> be32 { return be32{network_order(context_->local_ip4)}; }
    /// One of the four words of an address, where the family is AF_INET6.
    template <u32 Word> BPFXX_INLINE auto local_ip6() const -> be32 {
        static_assert(Word < 4, "an IPv6 address has four words of 32 bits");
        return be32{network_order(context_->local_ip6[Word])};
    }
    template <u32 Word> BPFXX_INLINE auto remote_ip6() const -> be32 {
        static_assert(Word < 4, "an IPv6 address has four words of 32 bits");
        return be32{network_order(context_->remote_ip6[Word])};
    }

    /// The message with its first n bytes linear, or as many as it has. What was parsed before is void.
    BPFXX_INLINE auto pull(u32 n) && -> result<packet> {
        if (context_->size < n) n = context_->size;
        if (n == 0 || helper::msg_pull_data(context_, 0, n, 0) != 0) return reason::truncated;
        return packet{context_};
    }
    /// The verdict holds for this many bytes, also of later messages, and the program is not called for them.
    BPFXX_INLINE auto apply(u32 n) const -> void { helper::msg_apply_bytes(context_, n); }
    /// The program is called again once there are this many bytes; nothing is sent before.
    BPFXX_INLINE auto cork(u32 n) const -> void { helper::msg_cork_bytes(context_, n); }
};
} // namespace bpfxx::sk_msg

/// BPFXX_SK_MSG(name)(sk_msg::packet packet) { … }, or BPFXX_SK_MSG(name, sk_msg::drop)(…): what becomes of messages of
/// another form.
#define BPFXX_SK_MSG(name, ...) BPFXX_ENTRY(sk_msg, "sk_msg", name __VA_OPT__(, ) __VA_ARGS__)
