// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// What a socket may send: messages by their kind.
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/map/sockhash.hpp>
#include <bpfxx/kernel/map/sockmap.hpp>
#include <bpfxx/kernel/sk_msg.hpp>
#include <kernel/streams.hpp>

using namespace bpfxx;
BPFXX_LICENSE("GPL");
BPFXX_MAP(by_index, streams::by_index);
BPFXX_MAP(by_cookie, streams::by_cookie);
BPFXX_MAP(seen, streams::seen);

BPFXX_COUNT(sending, send_count, sk_msg::counters);
/// What is of another form is dropped.
BPFXX_SK_MSG(sending, sk_msg::drop)(sk_msg::packet packet) {
    auto const whole = packet.length();
    auto const pulled = BPFXX_TRY(bpfxx::move(packet).pull(64));
    seen.lookup(0).then([&](streams::surroundings &s) BPFXX_LAMBDA {
        ++s.calls;
        s.length = whole;
        streams::note_ends(pulled, s);
    });
    auto const head = BPFXX_TRY(pulled.payload().read<streams::message>());
    if (!head.valid()) return reason::malformed;
    auto const needed = static_cast<u32>(sizeof head) + head.length.value();
    if (whole < needed) {
        pulled.cork(needed);
        return sk_msg::pass;
    }
    pulled.apply(needed);
    switch (static_cast<streams::wish>(head.kind)) {
    case streams::wish::pass: return sk_msg::pass;
    case streams::wish::to_index: return by_index.redirect(pulled, streams::other);
    case streams::wish::to_reader: return by_index.redirect(pulled, streams::other, map::direction::in);
    case streams::wish::to_nobody: return by_cookie.redirect(pulled, u64{4711});
    default: return sk_msg::drop;
    }
}
