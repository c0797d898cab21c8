// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// What a parser answers is a length, and no verdict.
// EXPECT: a program answers with an action of its type
#include <bpfxx/kernel/sk_skb.hpp>
using namespace bpfxx;

BPFXX_STREAM_PARSER(reject)(stream_parser::packet packet) {
#ifdef BPFXX_ACCEPT
    return stream_parser::message(packet.length());
#else
    return packet.length() > 0 ? sk_skb::pass : sk_skb::drop;
#endif
}
