// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Sends back what arrives at a TCP socket, without user space: a verdict redirects it to the socket it came from. A peer
/// that does not read would fill the kernel's memory that way, which nobody counts; beyond a budget the bytes therefore go
/// to user space, whose sockets can be full. Linux 5.10 or newer.
#include "sockmap_echo.hpp"
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/map/hash.hpp>
#include <bpfxx/kernel/map/ring_buffer.hpp>
#include <bpfxx/kernel/map/sockmap.hpp>
#include <bpfxx/kernel/segment_filter.hpp>
#include <bpfxx/kernel/sk_skb.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");
BPFXX_CONFIG(settings, config);
BPFXX_MAP(slots, slots_spec);
BPFXX_MAP(streams, streams_spec);
BPFXX_MAP(sockets, sockets_spec);
BPFXX_MAP(calls, calls_spec);

/// User space cannot be told by a return value.
BPFXX_INLINE auto break_off(stream &s, u32 slot) -> sk_skb::action {
    s.broken = 1;
    calls.output(slot);
    return sk_skb::drop;
}

/// Bytes that the peer has sent and not got back.
BPFXX_INLINE auto bytes_under_way(stream const &s, skb::tcp_counts const &so_far) -> i64 {
    return static_cast<i64>(so_far.received - (so_far.acknowledged - s.base));
}
/// One more piece of this length has arrived. Bytes that are under way now.
BPFXX_INLINE auto take_in(stream &s, skb::tcp_counts const &so_far, u32 length) -> i64 {
    add_piece(s.parts, so_far.received, so_far.acknowledged - s.base, length);
    auto const bytes = bytes_under_way(s, so_far);
    if (bytes > static_cast<i64>(s.most)) s.most = static_cast<u64>(bytes);
    return bytes;
}
BPFXX_INLINE auto is_too_much(stream const &s, i64 bytes) -> bool {
    return bytes > static_cast<i64>(config.high) || under_way(s.parts) > config.pieces;
}
/// Whether the bytes that have arrived, so many, have to go to user space. A stream that goes on and on would be back over
/// the budget at once, and each change costs more than user space does: only a peer that waits for its echoes again and
/// again is given back to the kernel.
BPFXX_INLINE auto is_slow(stream &s, u32 slot, skb::tcp_counts const &so_far, u32 length) -> bool {
    auto const bytes = take_in(s, so_far, length);
    if (s.slow) {
        auto const written = *const_cast<u64 const volatile *>(&s.written);
        auto const little = bytes <= static_cast<i64>(config.low) && under_way(s.parts) <= config.pieces / 16;
        auto const waited = little || bytes <= static_cast<i64>(length);
        s.calm = waited ? s.calm + 1 : 0;
        if (written == s.passed && s.calm >= calm_pieces) s.slow = 0;
    } else if (is_too_much(s, bytes)) {
        s.slow = 1;
        s.calm = 0;
        if (calls.output(slot))
            ++s.switches;
        else
            s.slow = 0; // nobody would read: try again with the next piece
    }
    return s.slow != 0;
}

/// Sends back what a verdict was given.
template <class Packet> BPFXX_INLINE auto send_back(Packet const &packet, stream &s, u32 slot) -> sk_skb::action {
    s.redirected += packet.length();
    if (sockets.redirect(packet, slot) == sk_skb::pass) return sk_skb::pass;
    return break_off(s, slot);
}
/// Or gives it to user space.
BPFXX_INLINE auto serve(sk_skb::packet packet, stream &s, u32 slot) -> sk_skb::action {
    auto const length = packet.length();
    auto const counts = packet.counts();
    if (!counts) return break_off(s, slot);
    auto const slow = is_slow(s, slot, counts.value_or({}), length);
    if (!slow) return send_back(packet, s, slot);
    s.passed += length;
    return sk_skb::pass;
}

