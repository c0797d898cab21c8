// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Sends what the packet asks for to user space.
#include <bpfxx/kernel/map/perf_event_array.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;

BPFXX_MAP(events, spec::perf_event_array<>);

struct request {
    be16 more; // bytes of the packet
    u8 large, rest[11];
};
struct small {
    u32 number;
};
struct large {
    u64 number[30];
};

BPFXX_XDP(send, test::told)(xdp::packet packet) {
    auto [r] = BPFXX_TRY(packet.parse<request>());
    u32 const more = r->more.value();
    bool sent = false;
    if (r->large != 0) {
        large record{};
        record.number[0] = more;
        sent = more == 0 ? events.output(packet, record) : events.output(packet, record, more);
    } else {
        small const record{more};
        sent = more == 0 ? events.output(packet, record) : events.output(packet, record, more);
    }
    observe(reason::none, sent);
    return xdp::pass;
}
BPFXX_LICENSE("GPL");
