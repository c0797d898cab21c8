// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Sends the bytes of a stream to the socket that they name, in a map of the kind sockets_spec.
#include <bpfxx/core/endian.hpp>
#include <bpfxx/kernel/sk_skb.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;

BPFXX_MAP(sockets, sockets_spec);

struct request {
    u8 what; // 'o': out of the socket, 'i': in to who reads from it, '?': whether there is one
    be32 to;
    u8 text[3];
};

BPFXX_STREAM_VERDICT(serve, sk_skb::drop)(sk_skb::packet packet) {
    auto const r = BPFXX_TRY(packet.load<request>());
    auto const to = static_cast<sockets_spec::key>(r.to.value());
    if (r.what == 'o') return sockets.redirect(packet, to);
    if (r.what == 'i') return sockets.redirect(packet, to, map::direction::in);
    bool used = false;
    bool const found = sockets.with(to, [&](void *socket) BPFXX_LAMBDA { used = socket != nullptr; });
    observe(reason::none, found, used);
    return sk_skb::pass;
}
BPFXX_LICENSE("GPL");
