// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A walk without a bound that a verifier could follow.
// EXPECT: a walk is bounded: state how many headers to look at, at most 32
#include <bpfxx/kernel/walker.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
using namespace bpfxx;

BPFXX_WALKER(over, xdp, net::ethernet);
BPFXX_XDP(reject)(xdp::packet packet) {
#ifdef BPFXX_ACCEPT
    auto const end = walk<32, over>(packet, [](auto const &) BPFXX_LAMBDA {});
#else
    auto const end = walk<33, over>(packet, [](auto const &) BPFXX_LAMBDA {});
#endif
    return end.why;
}
