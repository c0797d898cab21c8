// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The first chunk of an SCTP packet, and what stands in it.
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/sctp.hpp>
#include <bpfxx/net/sctp_chunk.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;
using test::told;

BPFXX_XDP(first_chunk, told)(xdp::packet packet) {
    auto [eth, ip, sctp, chunk] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::sctp, net::sctp_chunk>());
    observe(reason::none, chunk->type, chunk->flags, chunk->length, chunk.payload().size());
    return xdp::pass;
}
/// A chunk's own fields: the test's.
struct initiation {
    static constexpr auto id = net::sctp_chunk_type{1};
    be32 tag, window;
    be16 out_streams, in_streams;
    be32 tsn;
};
BPFXX_XDP(init, told)(xdp::packet packet) {
    auto [eth, ip, sctp] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::sctp>());
    auto [chunk, init] = BPFXX_TRY(sctp.next<net::sctp_chunk, initiation>());
    observe(reason::none, init->tag, init->out_streams, init->tsn, init.payload().size());
    return xdp::pass;
}
BPFXX_LICENSE("GPL");
