// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A socket of a port is chosen where the kernel asks for one.
// EXPECT: only sk_reuseport programs choose a socket of a port
// BPF ONLY
#include <bpfxx/kernel/map/reuseport_sockarray.hpp>
#include <bpfxx/kernel/sk_reuseport.hpp>
#include <bpfxx/kernel/tc.hpp>
using namespace bpfxx;

BPFXX_MAP(group, spec::reuseport_sockarray<2>);

#ifdef BPFXX_ACCEPT
BPFXX_SK_REUSEPORT(reject)(sk_reuseport::packet packet) {
    return group.select(packet, 1) ? sk_reuseport::pass : sk_reuseport::drop;
}
#else
BPFXX_TC(reject)(tc::packet packet) { return group.select(packet, 1) ? tc::ok : tc::shot; }
#endif
