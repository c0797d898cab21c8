// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Why a packet is not of the asked form, and how that reason leaves a function.
#include <bpfxx/core/int.hpp>

namespace bpfxx {
/// Why a packet is not of the asked form.
///   truncated       a header, or a field of it, lies beyond the end of the packet or of what carries it
///   other_protocol  the header before says that something else follows
///   malformed       the bytes are there, and no such header can have them
///   fragment        a part of a datagram other than its first: what was asked for is not in this packet
///   too_deep        more repeated headers than the program allows for
///   not_found       the bytes that were searched for are not there
///   no_room         the packet cannot be given the size or the headers that were asked for; it is as it was
enum class reason : u8 { none, truncated, other_protocol, malformed, fragment, too_deep, not_found, no_room };
inline constexpr u32 reason_count = 8;

BPFXX_INLINE constexpr auto name_of(reason r) -> char const * {
    constexpr char const *names[] = {"none",     "truncated", "other_protocol", "malformed",
                                     "fragment", "too_deep",  "not_found",      "no_room"};
    return static_cast<u32>(r) < reason_count ? names[static_cast<u32>(r)] : "unknown";
}
} // namespace bpfxx
