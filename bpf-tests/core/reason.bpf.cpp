// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Every reason, on its way from a function through a policy to the verdict.
#include <bpfxx/kernel/xdp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;

namespace {
BPFXX_INLINE auto refuse(u8 number) -> result<u32> {
    if (number == 0) return u32{1};
    return static_cast<reason>(number);
}
} // namespace

BPFXX_XDP(each, test::told)(xdp::packet packet) {
    auto const number = BPFXX_TRY(packet.payload().read<u8>());
    auto const one = BPFXX_TRY(refuse(number));
    test::observe(reason::none, one);
    return xdp::drop;
}
BPFXX_LICENSE("GPL");
