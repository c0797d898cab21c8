// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// An own header that does not say by which key it is reached.
// EXPECT: a header that stands behind another needs an id
// EXPECT: nameless
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/tcp.hpp>
using namespace bpfxx;

struct nameless {
    be16 length;
};
struct named {
    static constexpr auto id = any<net::tcp_port>{};
    be16 length;
};

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::tcp, named>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::tcp, nameless>() ? xdp::drop : xdp::pass;
#endif
}
