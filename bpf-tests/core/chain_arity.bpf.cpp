// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Chains of one to twelve headers, taken apart by structured bindings: the last one's field, and what is behind it.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/vlan.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using net::ethernet, net::vlan;
using test::observe;
using test::told;

BPFXX_XDP(chain_of_1, told)(xdp::packet packet) {
    auto [a] = BPFXX_TRY(packet.parse<ethernet>());
    observe(reason::none, a->type, a.payload().size());
    return xdp::pass;
}
BPFXX_XDP(chain_of_2, told)(xdp::packet packet) {
    auto [a, b] = BPFXX_TRY(packet.parse<ethernet, vlan>());
    observe(reason::none, (a->type == net::ether_type{0x8100}), b->tci, b.payload().size());
    return xdp::pass;
}
BPFXX_XDP(chain_of_3, told)(xdp::packet packet) {
    auto [a, b, c] = BPFXX_TRY(packet.parse<ethernet, vlan, vlan>());
    observe(reason::none, (a->type == net::ether_type{0x8100}) + b->tci.value(), c->tci, c.payload().size());
    return xdp::pass;
}
BPFXX_XDP(chain_of_4, told)(xdp::packet packet) {
    auto [a, b, c, d] = BPFXX_TRY(packet.parse<ethernet, vlan, vlan, vlan>());
    observe(reason::none, (a->type == net::ether_type{0x8100}) + b->tci.value() + c->tci.value(), d->tci,
            d.payload().size());
    return xdp::pass;
}
BPFXX_XDP(chain_of_5, told)(xdp::packet packet) {
    auto [a, b, c, d, e] = BPFXX_TRY(packet.parse<ethernet, vlan, vlan, vlan, vlan>());
    observe(reason::none, (a->type == net::ether_type{0x8100}) + b->tci.value() + c->tci.value() + d->tci.value(),
            e->tci, e.payload().size());
    return xdp::pass;
}
BPFXX_XDP(chain_of_6, told)(xdp::packet packet) {
    auto [a, b, c, d, e, f] = BPFXX_TRY(packet.parse<ethernet, vlan, vlan, vlan, vlan, vlan>());
    observe(reason::none,
            (a->type == net::ether_type{0x8100}) + b->tci.value() + c->tci.value() + d->tci.value() + e->tci.value(),
            f->tci, f.payload().size());
    return xdp::pass;
}
BPFXX_XDP(chain_of_7, told)(xdp::packet packet) {
    auto [a, b, c, d, e, f, g] = BPFXX_TRY(packet.parse<ethernet, vlan, vlan, vlan, vlan, vlan, vlan>());
    observe(reason::none,
            (a->type == net::ether_type{0x8100}) + b->tci.value() + c->tci.value() + d->tci.value() + e->tci.value() +
                f->tci.value(),
            g->tci, g.payload().size());
    return xdp::pass;
}
BPFXX_XDP(chain_of_8, told)(xdp::packet packet) {
    auto [a, b, c, d, e, f, g, h] = BPFXX_TRY(packet.parse<ethernet, vlan, vlan, vlan, vlan, vlan, vlan, vlan>());
    observe(reason::none,
            (a->type == net::ether_type{0x8100}) + b->tci.value() + c->tci.value() + d->tci.value() + e->tci.value() +
                f->tci.value() + g->tci.value(),
            h->tci, h.payload().size());
    return xdp::pass;
}
BPFXX_XDP(chain_of_9, told)(xdp::packet packet) {
    auto [a, b, c, d, e, f, g, h, i] =
        BPFXX_TRY(packet.parse<ethernet, vlan, vlan, vlan, vlan, vlan, vlan, vlan, vlan>());
    observe(reason::none,
            (a->type == net::ether_type{0x8100}) + b->tci.value() + c->tci.value() + d->tci.value() + e->tci.value() +
                f->tci.value() + g->tci.value() + h->tci.value(),
            i->tci, i.payload().size());
    return xdp::pass;
}
BPFXX_XDP(chain_of_10, told)(xdp::packet packet) {
    auto [a, b, c, d, e, f, g, h, i, j] =
        BPFXX_TRY(packet.parse<ethernet, vlan, vlan, vlan, vlan, vlan, vlan, vlan, vlan, vlan>());
    observe(reason::none,
            (a->type == net::ether_type{0x8100}) + b->tci.value() + c->tci.value() + d->tci.value() + e->tci.value() +
                f->tci.value() + g->tci.value() + h->tci.value() + i->tci.value(),
            j->tci, j.payload().size());
    return xdp::pass;
}
BPFXX_XDP(chain_of_11, told)(xdp::packet packet) {
    auto [a, b, c, d, e, f, g, h, i, j, k] =
        BPFXX_TRY(packet.parse<ethernet, vlan, vlan, vlan, vlan, vlan, vlan, vlan, vlan, vlan, vlan>());
    observe(reason::none,
            (a->type == net::ether_type{0x8100}) + b->tci.value() + c->tci.value() + d->tci.value() + e->tci.value() +
                f->tci.value() + g->tci.value() + h->tci.value() + i->tci.value() + j->tci.value(),
            k->tci, k.payload().size());
    return xdp::pass;
}
BPFXX_XDP(chain_of_12, told)(xdp::packet packet) {
    auto [a, b, c, d, e, f, g, h, i, j, k, l] =
        BPFXX_TRY(packet.parse<ethernet, vlan, vlan, vlan, vlan, vlan, vlan, vlan, vlan, vlan, vlan, vlan>());
    observe(reason::none,
            (a->type == net::ether_type{0x8100}) + b->tci.value() + c->tci.value() + d->tci.value() + e->tci.value() +
                f->tci.value() + g->tci.value() + h->tci.value() + i->tci.value() + j->tci.value() + k->tci.value(),
            l->tci, l.payload().size());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");
