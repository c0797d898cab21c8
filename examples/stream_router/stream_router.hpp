// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// What both sides of stream_router share: settings, what is known of a direction, maps.
#include "../support/pieces.hpp"
#include <bpfxx/core/map_spec.hpp>

/// How many bytes of a direction may be under way in the kernel; given before loading.
struct settings {
    bpfxx::u64 high; // beyond it, what arrives goes to user space, which can wait
    bpfxx::u64 low;  // below it, a peer that sends has waited
    // Beyond these nothing is received: while bytes that were redirected wait in a queue that nobody counts, and always.
    bpfxx::u64 most_uncounted, most;
    bpfxx::u64 pieces; // beyond so many of them the same, however short they are
};

/// A socket: which direction begins there, and where that goes.
struct end {
    bpfxx::u64 peer;      // the cookie of the socket on the other side
    bpfxx::u32 direction; // the one back has the number beside it
    bpfxx::u32 padding;
};

/// A direction, by the socket that its bytes arrive at. The verdict writes it under that socket's lock, user space when the
/// socket is in no map; but for what is marked.
struct direction {
    bpfxx::u64 base;         // bytes that the destination had acknowledged before the first one of these
    bpfxx::u64 skipped;      // bytes that came, and do not go on
    bpfxx::u64 redirected;   // bytes that the verdict has sent on
    bpfxx::u64 passed;       // bytes that it has given to user space
    bpfxx::u64 written;      // of these: what user space has sent on. Only user space writes it
    bpfxx::u64 caught_up;    // with so many redirected: all of them were in the send queue. Only user space writes it
    bpfxx::u64 most;         // never were more bytes under way
    bpfxx::u64 trimmed;      // bytes that the kernel has delivered twice
    bpfxx::u64 refused;      // segments that were not received
    bpfxx::u64 admitted;     // when one of them was, in part; CLOCK_MONOTONIC, in ns
    bpfxx::u64 acknowledged; // bytes that the destination's peer has acknowledged, when somebody last looked
    pieces parts;            // that the verdict has seen
    bpfxx::u32 slow;         // whether what arrives goes to user space now
    bpfxx::u32 switches;     // how often it began to
    bpfxx::u32 taken;        // bytes that user space has read before the verdict saw any
    bpfxx::u32 next;         // TCP's sequence number of what comes next, once `started`
    bpfxx::u32 started;      // as a truth value
    bpfxx::u32 broken;       // the verdict could not send bytes on: the stream cannot go on
    bpfxx::u32 never_slow;   // user space must not get any: it would lose them. Only user space writes it
    bpfxx::u32 alone;        // and both sockets know of the end. Only user space writes it
    bpfxx::u32 shut;         // nothing is received any more: user space has to take over. It sets it back
    bpfxx::u32 calm;         // pieces, one after the other, before which nearly everything had been acknowledged
};

inline constexpr bpfxx::u32 calm_pieces = 32; // after so many of them the kernel takes over again
inline constexpr bpfxx::u32 most_pairs = 16384;
inline constexpr bpfxx::u32 most_directions = 2 * most_pairs;
inline constexpr bpfxx::u32 mapped = 1 << 10; // BPF_F_MMAPABLE

using ends_spec = bpfxx::spec::hash<bpfxx::u64, end, most_directions>; // by a socket's cookie
using directions_spec = bpfxx::spec::array<direction, most_directions, bpfxx::map_options{.flags = mapped}>;
using destinations_spec = bpfxx::spec::sockhash<bpfxx::u64, most_directions>; // sockets by their cookies, to be sent to
using inlets_spec = bpfxx::spec::sockmap<most_directions>; // the same sockets, whose bytes are looked at
using calls_spec = bpfxx::spec::ring_buffer<1 << 20>;      // directions that need user space
