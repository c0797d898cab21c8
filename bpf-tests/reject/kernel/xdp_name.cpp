// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The kernel would cut off the name.
// EXPECT: the kernel keeps 15 characters of a program's name: sixteen_letters_
#include <bpfxx/kernel/xdp.hpp>
using namespace bpfxx;

#ifdef BPFXX_ACCEPT
BPFXX_XDP(fifteen_letters)(xdp::packet) { return xdp::pass; }
#else
BPFXX_XDP(sixteen_letters_)(xdp::packet) { return xdp::pass; }
#endif
