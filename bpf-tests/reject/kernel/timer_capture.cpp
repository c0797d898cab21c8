// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// What a timer calls runs when the program is over.
// EXPECT: what runs later cannot capture what is there now: leave it in the value
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/timer.hpp>
#include <bpfxx/kernel/xdp.hpp>
using namespace bpfxx;

struct ticker {
    bpf_timer timer;
    u64 ticks;
};
BPFXX_MAP(tickers, spec::array<ticker, 1>);

BPFXX_XDP(reject)(xdp::packet packet) {
    auto *const t = BPFXX_TRY(tickers.lookup(0));
    u64 const length = packet.payload().size();
#ifdef BPFXX_ACCEPT
    t->ticks = length;
    start_timer(tickers, *t, 1000, [](u32 const &, ticker &own) BPFXX_LAMBDA { own.ticks++; });
#else
    start_timer(tickers, *t, 1000, [=](u32 const &, ticker &own) BPFXX_LAMBDA { own.ticks = length; });
#endif
    return xdp::pass;
}
