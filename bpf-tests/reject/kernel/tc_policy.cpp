// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// XDP's action is no policy of a TC program.
// EXPECT: a policy is an action
#include <bpfxx/kernel/tc.hpp>
#include <bpfxx/kernel/xdp.hpp>
using namespace bpfxx;

#ifdef BPFXX_ACCEPT
BPFXX_TC(reject, tc::shot)(tc::packet) { return tc::ok; }
#else
BPFXX_TC(reject, xdp::drop)(tc::packet) { return tc::ok; }
#endif
