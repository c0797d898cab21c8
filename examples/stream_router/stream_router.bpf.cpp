// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Splices two TCP connections: what arrives at one socket goes out of the other, without user space. How a bound is kept
/// is explained in examples/sockmap_echo. Linux 5.10 or newer.
#include "stream_router.hpp"
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/map/hash.hpp>
#include <bpfxx/kernel/map/ring_buffer.hpp>
#include <bpfxx/kernel/map/sockhash.hpp>
#include <bpfxx/kernel/map/sockmap.hpp>
#include <bpfxx/kernel/segment_filter.hpp>
#include <bpfxx/kernel/sk_skb.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");
BPFXX_CONFIG(settings, config);
BPFXX_MAP(ends, ends_spec);
BPFXX_MAP(directions, directions_spec);
BPFXX_MAP(destinations, destinations_spec);
BPFXX_MAP(inlets, inlets_spec);
BPFXX_MAP(calls, calls_spec);

BPFXX_INLINE auto now_of(u64 const &changing) -> u64 { return *const_cast<u64 const volatile *>(&changing); }
BPFXX_INLINE auto now_of(u32 const &changing) -> u32 { return *const_cast<u32 const volatile *>(&changing); }

/// User space cannot be told by a return value.
BPFXX_INLINE auto break_off(direction &d, u32 number) -> sk_skb::action {
    d.broken = 1;
    calls.output(number);
    return sk_skb::drop;
}
/// Bytes that have arrived, and that the destination's peer has not acknowledged.
BPFXX_INLINE auto bytes_under_way(direction const &d, u64 received) -> i64 {
    return static_cast<i64>(received - d.skipped - (now_of(d.acknowledged) - d.base));
}
/// Whether the bytes that have arrived, so many, have to go to user space. As in examples/sockmap_echo, only a peer that waits
/// again and again is given back to the kernel.
BPFXX_INLINE auto is_slow(direction &d, u32 number, u64 received, u32 length) -> bool {
    auto const bytes = bytes_under_way(d, received);
    if (bytes > static_cast<i64>(d.most)) d.most = static_cast<u64>(bytes);
    add_piece(d.parts, received - d.skipped, now_of(d.acknowledged) - d.base, length);
    if (d.slow) {
        auto const little = bytes <= static_cast<i64>(config.low) && under_way(d.parts) <= config.pieces / 16;
        auto const waited = little || bytes <= static_cast<i64>(length);
        d.calm = waited ? d.calm + 1 : 0;
        if (now_of(d.written) == d.passed && (d.calm >= calm_pieces || now_of(d.never_slow) != 0)) d.slow = 0;
    } else if (now_of(d.never_slow) == 0 &&
               (bytes > static_cast<i64>(config.high) || under_way(d.parts) > config.pieces)) {
        d.slow = 1;
        d.calm = 0;
        if (calls.output(number))
            ++d.switches;
        else
            d.slow = 0; // nobody would read: try again with the next piece
    }
    return d.slow != 0;
}
BPFXX_INLINE auto is_watched(direction const &d) -> bool { return now_of(d.slow) != 0 || now_of(d.never_slow) != 0; }
BPFXX_INLINE auto send_on(sk_skb::packet const &packet, direction &d, u32 number, u64 peer, u64 received)
    -> sk_skb::action {
    auto const length = packet.length();
    // To look at the other socket costs more than all the rest. Acknowledgements only grow: what is remembered is good enough
    // to know that little is under way; now and then it is looked at, or many pieces would seem to be.
    if (is_watched(d) || bytes_under_way(d, received) > static_cast<i64>(config.high) ||
        d.parts.count - d.parts.marked > config.pieces / 4)
        destinations.with(peer, [&](void *socket) BPFXX_LAMBDA {
            skb::counts_of(socket).then([&](skb::tcp_counts const &there)
                                            BPFXX_LAMBDA { d.acknowledged = there.acknowledged; });
        });
    if (is_slow(d, number, received, length)) {
        d.passed += length;
        return sk_skb::pass;
    }
    d.redirected += length;
    if (destinations.redirect(packet, peer) == sk_skb::pass) return sk_skb::pass;
    return break_off(d, number);
}

