// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "entry.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet;

TEST_CASE("an entry point is in the section of its type") {
    auto const &programs = host::objects().at("").programs;
    CHECK(programs.at("as_frame").section == "xdp");
    CHECK(programs.at("as_skb").section == "tc");
    CHECK(programs.at("a_2345678901234").section == "cgroup_skb/ingress");
}

TEST_CASE("one parser gives one answer in every type of program") {
    both frame{as_frame}, skb{as_skb}, from_ip{a_2345678901234};
    auto const options = test::byte_string(8, 1);
    auto const eth = [] { return packet{}.ethernet(); };
    test::byte_string const packets[] = {
        eth().ipv4().udp({.src = 2}).payload("12345678needle"),
        eth().ipv4({.options = options}).tcp({.src = 3, .options = options}).payload("needle").padded(120),
        eth().ipv6().hop_by_hop().destination().udp({.src = 1}).payload("  needle  "),
        eth().ipv6().tcp({.src = 0}).payload("text"),
        eth().ipv4({.more_fragments = true}).udp().payload("123"),
        eth().ipv4({.fragment_offset = 2}).udp().payload("123"),
        eth().ipv6().fragment({.offset = 3}).udp(),
        eth().ipv4({.ihl = 4}).tcp(),
        eth().ipv4().tcp({.data_offset = u8{4}}),
        eth().ipv4().icmp(),
        eth().ipv4({.total_length = u16{9}}).udp(),
    };
    auto const same = [](test::answer const &a, test::answer const &b) {
        return a.why == b.why && std::memcmp(&a.left, &b.left, sizeof a.left) == 0;
    };
    for (auto const &whole : packets)
        for (auto length = whole.size(); length > 0; length--) {
            test::byte_string const cut{whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)};
            auto const a = frame.run(cut), b = skb.run(cut);
            if (!same(a, b) || a.bytes != b.bytes || (a.verdict == xdp::drop) != (b.verdict == tc::reclassify))
                FAIL(test::hex(cut) << "\nXDP: " << a << "\nTC: " << b);
            if (length < 15) continue;
            auto const c = from_ip.run(cut);
            if (!same(a, c)) FAIL(test::hex(cut) << "\nXDP: " << a << "\ncgroup: " << c);
        }
    test::byte_string const tagged = eth().vlan(3).vlan(4, 0x88a8).ipv4().udp({.src = 0}).payload("needle");
    CHECK(same(frame.run(tagged), skb.run(tagged)));
    CHECK(frame.run(tagged).number(6) == 0);
    CHECK(skb.run(eth().vlan().vlan().vlan().ipv4().udp()).why ==
          frame.run(eth().vlan().vlan().vlan().ipv4().udp()).why);
}
