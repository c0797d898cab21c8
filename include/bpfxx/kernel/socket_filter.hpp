// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Programs at one socket (Linux 3.19; as documented here 5.12): which of the packets that it gets it keeps, and how much of
/// each. Packets start where the socket's do: a packet socket's with Ethernet, a TCP or UDP socket's with its own header.
#include <bpfxx/core/verdict.hpp>
#include <bpfxx/kernel/skb_view.hpp>

namespace bpfxx::socket_filter {
using skb::context;
/// Nothing of it can be read directly: always a copy of the first 256 bytes, for some 35 ns.
using packet = skb::view;
template <auto Policy = keep, bool Counted = false> using verdict = bpfxx::verdict<action, Policy, Counted>;
/// In the order in which BPFXX_SOCKET_FILTER knows them.
template <bool Counted, auto Policy = keep> using verdict_of = verdict<Policy, Counted>;
BPFXX_INLINE auto open(context *c) -> opened { return skb::copied(c); }
} // namespace bpfxx::socket_filter

/// BPFXX_SOCKET_FILTER(name)(socket_filter::packet packet) { … }. A policy may follow the name.
#define BPFXX_SOCKET_FILTER(name, ...) BPFXX_VIEW_ENTRY(socket_filter, "socket", name __VA_OPT__(, ) __VA_ARGS__)
