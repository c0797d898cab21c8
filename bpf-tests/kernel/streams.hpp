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
    be16 remote_port, local_port;
    u32 calls, sequence;
    u32 padding;
};

inline constexpr u32 other = 1;
using by_index = spec::sockmap<4>;
using by_cookie = spec::sockhash<u64, 16>;
using seen = spec::array<surroundings, 1>;
} // namespace streams
