// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// What a flow dissector fills in, as the kernel lays it out: its struct bpf_flow_keys. Both sides see it.
#include <bpfxx/core/endian.hpp>
#include <bpfxx/core/memory.hpp>

namespace bpfxx::flow_dissector {
/// What the caller wants: bits of keys::flags.
inline constexpr u32 parse_first_fragment = 1; ///< the ports of a first fragment too
inline constexpr u32 stop_at_flow_label = 2;   ///< an IPv6 flow label is enough
inline constexpr u32 stop_at_encapsulation = 4;

struct keys {
    u16 nhoff, thoff; ///< where the network header and the transport header start
    u16 addr_proto;   ///< which addresses there are: an EtherType; 0: none
    u8 is_frag, is_first_frag, is_encap, ip_proto;
    be16 n_proto; ///< EtherType of the network header
    be16 sport, dport;
    u8 addresses[32]; ///< IPv4: 4 bytes each; IPv6: 16 bytes each; the source first
    u32 flags;
    be32 flow_label;

    BPFXX_INLINE auto wants(u32 flag) const -> bool { return (flags & flag) != 0; }
    BPFXX_INLINE auto set_ipv4(be32 const &src, be32 const &dst) -> void {
        addr_proto = 0x0800;
        store<u32>(addresses, src.wire());
        store<u32>(addresses + 4, dst.wire());
    }
    BPFXX_INLINE auto set_ipv6(u8 const *src, u8 const *dst) -> void {
        addr_proto = 0x86dd;
        store<u64>(addresses, load<u64>(src));
        store<u64>(addresses + 8, load<u64>(src + 8));
        store<u64>(addresses + 16, load<u64>(dst));
        store<u64>(addresses + 24, load<u64>(dst + 8));
    }
    BPFXX_INLINE auto set_ports(be16 const &src, be16 const &dst) -> void { sport = src, dport = dst; }
};
static_assert(sizeof(keys) == 56 && __builtin_offsetof(keys, n_proto) == 10 && __builtin_offsetof(keys, flags) == 48);
} // namespace bpfxx::flow_dissector
