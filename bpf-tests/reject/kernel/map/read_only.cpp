// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A map that programs only read.
// EXPECT: BPF_F_RDONLY_PROG: programs only read this map
#include <bpfxx/kernel/map/hash.hpp>
#include <bpfxx/kernel/xdp.hpp>
using namespace bpfxx;

#ifdef BPFXX_ACCEPT
using rules_spec = spec::hash<u32, u64, 16>;
#else
using rules_spec = spec::hash<u32, u64, 16, map_options{.flags = BPF_F_RDONLY_PROG}>;
#endif
BPFXX_MAP(rules, rules_spec);

BPFXX_XDP(reject)(xdp::packet packet) {
    rules.update(packet.queue(), 1);
    return xdp::pass;
}
