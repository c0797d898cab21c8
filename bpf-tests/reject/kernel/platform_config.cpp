// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Settings are constants to the program.
// EXPECT: 'config'
// EXPECT: const
// EXPECT GCC: read-only object
#include <bpfxx/kernel/xdp.hpp>
using namespace bpfxx;

struct settings {
    u32 limit;
};
BPFXX_CONFIG(settings, config);

BPFXX_XDP(reject)(xdp::packet) {
#ifdef BPFXX_ACCEPT
    return config.limit ? xdp::drop : xdp::pass;
#else
    config.limit = 1;
    return xdp::pass;
#endif
}
