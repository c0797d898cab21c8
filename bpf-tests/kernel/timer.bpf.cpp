// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Flows that are forgotten after a time.
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/map/hash.hpp>
#include <bpfxx/kernel/timer.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;

struct flow {
    u64 packets, rings;
    bpf_timer timer;
};
using flows_spec = spec::hash<u32, flow, 16>;
BPFXX_MAP(flows, flows_spec);
struct ticker {
    bpf_timer timer;
    u64 ticks;
};
BPFXX_MAP(clocks, spec::array<ticker, 2>);

struct request {
    be32 key, milliseconds;
    u8 what, rest[5];
};

/// 0: the flow is erased after a time without packets. 1: cancels that. 2: a clock that ticks. 3: stops it.
BPFXX_XDP(touch, test::told)(xdp::packet packet) {
    auto [r] = BPFXX_TRY(packet.parse<request>());
    u32 const key = r->key.value();
    u64 const time = u64{r->milliseconds.value()} * 1'000'000;
    i64 answer = 0;
    u64 packets = 0;
    if (r->what == 0) {
        if (!flows.lookup(key)) flows.update(key, flow{});
        auto *const f = BPFXX_TRY(flows.lookup(key));
        packets = ++f->packets;
        answer = start_timer(flows, *f, time, [](u32 const &k, flow &) BPFXX_LAMBDA { flows.erase(k); });
    } else if (r->what == 1) {
        answer = cancel_timer(*BPFXX_TRY(flows.lookup(key)));
    } else if (r->what == 2) {
        auto *const c = BPFXX_TRY(clocks.lookup(key));
        answer = start_timer(clocks, *c, time, [](u32 const &, ticker &own) BPFXX_LAMBDA -> u64 {
            return ++own.ticks < 5 ? 2'000'000 : 0;
        });
    } else {
        answer = cancel_timer(*BPFXX_TRY(clocks.lookup(key)));
    }
    observe(reason::none, answer, packets);
    return xdp::pass;
}
BPFXX_LICENSE("GPL");
