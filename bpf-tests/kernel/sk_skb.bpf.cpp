// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Messages of a stream: four bytes of magic, the length of what follows, a kind, and that many bytes.
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/map/sockhash.hpp>
#include <bpfxx/kernel/map/sockmap.hpp>
#include <bpfxx/kernel/sk_skb.hpp>
#include <kernel/streams.hpp>

using namespace bpfxx;
BPFXX_LICENSE("GPL");
BPFXX_MAP(by_index, streams::by_index);
BPFXX_MAP(by_cookie, streams::by_cookie);
BPFXX_MAP(seen, streams::seen);

BPFXX_COUNT(parse, parser_count, stream_parser::counters);
BPFXX_STREAM_PARSER(parse)(stream_parser::packet packet) {
    auto const head = BPFXX_TRY(packet.load<streams::message>());
    if (!head.valid()) return reason::malformed;
    return stream_parser::message(static_cast<u32>(sizeof head) + head.length.value());
}

template <class Packet> BPFXX_INLINE auto note(Packet const &packet) -> void {
    seen.lookup(0).then([&](streams::surroundings &s) BPFXX_LAMBDA {
        ++s.calls;
        s.cookie = packet.cookie();
        s.length = packet.length();
        streams::note_ends(packet, s);
    });
}
template <class Packet> BPFXX_INLINE auto decide(Packet const &pulled) -> result<sk_skb::action> {
    note(pulled);
    auto [head] = BPFXX_TRY(pulled.template parse<streams::message>());
    switch (static_cast<streams::wish>(head->kind)) {
    case streams::wish::pass: return sk_skb::pass;
    case streams::wish::to_index: return by_index.redirect(pulled, streams::other);
    case streams::wish::to_self: return by_cookie.redirect(pulled, pulled.cookie());
    case streams::wish::to_reader: return by_cookie.redirect(pulled, pulled.cookie(), map::direction::in);
    case streams::wish::to_nobody: return by_cookie.redirect(pulled, ~u64{0});
    default: return sk_skb::drop;
    }
}

/// Behind the parser.
BPFXX_COUNT(each, verdict_count, sk_skb::counters);
BPFXX_MESSAGE_VERDICT(each, sk_skb::drop)(stream_message::packet message) {
    auto const first = BPFXX_TRY(message.load<streams::message>());
    auto const pulled = BPFXX_TRY(bpfxx::move(message).pull(64));
    if (!first.valid()) return reason::malformed;
    return BPFXX_TRY(decide(pulled));
}
/// What is of another form is dropped.
BPFXX_STREAM_VERDICT(stream, sk_skb::drop)(sk_skb::packet packet) {
    auto const pulled = BPFXX_TRY(bpfxx::move(packet).pull(64));
    return BPFXX_TRY(decide(pulled));
}
/// What is of another form passes.
BPFXX_SK_SKB(whole)(sk_skb::packet packet) {
    auto const pulled = BPFXX_TRY(bpfxx::move(packet).pull(64));
    return BPFXX_TRY(decide(pulled));
}
/// Leaves out what comes before the message, and leaves the sequence number of its first byte.
BPFXX_STREAM_VERDICT(trim, sk_skb::drop)(sk_skb::packet packet) {
    seen.lookup(0).then([&](streams::surroundings &s) BPFXX_LAMBDA { s.sequence = packet.sequence(); });
    auto const count = BPFXX_TRY(packet.load<be32>());
    auto const rest = BPFXX_TRY(bpfxx::move(packet).drop_front(count.value()));
    return by_cookie.redirect(rest, rest.cookie());
}
