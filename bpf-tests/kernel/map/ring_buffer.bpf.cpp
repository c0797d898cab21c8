// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A ring buffer that is sent what the packet asks for.
#include <bpfxx/kernel/map/ring_buffer.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;

BPFXX_MAP(events, spec::ring_buffer<4096>);

struct small {
    u32 number;
};
struct medium {
    u64 number;
    u8 text[50]; // padding behind it
};
struct large {
    u64 number[64];
};
struct request {
    u8 what, size;
    be32 number;
    u8 rest[8];
};

namespace {
template <class Record> BPFXX_INLINE auto fill(Record &r, u32 n) -> void {
    if constexpr (__is_same(Record, large)) {
        r.number[0] = n;
        r.number[63] = n + 1;
    } else
        r.number = n;
}
template <class Record> BPFXX_INLINE auto serve_with(request const &r) -> bool {
    u32 const n = r.number.value();
    if (r.what == 0) return events.reserve<Record>().submit([&](Record &record) BPFXX_LAMBDA { fill(record, n); });
    if (r.what == 1) { // reserved and not submitted: it is given back
        auto const room = events.reserve<Record>();
        return false;
    }
    if constexpr (__is_same(Record, large))
        return false; // no value for the stack
    else {
        Record record{};
        fill(record, n);
        return events.output(record);
    }
}
} // namespace

/// Sends the first bytes of a record only.
BPFXX_XDP(part, test::told)(xdp::packet packet) {
    auto [r] = BPFXX_TRY(packet.parse<request>());
    medium record{};
    record.number = r->number.value();
    bool const sent = events.output(record, r->size);
    observe(reason::none, sent);
    return xdp::pass;
}
BPFXX_XDP(send, test::told)(xdp::packet packet) {
    auto [r] = BPFXX_TRY(packet.parse<request>());
    bool sent = false;
    if (r->size == 0)
        sent = serve_with<small>(*r);
    else if (r->size == 1)
        sent = serve_with<medium>(*r);
    else
        sent = serve_with<large>(*r);
    observe(reason::none, sent);
    return sent ? xdp::pass : xdp::drop;
}

/// Two at a time, which end in the other order.
BPFXX_XDP(two)(xdp::packet) {
    auto first = events.reserve<small>();
    auto second = events.reserve<medium>();
    bool const later = second.submit([](medium &record) BPFXX_LAMBDA { record.number = 2; });
    bool const sooner = first.submit([](small &record) BPFXX_LAMBDA { record.number = 1; });
    bool const again = first.submit([](small &record) BPFXX_LAMBDA { record.number = 3; }); // it is gone
    observe(reason::none, sooner, later, again);
    return xdp::pass;
}
BPFXX_LICENSE("GPL");
