// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// What the programs and the tests of sk_skb and sk_msg share: messages of a stream, and maps.
#include <bpfxx/core/header.hpp>
#include <bpfxx/core/map_spec.hpp>

namespace streams {
using namespace bpfxx;

/// What a verdict program does with a message.
enum class wish : u8 { pass = 'p', to_index = 'i', to_self = 's', to_reader = 'r', to_nobody = 'n' };

struct message {
    u8 magic[4];
    be16 length; // of what follows
    u8 kind;

    BPFXX_INLINE constexpr auto valid() const -> bool {
        return magic[0] == 'b' && magic[1] == 'p' && magic[2] == 'f' && magic[3] == 'x';
    }
    BPFXX_INLINE constexpr auto options() const -> u32 { return length.value(); }
};

struct surroundings {
    u64 cookie;
    u32 length, family;
    be32 remote, local;
    be32 remote_6[4], local_6[4];
    be16 remote_port, local_port;
    u32 calls, sequence;
    u32 padding;
};

#if !defined(__bpf__)
/// A context on the host, between 127.0.2.3 and 127.0.0.1; its IPv6 addresses are of words that all differ.
template <class Context> auto connect(Context &context) -> void {
    context.family = 2; // AF_INET
    context.remote_port = network_order(u32{40'000});
    context.local_port = 7;
    context.remote_ip4 = network_order(u32{0x7f000001});
    context.local_ip4 = network_order(u32{0x7f000203});
    for (u32 i = 0; i < 4; i++) {
        context.remote_ip6[i] = network_order(0x1001'0203 + i * 0x1000'0000);
        context.local_ip6[i] = network_order(0x5001'0203 + i * 0x1000'0000);
    }
}
#endif
/// Who is at the ends of the connection.
BPFXX_INLINE auto note_ends(auto const &packet, surroundings &s) -> void {
    s.family = packet.family();
    s.remote_port = packet.remote_port();
    s.local_port = packet.local_port();
    s.remote = packet.remote_ip4();
    s.local = packet.local_ip4();
    s.remote_6[0] = packet.template remote_ip6<0>();
    s.remote_6[1] = packet.template remote_ip6<1>();
    s.remote_6[2] = packet.template remote_ip6<2>();
    s.remote_6[3] = packet.template remote_ip6<3>();
    s.local_6[0] = packet.template local_ip6<0>();
    s.local_6[1] = packet.template local_ip6<1>();
    s.local_6[2] = packet.template local_ip6<2>();
    s.local_6[3] = packet.template local_ip6<3>();
}

inline constexpr u32 other = 1;
using by_index = spec::sockmap<4>;
using by_cookie = spec::sockhash<u64, 16>;
using seen = spec::array<surroundings, 1>;
} // namespace streams
