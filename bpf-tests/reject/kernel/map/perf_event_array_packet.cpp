// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Not every program may send perf events.
// EXPECT: send no perf events: take a ring_buffer
// BPF ONLY
#include <bpfxx/kernel/flow_dissector.hpp>
#include <bpfxx/kernel/map/perf_event_array.hpp>
#include <bpfxx/kernel/map/ring_buffer.hpp>
using namespace bpfxx;

BPFXX_MAP(events, spec::perf_event_array<>);
BPFXX_MAP(records, spec::ring_buffer<4096>);

BPFXX_FLOW_DISSECTOR(reject)(flow_dissector::packet packet) {
#ifdef BPFXX_ACCEPT
    records.output(packet.keys().thoff);
#else
    events.output(packet, packet.keys().thoff);
#endif
    return flow_dissector::fall_back;
}
