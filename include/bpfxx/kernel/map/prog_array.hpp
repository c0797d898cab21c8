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
    int (*map_flags)[flags_in(Options)];
    int (*pinning)[pinning_in(Options)];

    /// Goes on in the program at the index, which gets the same packet and answers in place of this one. It comes back
    /// only if there is none, or after 33 calls in a row: `return next.call(packet, 3);` answers the reason not_found.
    template <class Packet> BPFXX_INLINE auto call(Packet const &packet, u32 index) -> reason {
        if constexpr (requires { packet.raw(); })
            helper::tail_call(packet.raw(), this, index);
        else
            helper::tail_call(packet, this, index); // a context itself
        return reason::not_found;
    }
};
BPFXX_MAP_FIELDS_END
} // namespace bpfxx::map

namespace bpfxx {
template <u32 Capacity, map_options O>
auto declared(map_spec<map_kind::prog_array, u32, u32, Capacity, O> *) -> map::prog_array<Capacity, O.code()>;
} // namespace bpfxx
