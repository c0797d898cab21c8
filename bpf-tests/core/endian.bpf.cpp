// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Wire values of every width in a packet: read, compared, written.
#include <bpfxx/kernel/xdp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;

enum class color : u16 {};

struct values {
    be16 a;
    be32 b;
    be64 c;
    le16 d;
    le32 e;
    le64 f;
    be<color> g;
};
static_assert(sizeof(values) == 30 && alignof(values) == 1);

BPFXX_XDP(reads)(xdp::packet packet) {
    auto [v] = BPFXX_TRY(packet.parse<values>());
    observe(reason::none, v->a, v->b, v->c, v->d, v->e, v->f, v->g, network_order(v->a.wire()));
    return xdp::pass;
}

BPFXX_XDP(equals)(xdp::packet packet) {
    auto [v] = BPFXX_TRY(packet.parse<values>());
    observe(reason::none, v->a == be16{0x0102}, v->b == be32{0x0304'0506}, v->c == be64{0x0708'090a'0b0c'0d0e},
            v->d == le16{0x100f}, v->e == le32{0x1413'1211}, v->f == le64{0x1c1b'1a19'1817'1615}, v->g == color{0x1d1e},
            v->g != be{color{0x1d1e}});
    return xdp::pass;
}

/// Turns big into little end and back, by way of values.
BPFXX_XDP(writes)(xdp::packet packet) {
    auto [v] = BPFXX_TRY(packet.parse<values>());
    auto const before = *v;
    packet.raw(v, [&](values &h) BPFXX_LAMBDA {
        h.a = be16{before.d.value()};
        h.b = be32{before.e.value()};
        h.c = be64{before.f.value()};
        h.d = le16{before.a.value()};
        h.e = le32{before.b.value()};
        h.f = le64{before.c.value()};
        h.g = be{static_cast<color>(static_cast<u16>(before.g.value()) + 1)};
    });
    return xdp::pass;
}
BPFXX_LICENSE("GPL");
