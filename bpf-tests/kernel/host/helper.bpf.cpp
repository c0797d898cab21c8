// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The helpers that the host has too. Oldest kernel: 5.18.
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/map/ring_buffer.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;

BPFXX_MAP(ring, spec::ring_buffer<4096>);

struct request {
    be32 offset, count;
    be64 flags;
};

static auto add(u32 index, void *data) -> i64 {
    auto &sum = *static_cast<u64 *>(data);
    sum += index;
    return sum > 1000;
}

BPFXX_PROGRAM("xdp", loads, xdp::context *context) {
    xdp::packet const packet{context};
    auto const r = packet.payload().read<request>().value_or(request{});
    u64 word = 0x1111'1111'1111'1111;
    i64 const error = helper::xdp_load_bytes(context, r.offset.value(), &word, sizeof word);
    if (error) word = 0;
    observe(reason::none, error, network_order(word), helper::xdp_get_buff_len(context));
    return xdp::pass;
}

BPFXX_XDP(loops, test::told)(xdp::packet packet) {
    auto [r] = BPFXX_TRY(packet.parse<request>());
    u64 sum = 0;
    i64 const rounds = helper::loop(r->count.value(), add, &sum, r->flags.value());
    observe(reason::none, rounds, sum);
    return xdp::pass;
}

BPFXX_XDP(rings, test::told)(xdp::packet packet) {
    auto [r] = BPFXX_TRY(packet.parse<request>());
    u64 const value = 5, flags = r->flags.value();
    i64 const error = helper::ringbuf_output(&ring, &value, sizeof value, flags);
    observe(reason::none, error);
    return xdp::pass;
}

BPFXX_XDP(clocks)(xdp::packet) {
    u64 const first = helper::ktime_get_ns(), second = helper::ktime_get_ns();
    u64 const boot = helper::ktime_get_boot_ns();
    u32 const random = helper::get_prandom_u32() | helper::get_prandom_u32() | helper::get_prandom_u32();
    observe(reason::none, first > 1'000'000, second >= first, second - first < 1'000'000'000, boot >= first,
            random != 0, helper::get_smp_processor_id() < 4096);
    return xdp::pass;
}
BPFXX_LICENSE("GPL");
