// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/net/keys.hpp>

namespace bpfxx::net {
/// A QUIC short header behind its first byte (RFC 9000 section 17.3). How long a connection ID is only who chose it knows:
/// the server's program.
template <u32 Length> struct quic_short {
    static_assert(Length >= 1 && Length <= 20, "a connection ID that is there has 1 to 20 bytes");
    static constexpr auto id = quic_form{0};
    u8 destination_id[Length];
};
static_assert(header<quic_short<8>> && sizeof(quic_short<8>) == 8);
} // namespace bpfxx::net
