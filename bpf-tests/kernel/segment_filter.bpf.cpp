// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// What a TCP socket may be kept from: segments of a size, or while a switch says so; what is taken away comes again.
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/segment_filter.hpp>
#include <bpfxx/net/tcp.hpp>
#include <kernel/segments.hpp>

using namespace bpfxx;
BPFXX_LICENSE("GPL");
BPFXX_MAP(told, segments::told);

BPFXX_COUNT(guard, counted, segment_filter::counters);
BPFXX_SEGMENT_FILTER(guard)(segment_filter::packet segment) {
    auto const header = BPFXX_TRY(segment.load<net::tcp>());
    u32 const payload = segment.length() - header.size();
    if (payload == 0) return segment_filter::keep;
    auto *const t = BPFXX_TRY(told.lookup(0));
    auto const counts = BPFXX_TRY(segment.counts());
    ++t->segments;
    t->cookie = segment.cookie();
    t->received = counts.received;
    t->source = header.source().value();
    t->destination = header.destination().value();
    switch (t->order) {
    case segments::order::refuse: ++t->refused; return segment_filter::drop;
    case segments::order::four: ++t->cut; return segment.first(4);
    default: return segment_filter::keep;
    }
}
/// Nothing can be read there, so the policy answers: the connection never hears a thing.
BPFXX_SEGMENT_FILTER(strict, segment_filter::drop)(segment_filter::packet segment) {
    BPFXX_TRY(segment.load<net::tcp>(0xffff));
    return segment_filter::keep;
}
