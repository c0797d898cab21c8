// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/net/keys.hpp>

namespace bpfxx::net {
/// IGMP message, versions 1 to 3 (RFC 1112, 2236, 9776): the eight bytes that all but reports of version 3 have in common.
struct igmp {
    static constexpr auto id = ip_proto{2};
    u8 type, max_response; // in tenths of a second; above 127 in version 3 a floating point number
    be16 checksum;
    be32 group; // reports of version 3: number of group records in the lower half

    using sum = summed<&igmp::checksum, sum_over::payload>;

    BPFXX_INLINE constexpr auto is_query() const -> bool { return type == 0x11; }
    BPFXX_INLINE constexpr auto is_report() const -> bool { return type == 0x12 || type == 0x16 || type == 0x22; }
    BPFXX_INLINE constexpr auto is_leave() const -> bool { return type == 0x17; }
};
static_assert(header<igmp> && sizeof(igmp) == 8);
} // namespace bpfxx::net
