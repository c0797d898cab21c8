// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Programs of a cgroup where its processes make, bind and close sockets (Linux 4.10; as documented here 5.10).
#include <bpfxx/core/endian.hpp>
#include <bpfxx/core/verdict.hpp>
#include <bpfxx/kernel/entry.hpp>

namespace bpfxx::cgroup_sock {
using context = ::bpf_sock;
template <auto Policy = allow, bool Counted = false> using verdict = bpfxx::verdict<action, Policy, Counted>;
template <bool Counted, auto Policy = allow> using verdict_of = verdict<Policy, Counted>;

/// The socket that this is about.
class socket {
    context *context_;

  public:
    BPFXX_INLINE explicit socket(context *c) : context_{c} {}
    BPFXX_INLINE auto raw() const -> context * { return context_; }
    /// AF_INET (2) or AF_INET6 (10).
    BPFXX_INLINE auto family() const -> u32 { return context_->family; }
    /// SOCK_STREAM (1), SOCK_DGRAM (2) …
    BPFXX_INLINE auto type() const -> u32 { return context_->type; }
    /// IPPROTO_TCP (6), IPPROTO_UDP (17) …
    BPFXX_INLINE auto protocol() const -> u32 { return context_->protocol; }
    BPFXX_INLINE auto mark() const -> u32 { return context_->mark; }
    BPFXX_INLINE auto priority() const -> u32 { return context_->priority; }
    /// The interface that it is bound to, or 0.
    BPFXX_INLINE auto interface_index() const -> u32 { return context_->bound_dev_if; }
    // Not behind a bind.
    BPFXX_INLINE auto set_mark(u32 mark) const -> void { context_->mark = mark; }
    BPFXX_INLINE auto set_priority(u32 priority) const -> void { context_->priority = priority; }
    BPFXX_INLINE auto set_interface_index(u32 index) const -> void { context_->bound_dev_if = index; }
};
using packet = socket;
} // namespace bpfxx::cgroup_sock

namespace bpfxx::cgroup_bound {
using cgroup_sock::context;
template <bool Counted, auto Policy = cgroup_sock::allow> using verdict_of = cgroup_sock::verdict<Policy, Counted>;

/// A socket that has just been bound to an address. The kernel lets nothing of it be changed here.
class socket {
    context *context_;

  public:
    BPFXX_INLINE explicit socket(context *c) : context_{c} {}
    BPFXX_INLINE auto raw() const -> context * { return context_; }
    BPFXX_INLINE auto family() const -> u32 { return context_->family; }
    BPFXX_INLINE auto type() const -> u32 { return context_->type; }
    BPFXX_INLINE auto protocol() const -> u32 { return context_->protocol; }
    BPFXX_INLINE auto port() const -> be16 { return be16{static_cast<u16>(context_->src_port)}; }
};
/// In programs for IPv4.
class socket4 : public socket {
  public:
    using socket::socket;
    BPFXX_INLINE auto ip4() const -> be32 { return be32{network_order(raw()->src_ip4)}; }
};
/// In programs for IPv6: one of the four words of the address.
class socket6 : public socket {
  public:
    using socket::socket;
    template <u32 Word> BPFXX_INLINE auto ip6() const -> be32 {
        static_assert(Word < 4, "an IPv6 address has four words of 32 bits");
        return be32{network_order(raw()->src_ip6[Word])};
    }
};
namespace v4 {
using cgroup_bound::context, cgroup_bound::verdict_of;
using packet = socket4;
} // namespace v4
namespace v6 {
using cgroup_bound::context, cgroup_bound::verdict_of;
using packet = socket6;
} // namespace v6
} // namespace bpfxx::cgroup_bound

/// BPFXX_SOCK_CREATE(name)(cgroup_sock::socket socket) { … }: sockets of the Internet families. A policy may follow the name.
#define BPFXX_SOCK_CREATE(name, ...) BPFXX_ENTRY(cgroup_sock, "cgroup/sock_create", name __VA_OPT__(, ) __VA_ARGS__)
/// When the last descriptor is closed (Linux 5.9).
#define BPFXX_SOCK_RELEASE(name, ...) BPFXX_ENTRY(cgroup_sock, "cgroup/sock_release", name __VA_OPT__(, ) __VA_ARGS__)
/// BPFXX_POST_BIND4(name)(cgroup_bound::socket4 socket) { … }: the port is known, also where the kernel has chosen it.
#define BPFXX_POST_BIND4(name, ...) BPFXX_ENTRY(cgroup_bound::v4, "cgroup/post_bind4", name __VA_OPT__(, ) __VA_ARGS__)
#define BPFXX_POST_BIND6(name, ...) BPFXX_ENTRY(cgroup_bound::v6, "cgroup/post_bind6", name __VA_OPT__(, ) __VA_ARGS__)
