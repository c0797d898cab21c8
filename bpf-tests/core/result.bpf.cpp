// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Results that go through functions of several levels and types.
#include <bpfxx/kernel/xdp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;

namespace {
struct pair {
    u32 first, second;
};
BPFXX_INLINE auto number_at(bytes const &data, u32 offset) -> result<u16> {
    auto const n = BPFXX_TRY(data.read<be16>(offset));
    if (n == be16{0}) return reason::not_found;
    return n.value();
}
BPFXX_INLINE auto pair_at(bytes const &data, u32 offset) -> result<pair> {
    auto const first = BPFXX_TRY(number_at(data, offset));
    auto const second = BPFXX_TRY(number_at(data, offset + 2));
    if (first > second) return reason::malformed;
    return pair{first, second};
}
} // namespace

BPFXX_XDP(levels, test::told)(xdp::packet packet) {
    auto const p = BPFXX_TRY(pair_at(packet.payload(), 11));
    observe(reason::none, p.first, p.second);
    return xdp::drop;
}

BPFXX_XDP(ways_out)(xdp::packet packet) {
    auto const r = pair_at(packet.payload(), 11);
    u32 called = 0, sum = 0;
    auto const why = r.then([&](pair const &p) BPFXX_LAMBDA {
        called++;
        sum = p.first + p.second;
    });
    observe(why, static_cast<bool>(r), r.why(), called, sum, r.value_or(pair{7, 8}).first,
            r.value_or(pair{7, 8}).second);
    return xdp::pass;
}
BPFXX_LICENSE("GPL");
