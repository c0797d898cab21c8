// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A struct without fields is no header.
// EXPECT: a header is a struct of bytes and wire values
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/tcp.hpp>
using namespace bpfxx;

struct empty {
    static constexpr auto id = net::tcp_port{7};
};
struct full {
    static constexpr auto id = net::tcp_port{7};
    u8 one;
};

BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    return packet.parse<net::tcp, full>() ? xdp::drop : xdp::pass;
#else
    return packet.parse<net::tcp, empty>() ? xdp::drop : xdp::pass;
#endif
}
