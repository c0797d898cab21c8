// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Key spaces: how a header names the one that follows it. Enums without enumerators, so the list of protocols is open.
#include <bpfxx/core/header.hpp>

namespace bpfxx::net {
enum class ether_type : u16 {};
enum class ip_proto : u8 {};
enum class udp_port : u16 {};
enum class tcp_port : u16 {};
enum class lsap : u8 {};       ///< service access point of LLC (IEEE 802.2)
enum class link_type : u16 {}; ///< as in captures; of what has no header before that could say so

/// Reserved numbers, which lead nowhere: what a header says if nothing that can be read stands behind it.
inline constexpr auto no_ether_type = ether_type{0xffff};
inline constexpr auto no_ip_proto = ip_proto{255};
inline constexpr auto no_link_type = link_type{0xffff};
/// Of a tunnel's protocol type, for walks: an EtherType, and never the length that may stand in its place on a link.
BPFXX_INLINE constexpr auto no_length(ether_type type) -> ether_type {
    return static_cast<u16>(type) < 0x0600 ? no_ether_type : type;
}
enum class quic_form : u8 {};     // of a header: 1 long, 0 short
enum class quoted_ip : u8 {};     // by an ICMP error: the version of the packet that it quotes
enum class dns_transport : u8 {}; // of the length before a message on TCP: a message, and nothing else
enum class sctp_content : u8 {};  // of its common header: chunks, and nothing else
enum class sctp_chunk_type : u8 {};
enum class tls_content : u8 {};
enum class tls_message : u8 {}; // of a handshake: RFC 8446 calls it HandshakeType
} // namespace bpfxx::net

namespace bpfxx {
// Behind these there need be nothing that a walk knows: it is payload.
template <> inline constexpr bool is_hint<net::udp_port> = true;
template <> inline constexpr bool is_hint<net::tcp_port> = true;
template <> inline constexpr bool is_hint<net::quoted_ip> = true;
template <> inline constexpr bool is_hint<net::sctp_content> = true;
// What UDP and TCP carry is under their checksum.
template <> inline constexpr bool key_of_summed<net::udp_port> = true;
template <> inline constexpr bool key_of_summed<net::tcp_port> = true;
} // namespace bpfxx
