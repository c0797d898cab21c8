// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The life of a cgroup's TCP connections.
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/sock_ops.hpp>
#include <kernel/socket_maps.hpp>
#include <support/observe.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");
BPFXX_MAP(events, spec::array<u64, 16>);

BPFXX_COUNT(life, counts, sock_ops::counters);
BPFXX_SOCK_OPS(life)(sock_ops::call call) {
    auto const what = call.what();
    events.lookup(static_cast<u32>(what)).then([](u64 &n) BPFXX_LAMBDA {
        __atomic_fetch_add(&n, 1, __ATOMIC_SEQ_CST);
    });
    switch (what) {
    case sock_ops::event::timeout_init: call.reply(50); return sock_ops::done;
    case sock_ops::event::active_established:
        call.ask_for(sock_ops::wish::state_change | sock_ops::wish::round_trip);
        call.add_to(sockets, u32{0});
        test::observe(reason::none, call.family(), call.local_port(), call.remote_port(), call.local_ip4(),
                      call.remote_ip4(), call.state(), call.cookie() != 0, call.local_ip6<0>(), call.local_ip6<1>(),
                      call.local_ip6<2>(), call.local_ip6<3>(), call.remote_ip6<0>(), call.remote_ip6<1>(),
                      call.remote_ip6<2>(), call.remote_ip6<3>());
        return sock_ops::done;
    case sock_ops::event::state_change:
        return call.argument<0>() == call.argument<1>() || call.round_trip() > 1000000 ||
                       call.bytes_received() > call.bytes_acknowledged() + 1000000
                   ? sock_ops::ignored
                   : sock_ops::done;
    default: return sock_ops::done;
    }
}
