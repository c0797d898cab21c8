// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The integers as each compiler and target has them.
#include <bpfxx/kernel/xdp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;

struct numbers {
    u8 raw[8];
};

BPFXX_XDP(sizes)(xdp::packet) {
    u64 const unsigned_ones = (sizeof(u8) == 1) + (sizeof(u16) == 2) + (sizeof(u32) == 4) + (sizeof(u64) == 8);
    u64 const signed_ones = (sizeof(i8) == 1) + (sizeof(i16) == 2) + (sizeof(i32) == 4) + (sizeof(i64) == 8);
    observe(reason::none, unsigned_ones, signed_ones, static_cast<u64>(static_cast<i8>(-1)),
            static_cast<u64>(static_cast<i16>(-1)), static_cast<u64>(static_cast<i32>(-1)), static_cast<u16>(-1),
            static_cast<u32>(-1));
    return xdp::pass;
}

/// Arithmetic on bytes of the packet, so that nothing is known while compiling.
BPFXX_XDP(arithmetic)(xdp::packet packet) {
    auto [n] = BPFXX_TRY(packet.parse<numbers>());
    u8 const a = n->raw[0], b = n->raw[1];
    auto const wide = static_cast<u64>(a) << 56 | b;
    u64 rolled = 0;
    BPFXX_ROLLED for (u32 i = 0; i < 8; i++) rolled = rolled * 257 + n->raw[i];
    observe(reason::none, static_cast<u8>(a + b), static_cast<u8>(a - b), static_cast<u16>(a * b * 1000),
            static_cast<u32>(a) << 24, wide, static_cast<u64>(static_cast<i8>(a)), a >= b, rolled);
    return xdp::pass;
}
BPFXX_LICENSE("GPL");
