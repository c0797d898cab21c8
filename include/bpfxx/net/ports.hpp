// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/net/keys.hpp>

namespace bpfxx::net {
/// What TCP, UDP, DCCP, SCTP and UDP-Lite start with. For programs that need no more of them, and for packets that are cut
/// short, as those are that ICMP errors quote. They are set in net::tcp or net::udp, whose checksum covers them; in a packet
/// that is cut off before the checksum, by rewrite(ip).write(0, port), as bytes of what IP carries.
struct ports {
    static constexpr auto id = one_of{ip_proto{6}, ip_proto{17}, ip_proto{33}, ip_proto{132}, ip_proto{136}};
    be16 src, dst;

    using sum = not_incremental<sum_over::pseudo>; // it depends on the protocol

    BPFXX_INLINE constexpr auto source() const -> be16 { return src; }
    BPFXX_INLINE constexpr auto destination() const -> be16 { return dst; }
};
static_assert(header<ports> && sizeof(ports) == 4);
} // namespace bpfxx::net
