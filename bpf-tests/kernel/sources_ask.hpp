// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Packets for parsers of sources.hpp that start with the Ethernet header.
#include <support/both.hpp>
#include <support/packet.hpp>

namespace bpfxx::test {
/// Whether both programs answer the same, to packets of every kind and length.
inline auto check_same(both &one, both &other) -> void {
    for (auto const &bytes :
         {packet{}.ethernet().ipv4().tcp({.dst = 80}).payload("GET /").bytes(),
          packet{}.ethernet().vlan().ipv6().udp({.dst = 53}).payload(byte_string(1400, 7)).bytes(),
          packet{}.ethernet().ipv4({.fragment_offset = 8}).udp().bytes(), packet{}.ethernet().ipv4().icmp().bytes(),
          packet{}.ethernet().ipv4().tcp().payload(byte_string(300, 1)).bytes()})
        for (auto length = std::size_t{14}; length <= bytes.size(); length += length < 300 ? 1 : 97) {
            auto const cut = std::vector<u8>(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length));
            if (!(one.run(cut) == other.run(cut))) FAIL("differs at " << length);
        }
    SUCCEED();
}
} // namespace bpfxx::test
