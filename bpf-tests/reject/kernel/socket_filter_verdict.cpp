// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A number of bytes is said by first().
// EXPECT: a program answers with an action of its type
#include <bpfxx/kernel/socket_filter.hpp>
using namespace bpfxx;

BPFXX_SOCKET_FILTER(reject)(socket_filter::packet packet) {
#ifdef BPFXX_ACCEPT
    return socket_filter::first(packet.length());
#else
    return packet.length();
#endif
}
