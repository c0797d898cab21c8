// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The value of a map is of its type.
// EXPECT: flow
#include <bpfxx/kernel/map/hash.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ip_address.hpp>
using namespace bpfxx;

struct flow {
    u64 packets, bytes;
};
BPFXX_MAP(flows, spec::hash<net::ip_address, flow, 16>);

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    flows.update(net::ip_address{}, flow{1, 60});
    return xdp::pass;
#else
    flows.update(net::ip_address{}, 1);
    return xdp::pass;
#endif
}
