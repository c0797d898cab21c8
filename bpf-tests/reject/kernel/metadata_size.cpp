// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The kernel takes metadata in words of 4 bytes.
// EXPECT: in whole words of 4 bytes
#include <bpfxx/kernel/xdp.hpp>
using namespace bpfxx;

struct stamp {
#ifdef BPFXX_ACCEPT
    be32 word;
#else
    be16 word;
#endif
};
BPFXX_XDP(reject)(xdp::packet packet) { return move(packet).with_metadata(stamp{}) ? xdp::pass : xdp::drop; }
