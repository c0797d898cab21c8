// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/core/bytes.hpp>
#include <bpfxx/core/layer.hpp>
#include <bpfxx/net/tcp.hpp>

namespace bpfxx::net {
/// The options of a TCP header that programs ask for (RFC 9293 MSS; RFC 7323 window scale, timestamps; RFC 2018 SACK).
/// Of an option that stands there twice, the last one.
struct tcp_options {
    u16 mss = 0;
    u8 window_scale = 0;
    bool has_mss = false, has_window_scale = false, sack_permitted = false, has_timestamps = false;
    u8 sack_blocks = 0; // of these two edges each: see sack_at
    u8 sack_at = 0;     // where the first block stands in options()
    u32 timestamp = 0, timestamp_echo = 0;
};

/// Walks the options of a segment: at most Most of them, padding included, or it is too_deep. A length that leads out of the
/// header, or is below 2, is malformed.
template <u32 Most = 20> BPFXX_INLINE auto options_of(layer<tcp> const &segment) -> result<tcp_options> {
    u32 const room = segment->size() - static_cast<u32>(sizeof(tcp));
    if (room == 0) return tcp_options{};
    auto place = segment.behind_struct();
    if (!place.settle() || place.left < 1) return reason::truncated;
    // `room` is compared below, so that no comparison with the same number tells one round from another.
    place.left = unlimited;
    auto const options = bytes{place};
    // First where the options stand, by arithmetic alone: to the verifier each round is like the others.
    constexpr u32 nowhere = 63;
    u32 mss = nowhere, window_scale = nowhere, sack_permitted = nowhere, sack = nowhere, timestamps = nowhere;
    u32 offset = 0, sack_length = 2;
    BPFXX_ROLLED for (u32 i = 0; i < Most && offset < room; i++) {
        u32 const kind = BPFXX_TRY(options.read<u8>(offset));
        if (kind == 0) break;
        u32 const padding = same(kind, 1);
        // Of a last byte that has no length behind it: the byte itself, which leads out of the header as well.
        u32 const told = BPFXX_TRY(options.read<u8>(lesser(offset + 1, room - 1)));
        u32 const length = chosen(padding, 1, told);
        if (length + padding < 2 || offset + length > room) return reason::malformed;
        mss = bounded<63>(chosen(same(kind, 2) & same(length, 4), offset, mss));
        window_scale = bounded<63>(chosen(same(kind, 3) & same(length, 3), offset, window_scale));
        sack_permitted = bounded<63>(chosen(same(kind, 4) & same(length, 2), offset, sack_permitted));
        sack = bounded<63>(chosen(same(kind, 5), offset, sack));
        sack_length = bounded<0xff>(chosen(same(kind, 5), length, sack_length));
        timestamps = bounded<63>(chosen(same(kind, 8) & same(length, 10), offset, timestamps));
        offset = bounded<63>(offset + length);
        if (i + 1 == Most && offset < room) return reason::too_deep;
    }
    tcp_options found;
    if (mss != nowhere) {
        found.mss = BPFXX_TRY(options.read<be16>(mss + 2)).value();
        found.has_mss = true;
    }
    if (window_scale != nowhere) {
        found.window_scale = BPFXX_TRY(options.read<u8>(window_scale + 2));
        found.has_window_scale = true;
    }
    found.sack_permitted = sack_permitted != nowhere;
    if (sack != nowhere) {
        found.sack_blocks = static_cast<u8>((sack_length - 2) / 8);
        found.sack_at = static_cast<u8>(sack + 2);
    }
    if (timestamps != nowhere) {
        found.timestamp = BPFXX_TRY(options.read<be32>(timestamps + 2)).value();
        found.timestamp_echo = BPFXX_TRY(options.read<be32>(timestamps + 6)).value();
        found.has_timestamps = true;
    }
    return found;
}
} // namespace bpfxx::net
