// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The packet that comes out is the one that would have been sent with what was changed.
#include "rewrite_maybe.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string, test::joined;

namespace {
auto inside(packet p, u32 from, byte_string const &payload, bool summed) -> packet {
    p.ipv4({.src = from});
    if (summed)
        p.udp({.src = 5, .dst = 6});
    else
        p.udp({.src = 5, .dst = 6, .checksum = u16{0}});
    return p.payload(payload);
}
} // namespace

TEST_CASE("what changes in a packet counts for the sum of a tunnel around it, if there is one") {
    both run{in_a_tunnel};
    byte_string const before{1, 2, 3, 4, 5}, after{1, 0x41, 0x42, 4, 5}, gue{0, 4, 0, 0};
    for (bool const summed : {true, false}) {
        INFO(summed);
        auto const plain = [&](u32 from, byte_string const &payload) {
            return inside(packet{}.ethernet().ipv4(), from, payload, summed);
        };
        auto const a = run.run(plain(0x0a00'0001, before));
        CHECK(a.verdict == xdp::tx);
        CHECK(a.bytes == byte_string(plain(0xcb00'7107, after)));
        auto const tunnelled = [&](u32 from, byte_string const &payload) {
            return packet{}
                .ethernet()
                .ipv4()
                .udp({.src = 7, .dst = 6080})
                .payload(joined(gue, inside(packet{}, from, payload, summed)));
        };
        auto const b = run.run(tunnelled(0x0a00'0001, before));
        CHECK(b.verdict == xdp::tx);
        CHECK(b.bytes == byte_string(tunnelled(0xcb00'7107, after)));
    }
}
