// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Loops over a packet's bytes, longer than the verifier would follow.
#include <bpfxx/kernel/repeat.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;

BPFXX_XDP(add_up, test::told)(xdp::packet packet) {
    auto const all = packet.payload();
    u32 const wanted = BPFXX_TRY(all.read<be32>(0)).value();
    u64 sum = 0, last = 0;
    u32 const calls = repeat(wanted, [&](u32 i) BPFXX_LAMBDA {
        auto const byte = all.read<u8>(i);
        if (!byte) return iteration::stop;
        sum += byte.value_or(0);
        last = i;
        return iteration::go_on;
    });
    u32 const plain = repeat(7, [&](u32 i) BPFXX_LAMBDA { last += i; });
    observe(reason::none, calls, sum, last, plain);
    return xdp::pass;
}
/// What a body refers to lies on the stack: wire values there, beside what is of an odd size.
struct seat {
    be32 row;
    be16 number;
    u8 kind, floor;
};
BPFXX_INLINE auto find_seat(seat const &wanted, xdp::packet packet) -> u32 {
    u16 found = 0;
    u8 floors = 0;
    auto const all = packet.payload();
    repeat(4, [&](u32 i) BPFXX_LAMBDA {
        auto const one = all.read<seat>(8 + 8 * i);
        if (!one) return iteration::stop;
        if (auto const s = one.value_or({}); s.row == wanted.row && s.number == wanted.number)
            found = static_cast<u16>(i + 1);
        floors = static_cast<u8>(floors + wanted.floor);
        return iteration::go_on;
    });
    return found + floors * 100u;
}
BPFXX_XDP(seats, test::told)(xdp::packet packet) {
    auto const wanted = BPFXX_TRY(packet.payload().read<seat>());
    bool first = wanted.kind == 1;
    u32 const found = find_seat({wanted.row, wanted.number, wanted.kind, wanted.floor}, packet);
    repeat(2, [&](u32) BPFXX_LAMBDA { first = !first; });
    observe(reason::none, found, first);
    return xdp::pass;
}
BPFXX_LICENSE("GPL");
