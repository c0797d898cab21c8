// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/kernel/map/declare.hpp>

namespace bpfxx::map {
/// BPF_MAP_TYPE_REUSEPORT_SOCKARRAY (Linux 4.19): sockets that share a port (SO_REUSEPORT), of which an sk_reuseport program
/// chooses one.
BPFXX_MAP_FIELDS_BEGIN
template <u32 Capacity, u64 Options> struct reuseport_sockarray {
    int (*type)[BPF_MAP_TYPE_REUSEPORT_SOCKARRAY];
    u32 *key;
    u64 *value;
    int (*max_entries)[Capacity];
    BPFXX_MAP_OPTIONS(Options);

    /// This socket is to have the packet if the program passes it. False if there is none, or it is not of this port: then
    /// the kernel chooses.
    template <class Packet> BPFXX_INLINE auto select(Packet const &packet, u32 index) -> bool {
        static_assert(__is_same(decltype(context_of(packet)), ::sk_reuseport_md *),
                      "only sk_reuseport programs choose a socket of a port");
        return helper::sk_select_reuseport(context_of(packet), this, &index, 0) == 0;
    }
};
BPFXX_MAP_FIELDS_END
} // namespace bpfxx::map

namespace bpfxx {
template <u32 Capacity, map_options O>
auto declared(map_spec<map_kind::reuseport_sockarray, u32, u64, Capacity, O> *)
    -> map::reuseport_sockarray<Capacity, O.code()>;
} // namespace bpfxx
