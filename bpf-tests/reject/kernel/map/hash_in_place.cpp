// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A key on the program's stack is given as a copy.
// BPF ONLY
// OPTIMISED
// EXPECT: this key is the program's own: lookup(key)
#include <bpfxx/kernel/map/hash.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ipv4.hpp>
using namespace bpfxx;

BPFXX_MAP(blocked, spec::hash<net::ip_address, u64, 16>);

BPFXX_XDP(reject)(xdp::packet packet) {
    auto ip = BPFXX_TRY(packet.parse<net::ipv4>());
#ifdef BPFXX_ACCEPT
    return blocked.lookup(ip->source()) ? xdp::drop : xdp::pass;
#else
    return blocked.lookup_in_place(ip->source()) ? xdp::drop : xdp::pass;
#endif
}
