// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A value with a lock is not copied: the verifier lets nobody read the lock.
// EXPECT: a lock or a timer cannot be copied: take what you need in then()
#include <bpfxx/kernel/lock.hpp>
#include <bpfxx/kernel/map/hash.hpp>
#include <bpfxx/kernel/xdp.hpp>
using namespace bpfxx;

struct account {
    bpf_spin_lock lock;
    u32 packets;
};
BPFXX_MAP(accounts, spec::hash<u32, account, 16>);

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    u32 packets = 0;
    accounts.lookup(packet.queue()).then([&](account &a) BPFXX_LAMBDA { packets = a.packets; });
#else
    u32 const packets = accounts.lookup(packet.queue()).value_or({}).packets;
#endif
    return packets == 0 ? xdp::drop : xdp::pass;
}
