// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Segments of more than 64 KiB, whose IP header has no room for their length.
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/tc.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");

/// Such segments, and how many of them a chain takes for TCP.
struct taken {
    u64 all, by_length, by_frame;
};
BPFXX_MAP(big_segments, spec::array<taken, 1>);

BPFXX_TC(big)(tc::packet packet) {
    if (packet.length() <= 65536 + 14) return tc::unspec;
    auto *const count = BPFXX_TRY(big_segments.lookup(0));
    ++count->all;
    if (packet.parse<net::ethernet, either<net::ipv4, net::ipv6>, net::tcp>()) ++count->by_length;
    if (packet.parse<ignoring_lengths, net::ethernet, either<net::ipv4, net::ipv6>, net::tcp>()) ++count->by_frame;
    return tc::unspec;
}
