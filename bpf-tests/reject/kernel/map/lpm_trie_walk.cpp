// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// No program walks over an LPM trie.
// EXPECT: the kernel walks over no LPM trie: user space does
#include <bpfxx/kernel/map/hash.hpp>
#include <bpfxx/kernel/map/lpm_trie.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ip_address.hpp>
using namespace bpfxx;

BPFXX_MAP(routes, spec::lpm_trie<be32, u64, 16>);
BPFXX_MAP(flows, spec::hash<be32, u64, 16>);

BPFXX_XDP(reject)(xdp::packet) {
    u64 sum = 0;
#ifdef BPFXX_ACCEPT
    flows.for_each([&](be32 const &, u64 const &n) BPFXX_LAMBDA { sum += n; });
#else
    routes.for_each([&](lpm_key<be32> const &, u64 const &n) BPFXX_LAMBDA { sum += n; });
#endif
    return sum > 7 ? xdp::drop : xdp::pass;
}
