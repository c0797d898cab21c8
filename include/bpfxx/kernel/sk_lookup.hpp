// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Programs of a network namespace that choose the socket for a TCP connection or a UDP packet that arrives (Linux 5.9).
#include <bpfxx/core/endian.hpp>
#include <bpfxx/core/result.hpp>
#include <bpfxx/core/verdict.hpp>
#include <bpfxx/kernel/entry.hpp>
#include <bpfxx/kernel/map/declare.hpp>

namespace bpfxx::sk_lookup {
using context = ::bpf_sk_lookup;
template <auto Policy = pass, bool Counted = false> using verdict = bpfxx::verdict<action, Policy, Counted>;
template <bool Counted, auto Policy = pass> using verdict_of = verdict<Policy, Counted>;

/// Who wants to talk to whom. There are no bytes: the kernel has read the headers.
class request {
    context *context_;

  public:
    BPFXX_INLINE explicit request(context *c) : context_{c} {}
    BPFXX_INLINE auto raw() const -> context * { return context_; }
    /// AF_INET (2) or AF_INET6 (10).
    BPFXX_INLINE auto family() const -> u32 { return context_->family; }
    /// IPPROTO_TCP (6) or IPPROTO_UDP (17).
    BPFXX_INLINE auto protocol() const -> u32 { return context_->protocol; }
    BPFXX_INLINE auto local_port() const -> be16 { return be16{static_cast<u16>(context_->local_port)}; }
    BPFXX_INLINE auto remote_port() const -> be16 {
        return be16{network_order(static_cast<u16>(context_->remote_port))};
    }
    BPFXX_INLINE auto local_ip4() const -> be32 { return be32{network_order(context_->local_ip4)}; }
    BPFXX_INLINE auto remote_ip4() const -> be32 { return be32{network_order(context_->remote_ip4)}; }
    /// One of the four words of an address.
    template <u32 Word> BPFXX_INLINE auto local_ip6() const -> be32 {
        static_assert(Word < 4, "an IPv6 address has four words of 32 bits");
        return be32{network_order(context_->local_ip6[Word])};
    }
    template <u32 Word> BPFXX_INLINE auto remote_ip6() const -> be32 {
        static_assert(Word < 4, "an IPv6 address has four words of 32 bits");
        return be32{network_order(context_->remote_ip6[Word])};
    }
    /// Gives it to the socket under this key of a sockmap or sockhash; `not_found` if there is none, or none of this kind.
    /// Any socket will do, whatever address it is bound to.
    template <class Map>
    BPFXX_INLINE auto assign(Map &sockets, map::key_of<Map> const &key, u64 flags = 0) const -> reason {
        auto *const found =
            static_cast<::bpf_sock *>(helper::map_lookup_elem(&sockets, map::handed<map::key_of<Map>>{key}.at()));
        if (!found) return reason::not_found;
        auto const result = helper::sk_assign(context_, found, flags);
        helper::sk_release(found);
        return result == 0 ? reason::none : reason::not_found;
    }
};
using packet = request;
} // namespace bpfxx::sk_lookup

/// BPFXX_SK_LOOKUP(name)(sk_lookup::request request) { … }. A policy may follow the name.
#define BPFXX_SK_LOOKUP(name, ...) BPFXX_ENTRY(sk_lookup, "sk_lookup", name __VA_OPT__(, ) __VA_ARGS__)
