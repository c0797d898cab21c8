// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The kernel shows filters of sockets no addresses.
// EXPECT: no member named 'remote_ip4'
#include <bpfxx/kernel/segment_filter.hpp>
using namespace bpfxx;

BPFXX_SEGMENT_FILTER(reject)(segment_filter::packet segment) {
#ifdef BPFXX_ACCEPT
    return segment.cookie() == 7 ? segment_filter::drop : segment_filter::keep;
#else
    return segment.remote_ip4() == be32{1} ? segment_filter::drop : segment_filter::keep;
#endif
}
