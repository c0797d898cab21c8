// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/core/layer.hpp>
#include <bpfxx/net/dns.hpp>

namespace bpfxx::net {
/// What a DNS message asks for (RFC 1035 section 4.1.2). The name itself is where the caller wanted it.
struct dns_question {
    be16 qtype, qclass;
    u32 name_size; // in bytes, without the zeros behind it
};

namespace detail {
/// Copies a name as text; how many bytes it has on the wire.
template <u32 N> BPFXX_INLINE auto copy_name(cursor &here, u8 (&name)[N]) -> result<u32> {
    constexpr u32 longest = 253; // 255 on the wire, with the first length and the last
    constexpr u32 most = N < longest ? N : longest;
    if (!here.settle() || here.left < 1 || !here.holds(1)) return reason::truncated;
    u32 left = *here.at; // of this label
    if (left > 63) return reason::malformed;
    if (left == 0) return 1u;
    // Each round is like the others, by arithmetic alone.
    auto own = here.apart();
    ++own.at;
    --own.left;
    BPFXX_ROLLED for (u32 i = 0;; i++) {
        if (own.left < static_cast<i64>(i + 1) || !own.holds(i + 1)) return reason::truncated;
        u32 const byte = own.at[i];
        u32 const ends = opaque(same(left, 0)); // so this byte is the next label's length, or the name's end
        u32 const length = 1 + ends * (byte - 1);
        if (length - 1 > 62) {
            if (length != 0) return reason::malformed;
            return bounded<255>(forgotten(i, byte)) + 2;
        }
        if (i == most) return most == longest ? reason::malformed : reason::too_deep;
        u32 const from_a = opaque(byte - 'A');
        u32 const lower = byte | ((from_a - 26) & ~from_a) >> 31 << 5;
        name[i] = static_cast<u8>(lower + ends * ('.' - lower));
        left = left - 1 + ends * (byte + 1);
    }
}
} // namespace detail

/// Copies the name of the first question into `name` as "www.example.com", in lower case, and fills the rest with zeros.
/// One that does not fit is too_deep; 253 bytes are enough for any. A label above 63 bytes, which a compression pointer
/// would be too, and a name above 255 bytes on the wire are malformed. Without a question: not_found.
template <u32 N> BPFXX_INLINE auto question_of(layer<dns> const &message, u8 (&name)[N]) -> result<dns_question> {
    static_assert(N <= 256, "no name is longer than 253 bytes, and a program's memory is small");
    struct types {
        be16 qtype, qclass;
    };
    __builtin_memset(name, 0, N);
    if (message->questions == be16{}) return reason::not_found;
    auto here = message.behind;
    u32 const size = BPFXX_TRY(detail::copy_name(here, name));
    auto const asked = BPFXX_TRY(bytes{here}.read<types>(size));
    return dns_question{asked.qtype, asked.qclass, size < 2 ? 0 : size - 2};
}
} // namespace bpfxx::net
