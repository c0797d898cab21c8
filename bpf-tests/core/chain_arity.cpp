// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "chain_arity.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet;

TEST_CASE("one to twelve headers in one chain") {
    both one{chain_of_1};
    auto const frame = packet{}.ethernet({.type = u16{0x1234}}).payload("abc").bytes();
    auto const a = one.run(frame);
    CHECK(a.number(0) == 0x1234);
    CHECK(a.number(1) == 3);
    one.sweep(frame, 14);

    using program = int (*)(xdp::context *);
    program const programs[] = {chain_of_2, chain_of_3, chain_of_4,  chain_of_5,  chain_of_6, chain_of_7,
                                chain_of_8, chain_of_9, chain_of_10, chain_of_11, chain_of_12};
    for (u32 tags = 1; tags <= 11; tags++) {
        INFO(tags + 1);
        both run{programs[tags - 1]};
        auto p = packet{}.ethernet();
        u64 sum = 1; // Ethernet says that a tag follows
        for (u32 i = 0; i < tags; i++) {
            p.vlan(static_cast<u16>(1 << i));
            if (i + 1 < tags) sum += 1u << i;
        }
        auto const needed = p.size();
        auto const bytes = p.payload("payload").bytes();
        auto const all = run.run(bytes);
        CHECK(all.why == reason::none);
        CHECK(all.number(0) == sum);
        CHECK(all.number(1) == 1u << (tags - 1));
        CHECK(all.number(2) == 7);
        run.sweep(bytes, needed);
        CHECK(run.run(packet{}.ethernet({.type = u16{0x0800}}).vlan().payload(test::byte_string(60))).why ==
              reason::other_protocol);
    }
}
