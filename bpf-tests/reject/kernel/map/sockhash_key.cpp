// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The key of a map of sockets has a type.
// EXPECT: no matching member function for call to 'redirect'
// EXPECT GCC: no matching function for call to
#include <bpfxx/kernel/map/sockhash.hpp>
#include <bpfxx/kernel/sk_skb.hpp>
using namespace bpfxx;
using by_port = spec::sockhash<be16, 16>;

BPFXX_MAP(ports, by_port);
BPFXX_STREAM_VERDICT(reject)(sk_skb::packet packet) {
#ifdef BPFXX_ACCEPT
    return ports.redirect(packet, packet.remote_port());
#else
    return ports.redirect(packet, packet.cookie());
#endif
}
