// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Bytes are sent to a socket from a socket.
// EXPECT: only sk_skb and sk_msg programs send to a socket
// BPF ONLY
#include <bpfxx/kernel/map/sockmap.hpp>
#include <bpfxx/kernel/segment_filter.hpp>
#include <bpfxx/kernel/sk_skb.hpp>
using namespace bpfxx;

BPFXX_MAP(sockets, spec::sockmap<2>);

#ifdef BPFXX_ACCEPT
BPFXX_STREAM_VERDICT(reject)(sk_skb::packet packet) { return sockets.redirect(packet, 1); }
#else
BPFXX_SEGMENT_FILTER(reject)(segment_filter::packet packet) { return sockets.redirect(packet, 1); }
#endif
