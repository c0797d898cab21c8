// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/net/keys.hpp>

namespace bpfxx::net {
/// Encapsulating Security Payload (RFC 4303). What it carries is encrypted, the name of what that is too.
struct esp {
    static constexpr auto id = ip_proto{50};
    be32 spi, sequence;
};
static_assert(header<esp> && sizeof(esp) == 8);
} // namespace bpfxx::net
