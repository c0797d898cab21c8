// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Settings, and an entry point written out.
#include <bpfxx/kernel/xdp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;

struct options {
    u32 limit;
    be16 port;
    u8 on;
    u8 table[5];
};
BPFXX_CONFIG(options, config);
BPFXX_CONFIG(u64, factor);

BPFXX_XDP(configured)(xdp::packet packet) {
    auto const first = BPFXX_TRY(packet.payload().read<u8>());
    u32 sum = 0;
    for (u32 i = 0; i < 5; i++) sum += config.table[i];
    observe(reason::none, config.limit, config.on, sum, factor, first * factor);
    return config.on && first > config.limit ? xdp::drop : xdp::pass;
}

BPFXX_PROGRAM("xdp", written_out, xdp::context *context) {
    u64 const size = static_cast<u64>(xdp::end(*context) - xdp::begin(*context));
    observe(reason::none, size);
    return size > 20 ? xdp::drop : xdp::pass;
}
BPFXX_LICENSE("GPL");
