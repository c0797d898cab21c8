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
} // namespace bpfxx::net
