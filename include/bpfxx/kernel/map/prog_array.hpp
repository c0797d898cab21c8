// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/core/reason.hpp>
#include <bpfxx/kernel/map/declare.hpp>

namespace bpfxx::map {
/// BPF_MAP_TYPE_PROG_ARRAY (Linux 4.2): programs to go on in. All are of the type of the program that calls them.
BPFXX_MAP_FIELDS_BEGIN
template <u32 Capacity, u64 Options> struct prog_array {
    int (*type)[BPF_MAP_TYPE_PROG_ARRAY];
    u32 *key, *value;
    int (*max_entries)[Capacity];
    BPFXX_MAP_OPTIONS(Options);

    /// Goes on in the program at the index, which gets the same packet and answers in place of this one. It comes back
    /// only if there is none, or after 33 calls in a row: `return next.call(packet, 3);` answers the reason not_found.
    /// The index may be of an enum that names the programs.
    template <class Packet, class Index> BPFXX_INLINE auto call(Packet const &packet, Index index) -> reason {
        static_assert(
            context_itself<Packet> || !requires { typename Packet::to_be_given_back; },
            "no tail calls here: the copy of the packet is given back where the program ends");
        helper::tail_call(context_of(packet), this, static_cast<u32>(index));
        return reason::not_found;
    }
};
BPFXX_MAP_FIELDS_END
} // namespace bpfxx::map

namespace bpfxx {
template <u32 Capacity, map_options O>
auto declared(map_spec<map_kind::prog_array, u32, u32, Capacity, O> *) -> map::prog_array<Capacity, O.code()>;
} // namespace bpfxx
