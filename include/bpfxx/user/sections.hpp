// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Sections of program types that are newer than the libbpf at hand.
#include <bpf/libbpf.h>
#include <bpfxx/core/int.hpp>
#include <bpfxx/user/libbpf_log.hpp>
#include <linux/bpf.h>

namespace bpfxx::user {
// The kernel's numbers, which older headers do not have.
inline constexpr u32 netfilter_type = 32, netfilter_hook = 45;
inline constexpr u32 tcx_ingress_hook = 46, tcx_egress_hook = 47;
inline constexpr u32 netkit_primary_hook = 54, netkit_peer_hook = 55;

namespace detail {
/// Tells libbpf of them, before the first object is opened.
inline auto know_sections() -> void {
    static auto const done = [] {
        auto const log = libbpf_log{};
        auto type = BPF_PROG_TYPE_UNSPEC;
        auto hook = bpf_attach_type{};
        struct section {
            char const *name;
            u32 type, hook;
        };
        for (auto const &s : {section{"netfilter", netfilter_type, netfilter_hook},
                              {"tcx/ingress", BPF_PROG_TYPE_SCHED_CLS, tcx_ingress_hook},
                              {"tcx/egress", BPF_PROG_TYPE_SCHED_CLS, tcx_egress_hook},
                              {"netkit/primary", BPF_PROG_TYPE_SCHED_CLS, netkit_primary_hook},
                              {"netkit/peer", BPF_PROG_TYPE_SCHED_CLS, netkit_peer_hook}})
            // NOLINTBEGIN(clang-analyzer-optin.core.EnumCastOutOfRange): this libbpf has no names for them
            if (libbpf_prog_type_by_name(s.name, &type, &hook) != 0)
                libbpf_register_prog_handler(s.name, static_cast<bpf_prog_type>(s.type),
                                             static_cast<bpf_attach_type>(s.hook), nullptr);
        // NOLINTEND(clang-analyzer-optin.core.EnumCastOutOfRange)
        return true;
    }();
    (void)done;
}
} // namespace detail
} // namespace bpfxx::user