/// The kernel hands over a segment as a whole also if its first bytes were there before, or if user space has read them.
BPFXX_STREAM_VERDICT(splice)(sk_skb::packet packet) {
    if (packet.length() == 0) return sk_skb::drop; // the end of a stream: to redirect that breaks the socket
    auto const *const here = BPFXX_TRY(ends.lookup(packet.cookie()));
    auto const number = here->direction;
    auto const peer = here->peer;
    auto *const d = BPFXX_TRY(directions.lookup(number));
    auto const counts = packet.counts();
    if (!counts) return break_off(*d, number);
    auto const so_far = counts.value_or({});
    if (!d->started) {
        d->started = 1;
        d->next = so_far.next - static_cast<u32>(so_far.received) + d->taken;
    }
    auto const first = packet.sequence();
    auto const behind = first + packet.length();
    auto const twice = static_cast<i32>(d->next - first);
    if (twice < 0) return break_off(*d, number); // bytes are missing
    if (static_cast<u32>(twice) >= packet.length()) {
        d->trimmed += packet.length();
        return sk_skb::drop;
    }
    d->next = behind;
    if (twice > 0) {
        d->trimmed += static_cast<u32>(twice);
        auto const rest = bpfxx::move(packet).drop_front(static_cast<u32>(twice));
        if (!rest) return break_off(*d, number);
        return send_on(sk_skb::packet{packet.raw()}, *d, number, peer, so_far.received);
    }
    return send_on(packet, *d, number, peer, so_far.received);
}

/// Cuts off what is too much for the direction that begins here, as in examples/sockmap_echo; and it is news of the one
/// that ends here.
BPFXX_SEGMENT_FILTER(splice_guard)(segment_filter::packet segment) {
    auto const *const here = BPFXX_TRY(ends.lookup(segment.cookie()));
    auto const number = here->direction;
    auto *const back = BPFXX_TRY(directions.lookup(number ^ 1));
    auto *const d = BPFXX_TRY(directions.lookup(number));
    auto const watched = is_watched(*d);
    if (!watched && !is_watched(*back)) return segment_filter::keep;
    auto const counts = BPFXX_TRY(segment.counts());
    back->acknowledged = counts.acknowledged;
    if (!watched) return segment_filter::keep;
    // What the verdict passes waits, uncounted, behind what is redirected to this same socket: that is the way back.
    auto const in_queue = counts.acknowledged - back->base + counts.queued;
    auto const sent = now_of(back->caught_up) == now_of(back->redirected) ||
                      in_queue >= now_of(back->redirected) + now_of(back->written);
    auto const counted = now_of(d->never_slow) == 0 && sent;
    auto const most = counted ? config.most : config.most_uncounted;
    auto const many =
        !counted && under_way(d->parts) > 2 * config.pieces; // what is counted is so with all that it takes
    auto const too_much = many || bytes_under_way(*d, counts.received) > static_cast<i64>(most);
    if (!too_much && now_of(d->shut) == 0) return segment_filter::keep;
    ++d->refused;
    // Whoever sends tries again less and less often, and nothing but its own clock would tell it to go on. User space can
    // have its window closed and opened again, and may take over where no more bytes are on their way to the verdict.
    if (now_of(d->alone) != 0) {
        if (now_of(d->shut) == 0) {
            d->shut = 1;
            calls.output(number);
        }
        return segment.first(0);
    }
    // A byte now and then: with it the verdict looks how far the other side is.
    constexpr u64 pause = 100'000'000;
    auto const now = helper::ktime_get_ns();
    if (now - d->admitted < pause) return segment.first(0);
    d->admitted = now;
    return segment.first(1);
}
