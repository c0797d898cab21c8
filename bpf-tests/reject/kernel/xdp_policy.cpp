// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A number is no policy.
// EXPECT: a policy is an action
#include <bpfxx/kernel/xdp.hpp>
using namespace bpfxx;

#ifdef BPFXX_ACCEPT
BPFXX_XDP(reject, xdp::drop)(xdp::packet) { return xdp::pass; }
#else
BPFXX_XDP(reject, 1)(xdp::packet) { return xdp::pass; }
#endif
