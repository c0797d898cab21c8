// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/core/chain.hpp>
#include <bpfxx/net/tls_client_hello.hpp>
#include <bpfxx/net/tls_handshake.hpp>

namespace bpfxx::net {
/// The host that a TLS client asks for (SNI, RFC 6066 section 3): the bytes of its name. It walks at most Most extensions;
/// with more before the name it is too_deep. Without a name: not_found. A hello that is not whole in its segment is
/// truncated if the name lies behind the end; lengths that contradict each other are malformed.
template <u32 Most = 32> BPFXX_INLINE auto server_name_of(layer<tls_handshake> const &handshake) -> result<bytes> {
    struct extension {
        be16 type, length;
    };
    struct entry {
        be16 list_length;
        u8 type; // 0: a host's name
        be16 length;
    };
    auto const hello = BPFXX_TRY(handshake.template next<tls_client_hello>());
    auto const body = hello.payload();
    // What the message says it has, though the segment may have less.
    u32 const room = handshake->length() - static_cast<u32>(sizeof(tls_client_hello)) - hello->session_id_length;

    u32 const suites = BPFXX_TRY(body.template read<be16>()).value();
    if (suites == 0 || suites % 2 != 0 || 2 + suites > room) return reason::malformed;
    u32 const methods = BPFXX_TRY(body.template read<u8>(2 + suites));
    u32 at = 3 + suites + methods;
    if (methods == 0 || at > room) return reason::malformed;
    if (at == room) return reason::not_found; // before TLS 1.3 there need be no extensions
    u32 const all = BPFXX_TRY(body.template read<be16>(at)).value();
    at += 2;
    if (at + all != room) return reason::malformed;

    BPFXX_ROLLED for (u32 i = 0; i < Most; i++) {
        if (at == room) return reason::not_found;
        auto const e = BPFXX_TRY(body.template read<extension>(at));
        u32 const length = e.length.value();
        at += 4;
        if (at + length > room) return reason::malformed;
        if (e.type == be16{0}) {
            auto const name = BPFXX_TRY(body.template read<entry>(at));
            u32 const size = name.length.value();
            if (name.list_length.value() + 2u != length || size + 5 > length || size == 0) return reason::malformed;
            if (name.type != 0) return reason::not_found;
            return BPFXX_TRY(body.after(at + 5)).first(size);
        }
        at += length;
    }
    return at == room ? reason::not_found : reason::too_deep;
}
} // namespace bpfxx::net
