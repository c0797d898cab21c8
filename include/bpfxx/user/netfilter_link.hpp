// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Programs at a hook of netfilter, in the network namespace of this thread (Linux 6.4).
#include <bpfxx/user/held_link.hpp>
#include <bpfxx/user/sections.hpp>
#include <sys/syscall.h>
#include <unistd.h>

namespace bpfxx::user {
/// The kernel's NF_INET_*.
enum class netfilter_hook_point : u32 { pre_routing, local_in, forward, local_out, post_routing };
struct netfilter_place {
    u32 family = 2; // NFPROTO_IPV4, or 10 for NFPROTO_IPV6
    netfilter_hook_point hook = netfilter_hook_point::local_in;
    i32 priority =
        -128; // the lower, the earlier: -200 is connection tracking's, 0 the filter's; not the least or the most
    bool defragment = false;
};

inline auto attach_netfilter(program const &p, netfilter_place const &place) -> held_link {
    // As the kernel has it: older headers do not.
    struct {
        u32 program, target, hook, flags;
        u32 family, place;
        i32 priority;
        u32 how;
    } request{static_cast<u32>(p.fd()),
              0,
              static_cast<u32>(netfilter_hook),
              0,
              place.family,
              static_cast<u32>(place.hook),
              place.priority,
              place.defragment ? 1u : 0u};
    auto const where = std::string{"a netfilter hook"};
    auto made = descriptor{static_cast<int>(syscall(SYS_bpf, BPF_LINK_CREATE, &request, sizeof request))};
    if (made) return held_link{std::move(made), where};
    auto const code = errno;
    auto hint = std::string{};
    if (code == EBUSY) hint = "another program has the same priority there";
    if (code == EINVAL) hint = "netfilter programs need Linux 6.4 with CONFIG_NETFILTER_BPF_LINK=y";
    if (code == E2BIG) hint = "this kernel has no netfilter programs: Linux 6.4 has";
    if (code == EAFNOSUPPORT) hint = "the families are 2 (IPv4) and 10 (IPv6)";
    throw error{detail::text("cannot attach program '", p.name(), "' to ", where), code, {}, std::move(hint)};
}
} // namespace bpfxx::user
