// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Copies of packets, and who gets one.
#include <bpfxx/kernel/socket_filter.hpp>
#include <support/observe.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");
BPFXX_SOCKET_FILTER(looks)(socket_filter::packet packet) {
    auto const text = packet.payload();
    test::observe(reason::none, text.size(), packet.length(), text.starts_with("12"));
    return socket_filter::keep;
}
