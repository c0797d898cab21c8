// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// One source, many entities, one port: each datagram goes to the port of the entity that the tag in its payload names.
/// entity_remap: XDP, Linux 5.10 or newer. entity_tee: TC; a copy goes there, and the packet stays what it is.
#include "entity_remap.hpp"
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/map/hash.hpp>
#include <bpfxx/kernel/map/per_cpu_array.hpp>
#include <bpfxx/kernel/tc.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/unfragmented_ipv4.hpp>
#include <bpfxx/net/unfragmented_ipv6.hpp>
#include <bpfxx/net/vlan.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");
BPFXX_MAP(in_force, in_force_spec);
BPFXX_MAP(rule_sets, rule_sets_spec);
BPFXX_MAP(watched, watched_spec);
BPFXX_MAP(entities, entities_spec);
BPFXX_MAP(counted, counted_spec);
BPFXX_MAP(outcomes, outcomes_spec);

struct decision {
    outcome what;
    be16 port; // where it is remapped or to_default
};

BPFXX_INLINE auto read_tag(bytes const &payload, rules const &r, entity_key &key) -> reason {
    switch (r.size) {
    case 1: key.tag[0] = BPFXX_TRY(payload.read<u8>(r.offset)); break;
    case 2: store(key.tag, BPFXX_TRY(payload.read<be16>(r.offset)).wire()); break;
    case 4: store(key.tag, BPFXX_TRY(payload.read<be32>(r.offset)).wire()); break;
    default: {
        auto const rest = BPFXX_TRY(payload.after(r.offset));
        BPFXX_ROLLED for (u32 i = 0; i < longest_tag; i++) {
            if (i >= r.size) break;
            key.tag[i] = BPFXX_TRY(rest.read<u8>(i));
        }
    }
    }
    return reason::none;
}

template <class L4> BPFXX_INLINE auto decide(L4 const &l4) -> result<decision> {
    auto const set = in_force.lookup(0).value_or(0) & 1;
    auto const &r = *BPFXX_TRY(rule_sets.lookup(set));
    if (!(l4.template is<net::udp>() ? r.udp : r.tcp)) return reason::not_found;
    u32 const to = l4.destination().value();
    auto const sets = BPFXX_TRY(watched.lookup(to));
    if ((*sets >> set & 1) == 0) return reason::not_found;
    auto const payload = l4.payload();
    u32 const size = payload.size();
    u32 const stated = l4.visit([&](auto const &h) BPFXX_LAMBDA -> u32 {
        if constexpr (requires { h.length; })
            return h.length.value() - sizeof(net::udp);
        else
            return size;
    });
    if (stated != size) return reason::truncated;                          // the rest is in other fragments, or nowhere
    if (l4.template is<net::tcp>() && size == 0) return reason::not_found; // it only acknowledges, opens or closes
    if (size < r.least || size > r.most)
        return decision{r.bad_size_drops ? outcome::bad_size_dropped : outcome::bad_size_passed, {}};

    entity_key key{};
    key.set = set;
    if (auto const why = read_tag(payload, r, key); why != reason::none) return why;
    decision found{outcome::remapped, {}};
    if (entities.lookup(key).then([&](entity const &e) BPFXX_LAMBDA {
            found.port = e.port;
            counted.lookup(e.slot).then([&](entity_tally &t) BPFXX_LAMBDA {
                __atomic_fetch_add(&t.packets, 1, __ATOMIC_RELAXED);
                __atomic_fetch_add(&t.bytes, size, __ATOMIC_RELAXED);
                t.last = helper::ktime_get_boot_ns();
            });
        }))
        return found;
    if (r.unknown == static_cast<u32>(for_unknown::drop)) return decision{outcome::unknown_dropped, {}};
    if (r.unknown == static_cast<u32>(for_unknown::pass)) return decision{outcome::unknown_passed, {}};
    return decision{outcome::to_default, r.unknown_port};
}
BPFXX_INLINE auto remaps(outcome o) -> bool { return o == outcome::remapped || o == outcome::to_default; }
BPFXX_INLINE auto drops(outcome o) -> bool { return o == outcome::bad_size_dropped || o == outcome::unknown_dropped; }
BPFXX_INLINE auto tell(outcome o) -> void {
    outcomes.lookup(static_cast<u32>(o)).then([](u64 &n) BPFXX_LAMBDA { ++n; });
}

/// A fragment has not the datagram's size.
using any_ip = either<net::unfragmented_ipv4, net::unfragmented_ipv6>;

BPFXX_COUNT(entity_remap, counters);
BPFXX_XDP(entity_remap)(xdp::packet packet) {
    auto [eth, tags, ip, l4] =
        BPFXX_TRY(packet.parse<exactly, net::ethernet, up_to<2, net::vlan>, any_ip, either<net::udp, net::tcp>>());
    auto const d = BPFXX_TRY(decide(l4));
    tell(d.what);
    if (remaps(d.what)) packet.rewrite(l4).destination(d.port);
    return drops(d.what) ? xdp::drop : xdp::pass;
}

BPFXX_TC(entity_tee)(tc::packet packet) {
    auto const mark = packet.mark();
    if (mark == copy_mark) {
        packet.set_mark(0);
        return tc::unspec;
    }
    auto whole = BPFXX_TRY(move(packet).pull(packet.length()));
    auto [eth, tags, ip, l4] =
        BPFXX_TRY(whole.parse<exactly, net::ethernet, up_to<2, net::vlan>, any_ip, either<net::udp, net::tcp>>());
    auto const d = BPFXX_TRY(decide(l4));
    tell(d.what);
    if (!remaps(d.what)) return tc::unspec;
    auto const before = l4.destination();
    auto copied = move(whole).rewrite(l4).destination(d.port).done();
    copied.set_mark(copy_mark);
    helper::clone_redirect(copied.raw(), copied.interface_index(), BPF_F_INGRESS);
    copied.set_mark(mark);
    auto [eth_2, tags_2, ip_2, l4_2] =
        BPFXX_TRY(copied.parse<exactly, net::ethernet, up_to<2, net::vlan>, any_ip, either<net::udp, net::tcp>>());
    move(copied).rewrite(l4_2).destination(before);
    return tc::unspec;
}
