// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Programs that go on in others.
#include <bpfxx/kernel/map/prog_array.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;

using next_spec = spec::prog_array<4>;
BPFXX_MAP(next, next_spec);

BPFXX_XDP(first, test::told)(xdp::packet packet) {
    observe(reason::none, 1);
    u32 const index = BPFXX_TRY(packet.payload().read<u8>(0));
    return next.call(packet, index);
}
BPFXX_XDP(dropped)(xdp::packet) { return xdp::drop; }
BPFXX_XDP(sent)(xdp::packet packet) { return packet.payload().empty() ? xdp::aborted : xdp::tx; }
/// Calls what stands at 3: itself, until the kernel has enough of it.
BPFXX_XDP(again)(xdp::packet packet) {
    next.call(packet.raw(), 3);
    return xdp::redirect;
}
BPFXX_LICENSE("GPL");
