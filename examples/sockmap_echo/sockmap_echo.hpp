// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// What both sides of sockmap_echo share: settings, what is known of a connection, maps.
#include "../support/pieces.hpp"
#include <bpfxx/core/map_spec.hpp>

/// How many bytes of a connection may be under way in the kernel; given before loading.
struct settings {
    bpfxx::u64 high; // beyond it, what arrives goes to user space, which can wait
    bpfxx::u64 low;  // below it, a peer that sends has waited for its echo
    // Beyond these nothing is received: while bytes that were redirected wait in a queue that nobody counts, and always.
    bpfxx::u64 most_uncounted, most;
    bpfxx::u64 pieces; // beyond so many of them the same, however short they are
};

/// A connection. The verdict writes it under the socket's lock, user space when the socket is in no map; but for `written`.
struct stream {
    bpfxx::u64 base;       // bytes that the peer had acknowledged before the first echo
    bpfxx::u64 redirected; // bytes that the verdict has sent back
    bpfxx::u64 passed;     // bytes that it has given to user space
    bpfxx::u64 written;    // of these: what user space has sent back. Only user space writes it
    bpfxx::u64 most;       // bytes that were under way at once
    bpfxx::u64 trimmed;    // bytes that the kernel has delivered twice, and the verdict has left out
    bpfxx::u32 slow;       // whether what arrives goes to user space now; behind a parser, whether nothing is received
    bpfxx::u32 switches;   // how often it began to
    bpfxx::u32 next;       // TCP's sequence number of what comes next, once `started`
    bpfxx::u32 started;    // as a truth value
    bpfxx::u32 broken;     // the verdict could not send bytes back: the connection cannot go on
    bpfxx::u32 calm;       // pieces, one after the other, before which the peer had got back nearly everything
    bpfxx::u64 refused;    // segments that were not received
    bpfxx::u64 admitted;   // when one of them was, in part; CLOCK_MONOTONIC, in ns
    pieces parts;          // that the verdict has seen
};

inline constexpr bpfxx::u32 calm_pieces = 32; // after so many of them the kernel takes over again
inline constexpr bpfxx::u32 most_streams = 65536;
inline constexpr bpfxx::u32 mapped = 1 << 10; // BPF_F_MMAPABLE

using slots_spec = bpfxx::spec::hash<bpfxx::u64, bpfxx::u32, most_streams>; // a socket's cookie to its slot
using streams_spec = bpfxx::spec::array<stream, most_streams, bpfxx::map_options{.flags = mapped}>;
using sockets_spec = bpfxx::spec::sockmap<most_streams>;
using calls_spec = bpfxx::spec::ring_buffer<1 << 20>; // slots that need user space
