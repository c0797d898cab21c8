// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/kernel/map/declare.hpp>

namespace bpfxx::map {
template <class Packet> inline constexpr bool may_send = context_itself<Packet> || !requires {
    typename Packet::without_perf_events;
};

/// BPF_MAP_TYPE_PERF_EVENT_ARRAY (Linux 4.3): a buffer for each CPU, that user space opens. It may hold a part of the packet
/// behind each record; where that is not wanted, a ring buffer is faster and keeps the order.
BPFXX_MAP_FIELDS_BEGIN
template <u32 Capacity, u64 Options> struct perf_event_array {
    int (*type)[BPF_MAP_TYPE_PERF_EVENT_ARRAY];
    u32 *key, *value;
    int (*max_entries)[Capacity];
    BPFXX_MAP_OPTIONS(Options);

    /// Sends a copy; false if this CPU's buffer is full, or nobody has opened it.
    template <class Packet, class Record> BPFXX_INLINE auto output(Packet const &packet, Record const &record) -> bool {
        static_assert(may_send<Packet>, "programs of this type send no perf events: take a ring_buffer");
        return helper::perf_event_output(context_of(packet), this, BPF_F_CURRENT_CPU, handed<Record>{record}.at(),
                                         sizeof(Record)) == 0;
    }
    /// The same, and behind it the first bytes of the packet, which has as many at least.
    template <class Packet, class Record>
    BPFXX_INLINE auto output(Packet const &packet, Record const &record, u32 bytes) -> bool {
        static_assert(may_send<Packet>, "programs of this type send no perf events: take a ring_buffer");
        auto const flags = BPF_F_CURRENT_CPU | u64{bytes} << 32;
        return helper::perf_event_output(context_of(packet), this, flags, handed<Record>{record}.at(),
                                         sizeof(Record)) == 0;
    }
};
BPFXX_MAP_FIELDS_END
} // namespace bpfxx::map

namespace bpfxx {
template <u32 Capacity, map_options O>
auto declared(map_spec<map_kind::perf_event_array, u32, u32, Capacity, O> *)
    -> map::perf_event_array<Capacity, O.code()>;
} // namespace bpfxx
