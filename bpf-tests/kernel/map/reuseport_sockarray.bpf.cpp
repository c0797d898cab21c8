// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Chooses the socket that the first byte of a datagram names.
#include <bpfxx/kernel/map/reuseport_sockarray.hpp>
#include <bpfxx/kernel/platform.hpp>

using namespace bpfxx;

using sockets_spec = spec::reuseport_sockarray<4>;
BPFXX_MAP(sockets, sockets_spec);

/// From the UDP header on.
BPFXX_PROGRAM("sk_reuseport", choose, ::sk_reuseport_md *context) {
    auto const *const data = static_cast<u8 const *>(context->data);
    if (data + 9 > static_cast<u8 const *>(context->data_end)) return SK_DROP;
    return sockets.select(context, data[8]) ? SK_PASS : SK_DROP;
}
BPFXX_LICENSE("GPL");
