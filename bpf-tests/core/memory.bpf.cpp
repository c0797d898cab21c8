// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Words of a packet at addresses of every alignment, and comparisons of every length.
#include <bpfxx/core/endian.hpp>
#include <bpfxx/kernel/tc.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;

struct block {
    u8 raw[40];
};

BPFXX_XDP(loads)(xdp::packet packet) {
    auto [b] = BPFXX_TRY(packet.parse<block>());
    auto const *const at = b->raw;
    observe(reason::none, load<u8>(at + 1), network_order(load<u16>(at + 1)), network_order(load<u32>(at + 1)),
            network_order(load<u64>(at + 1)), network_order(load<u16>(at + 6)), network_order(load<u32>(at + 10)),
            network_order(load<u64>(at + 12)), network_order(load<u64>(at + 32)));
    return xdp::pass;
}

BPFXX_XDP(stores)(xdp::packet packet) {
    auto [b] = BPFXX_TRY(packet.parse<block>());
    packet.raw(b, [](block &h) BPFXX_LAMBDA {
        store<u8>(h.raw, 0x01);
        store(h.raw + 1, network_order(u16{0x0203}));
        store(h.raw + 3, network_order(u32{0x0405'0607}));
        store(h.raw + 7, network_order(u64{0x0809'0a0b'0c0d'0e0f}));
        store(h.raw + 32, network_order(u64{0x1112'1314'1516'1718}));
    });
    return xdp::pass;
}

BPFXX_XDP(compares)(xdp::packet packet) {
    auto [b] = BPFXX_TRY(packet.parse<block>());
    constexpr char const text[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    auto const *const at = b->raw;
    u64 mask = equal_bytes<0>(at, text);
    mask |= u64{equal_bytes<1>(at, text)} << 1 | u64{equal_bytes<2>(at, text)} << 2;
    mask |= u64{equal_bytes<3>(at, text)} << 3 | u64{equal_bytes<4>(at, text)} << 4;
    mask |= u64{equal_bytes<5>(at, text)} << 5 | u64{equal_bytes<6>(at, text)} << 6;
    mask |= u64{equal_bytes<7>(at, text)} << 7 | u64{equal_bytes<8>(at, text)} << 8;
    mask |= u64{equal_bytes<9>(at, text)} << 9 | u64{equal_bytes<12>(at, text)} << 12;
    mask |= u64{equal_bytes<15>(at, text)} << 15 | u64{equal_bytes<16>(at, text)} << 16;
    mask |= u64{equal_bytes<17>(at, text)} << 17 | u64{equal_bytes<31>(at, text)} << 31;
    observe(reason::none, mask, equal_bytes<8>(at + 1, text), equal_bytes<3>(at + 3, text));
    return xdp::pass;
}
/// Words at odd offsets, in bytes that a helper has copied to the stack.
struct odd {
    u8 first;
    be32 word;
    be16 half;
    be64 wide;
    u8 rest[3];
};
BPFXX_TC(copies)(tc::packet packet) {
    from_helper<odd> copy;
    if (helper::skb_load_bytes(packet.raw(), 14, copy.at(), sizeof(odd)) != 0) return tc::shot;
    auto const is = copy.value();
    observe(reason::none, is.first, is.word, is.half, is.wide, is.rest[2]);
    return tc::ok;
}
BPFXX_LICENSE("GPL");
