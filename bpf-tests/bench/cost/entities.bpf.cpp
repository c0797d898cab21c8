// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Lookups of entities by number, any of as many as the packet says, as entity_remap has them in its map. With -DEMPTY the
/// same without the lookup.
#include <bpfxx/kernel/map/hash.hpp>
#include <bpfxx/kernel/repeat.hpp>
#include <bpfxx/kernel/xdp.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");

#ifndef AMP
#define AMP 1
#endif

struct front {
    u8 before[26];
    be32 entities; // where an IPv4 packet has its source
};
struct port {
    u32 number;
};
BPFXX_MAP(entities, spec::hash<u32, port, 1 << 20>);

BPFXX_XDP(find_entities)(xdp::packet packet) {
    auto [in] = BPFXX_TRY(packet.parse<front>());
    u64 const known = in->entities.value();
    u32 const start = helper::get_prandom_u32();
    u32 wrong = 0;
    repeat(AMP, [&](u32 i) BPFXX_LAMBDA {
        auto const any = static_cast<u32>(start + i * 2654435761u);
        auto const entity = static_cast<u32>(any * known >> 32);
#ifdef EMPTY
        wrong |= entity ^ opaque(entity);
#else
        wrong |= entities.lookup(entity).value_or(port{~entity}).number ^ entity;
#endif
    });
    return wrong == 0 ? xdp::drop : xdp::pass;
}
