// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Programs of a cgroup at the calls in which a process gives or gets a socket's address (Linux 4.17; as documented here
/// 5.10): they look at it, change it, or forbid the call.
#include <bpfxx/core/endian.hpp>
#include <bpfxx/core/verdict.hpp>
#include <bpfxx/kernel/entry.hpp>

namespace bpfxx::sock_addr {
using context = ::bpf_sock_addr;
template <auto Policy = allow, bool Counted = false> using verdict = bpfxx::verdict<action, Policy, Counted>;
template <bool Counted, auto Policy = allow> using verdict_of = verdict<Policy, Counted>;

/// A system call with an address. Which words the address has says the type of program: see call4 and call6.
class call {
    context *context_;

  public:
    BPFXX_INLINE explicit call(context *c) : context_{c} {}
    BPFXX_INLINE auto raw() const -> context * { return context_; }
    /// Of the socket: AF_INET (2) or AF_INET6 (10).
    BPFXX_INLINE auto family() const -> u32 { return context_->family; }
    /// SOCK_STREAM (1), SOCK_DGRAM (2) …
    BPFXX_INLINE auto type() const -> u32 { return context_->type; }
    /// IPPROTO_TCP (6), IPPROTO_UDP (17) …
    BPFXX_INLINE auto protocol() const -> u32 { return context_->protocol; }
    BPFXX_INLINE auto port() const -> be16 { return be16{network_order(static_cast<u16>(context_->user_port))}; }
    BPFXX_INLINE auto set_port(be16 port) const -> void { context_->user_port = network_order(port.value()); }
    /// The same number as user space reads by SO_COOKIE.
    BPFXX_INLINE auto cookie() const -> u64 { return helper::get_socket_cookie(context_); }
};
/// In programs for IPv4.
class call4 : public call {
  public:
    using call::call;
    BPFXX_INLINE auto ip4() const -> be32 { return be32{network_order(raw()->user_ip4)}; }
    BPFXX_INLINE auto set_ip4(be32 address) const -> void { raw()->user_ip4 = network_order(address.value()); }
};
/// In programs for IPv6: one of the four words of the address.
class call6 : public call {
  public:
    using call::call;
    template <u32 Word> BPFXX_INLINE auto ip6() const -> be32 {
        static_assert(Word < 4, "an IPv6 address has four words of 32 bits");
        return be32{network_order(raw()->user_ip6[Word])};
    }
    template <u32 Word> BPFXX_INLINE auto set_ip6(be32 word) const -> void {
        static_assert(Word < 4, "an IPv6 address has four words of 32 bits");
        raw()->user_ip6[Word] = network_order(word.value());
    }
};
namespace v4 {
using sock_addr::context, sock_addr::verdict_of;
using packet = call4;
} // namespace v4
namespace v6 {
using sock_addr::context, sock_addr::verdict_of;
using packet = call6;
} // namespace v6
} // namespace bpfxx::sock_addr

namespace bpfxx::sock_bind {
using sock_addr::call, sock_addr::call4, sock_addr::call6, sock_addr::context;
template <auto Policy = allow, bool Counted = false> using verdict = bpfxx::verdict<action, Policy, Counted>;
template <bool Counted, auto Policy = allow> using verdict_of = verdict<Policy, Counted>;
namespace v4 {
using sock_bind::context, sock_bind::verdict_of;
using packet = call4;
} // namespace v4
namespace v6 {
using sock_bind::context, sock_bind::verdict_of;
using packet = call6;
} // namespace v6
} // namespace bpfxx::sock_bind

namespace bpfxx::sock_named {
using sock_addr::call, sock_addr::call4, sock_addr::call6, sock_addr::context;
template <auto Policy = allow, bool Counted = false> using verdict = bpfxx::verdict<action, Policy, Counted>;
template <bool Counted, auto Policy = allow> using verdict_of = verdict<Policy, Counted>;
namespace v4 {
using sock_named::context, sock_named::verdict_of;
using packet = call4;
} // namespace v4
namespace v6 {
using sock_named::context, sock_named::verdict_of;
using packet = call6;
} // namespace v6
} // namespace bpfxx::sock_named

// BPFXX_CONNECT4(name)(sock_addr::call4 call) { … }. A policy may follow the name.
#define BPFXX_CONNECT4(name, ...) BPFXX_ENTRY(sock_addr::v4, "cgroup/connect4", name __VA_OPT__(, ) __VA_ARGS__)
#define BPFXX_CONNECT6(name, ...) BPFXX_ENTRY(sock_addr::v6, "cgroup/connect6", name __VA_OPT__(, ) __VA_ARGS__)
// Packets of sockets that are not connected.
#define BPFXX_SENDMSG4(name, ...) BPFXX_ENTRY(sock_addr::v4, "cgroup/sendmsg4", name __VA_OPT__(, ) __VA_ARGS__)
#define BPFXX_SENDMSG6(name, ...) BPFXX_ENTRY(sock_addr::v6, "cgroup/sendmsg6", name __VA_OPT__(, ) __VA_ARGS__)
// BPFXX_BIND4(name)(sock_bind::call4 call) { … }
#define BPFXX_BIND4(name, ...) BPFXX_ENTRY(sock_bind::v4, "cgroup/bind4", name __VA_OPT__(, ) __VA_ARGS__)
#define BPFXX_BIND6(name, ...) BPFXX_ENTRY(sock_bind::v6, "cgroup/bind6", name __VA_OPT__(, ) __VA_ARGS__)
// BPFXX_RECVMSG4(name)(sock_named::call4 call) { … }: what a process is told; these cannot forbid anything (Linux 5.8).
#define BPFXX_RECVMSG4(name, ...) BPFXX_ENTRY(sock_named::v4, "cgroup/recvmsg4", name __VA_OPT__(, ) __VA_ARGS__)
#define BPFXX_RECVMSG6(name, ...) BPFXX_ENTRY(sock_named::v6, "cgroup/recvmsg6", name __VA_OPT__(, ) __VA_ARGS__)
#define BPFXX_GETPEERNAME4(name, ...)                                                                                  \
    BPFXX_ENTRY(sock_named::v4, "cgroup/getpeername4", name __VA_OPT__(, ) __VA_ARGS__)
#define BPFXX_GETPEERNAME6(name, ...)                                                                                  \
    BPFXX_ENTRY(sock_named::v6, "cgroup/getpeername6", name __VA_OPT__(, ) __VA_ARGS__)
#define BPFXX_GETSOCKNAME4(name, ...)                                                                                  \
    BPFXX_ENTRY(sock_named::v4, "cgroup/getsockname4", name __VA_OPT__(, ) __VA_ARGS__)
#define BPFXX_GETSOCKNAME6(name, ...)                                                                                  \
    BPFXX_ENTRY(sock_named::v6, "cgroup/getsockname6", name __VA_OPT__(, ) __VA_ARGS__)
