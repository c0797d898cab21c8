// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// One socket for many ports.
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/sk_lookup.hpp>
#include <kernel/socket_maps.hpp>
#include <support/observe.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");
BPFXX_COUNT(choose, counts, sk_lookup::counters);
BPFXX_SK_LOOKUP(choose)(sk_lookup::request request) {
    auto const port = request.local_port().value();
    if (request.protocol() != 17) return sk_lookup::pass;
    test::observe(reason::none, request.family(), port, request.remote_port(), request.local_ip4(),
                  request.remote_ip4(), request.local_ip6<0>(), request.local_ip6<1>(), request.local_ip6<2>(),
                  request.local_ip6<3>(), request.remote_ip6<0>(), request.remote_ip6<1>(), request.remote_ip6<2>(),
                  request.remote_ip6<3>(), request.protocol());
    if (port == 6999) return sk_lookup::drop;
    if (port < 7000 || port > 7999) return sk_lookup::pass;
    u32 const index = port < 7900 ? 0 : 1;
    if (auto const why = request.assign(sockets, index); why != reason::none) return why;
    return sk_lookup::pass;
}