/// The kernel hands over a segment as a whole also if its first bytes were there before.
BPFXX_INLINE auto echo_piece(sk_skb::packet packet) -> result<sk_skb::action> {
    if (packet.length() == 0) return sk_skb::drop; // the end of a stream: to redirect that breaks the socket
    auto const slot = *BPFXX_TRY(slots.lookup(packet.cookie()));
    auto *const s = BPFXX_TRY(streams.lookup(slot));
    auto const first = packet.sequence();
    auto const behind = first + packet.length();
    auto const twice = static_cast<i32>(s->next - first);
    if (s->started && twice > 0) {
        if (static_cast<u32>(twice) >= packet.length()) {
            s->trimmed += packet.length();
            return sk_skb::drop;
        }
        s->trimmed += static_cast<u32>(twice);
        s->next = behind;
        auto const rest = bpfxx::move(packet).drop_front(static_cast<u32>(twice));
        if (!rest) return break_off(*s, slot);
        return serve(sk_skb::packet{packet.raw()}, *s, slot);
    }
    s->started = 1;
    s->next = behind;
    return serve(packet, *s, slot);
}

BPFXX_STREAM_VERDICT(echo)(sk_skb::packet packet) { return BPFXX_TRY(echo_piece(packet)); }
BPFXX_SK_SKB(echo_any)(sk_skb::packet packet) { return BPFXX_TRY(echo_piece(packet)); }

/// Every piece is a message of its own.
BPFXX_STREAM_PARSER(echo_parser)(stream_parser::packet packet) { return stream_parser::message(packet.length()); }
/// A parser takes from the socket whatever comes, so that its window never closes; and what is passed behind one is
/// acknowledged at another time by each kernel. So here all is sent back, and beyond the budget the gate below lets nothing
/// in until user space has taken the socket out of the map.
BPFXX_MESSAGE_VERDICT(echo_message)(stream_message::packet message) {
    if (message.length() == 0) return sk_skb::drop;
    auto const slot = *BPFXX_TRY(slots.lookup(message.cookie()));
    auto *const s = BPFXX_TRY(streams.lookup(slot));
    auto const counts = message.counts();
    if (!counts) return break_off(*s, slot);
    auto const bytes = take_in(*s, counts.value_or({}), message.length());
    if (s->slow == 0 && is_too_much(*s, bytes)) {
        s->slow = 1;
        if (calls.output(slot))
            ++s->switches;
        else
            s->slow = 0; // nobody would look: try again with the next piece
    }
    return send_back(message, *s, slot);
}
/// Its socket filter.
BPFXX_SEGMENT_FILTER(echo_gate)(segment_filter::packet segment) {
    auto const slot = *BPFXX_TRY(slots.lookup(segment.cookie()));
    auto *const s = BPFXX_TRY(streams.lookup(slot));
    if (s->slow == 0) return segment_filter::keep;
    ++s->refused;
    return segment.first(0);
}

/// A segment that is taken from TCP was never received: its sender waits, and sends it again. That is harsh, and the last
/// resort. It is needed where the socket's own limit does not hold: what a verdict passes counts as received only once all
/// that was redirected before has left another queue, and a busy machine may be late to do that. Were all of it counted
/// afterwards, the socket would have more than its limit, and then it even ignores acknowledgements.
BPFXX_SEGMENT_FILTER(echo_guard)(segment_filter::packet segment) {
    auto const slot = *BPFXX_TRY(slots.lookup(segment.cookie()));
    auto *const s = BPFXX_TRY(streams.lookup(slot));
    if (s->slow == 0) return segment_filter::keep;
    auto const counts = BPFXX_TRY(segment.counts());
    auto const in_queue = counts.acknowledged - s->base + counts.queued;
    auto const counted = in_queue >= s->redirected + *const_cast<u64 const volatile *>(&s->written);
    auto const most = counted ? config.most : config.most_uncounted;
    auto const few =
        counted || under_way(s->parts) <= 2 * config.pieces; // what is counted is so with all that it takes
    if (few && bytes_under_way(*s, counts) <= static_cast<i64>(most)) return segment_filter::keep;
    ++s->refused;
    // A byte now and then: with it the verdict looks how far the stream is.
    constexpr u64 pause = 100'000'000;
    auto const now = helper::ktime_get_ns();
    if (now - s->admitted < pause) return segment.first(0);
    s->admitted = now;
    return segment.first(1);
}
