// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// XDP programs (Linux 4.8; as documented here 5.10): the packet, the verdict, and the entry point.
#include <bpfxx/core/chain.hpp>
#include <bpfxx/core/rewrite.hpp>
#include <bpfxx/core/verdict.hpp>
#include <bpfxx/kernel/entry.hpp>

namespace bpfxx::xdp {
template <auto Policy = pass, bool Counted = false> using verdict = bpfxx::verdict<action, Policy, Counted>;
/// In the order in which BPFXX_XDP knows them.
template <bool Counted, auto Policy = pass> using verdict_of = verdict<Policy, Counted>;

/// A frame as the driver hands it over: its linear part.
class packet {
    context *context_;

  public:
    BPFXX_INLINE explicit packet(context *c) : context_{c} {}
    /// The headers that the packet starts with.
    template <class... Steps> BPFXX_INLINE auto parse() const { return packet_chain<Steps...>::at(whole(), start{}); }
    /// Changes fields of these layers, and with them every checksum: packet.rewrite(ip, datagram).destination(port).
    template <class... Layers> BPFXX_INLINE auto rewrite(Layers const &...layers) const {
        return detail::rewritten(in_place<packet>{*this}, layers...);
    }
    /// Calls use(header) with a layer's header to write to. Which checksums that makes wrong is the program's own business.
    template <class Layer, class Use> BPFXX_INLINE auto raw(Layer const &layer, Use const &use) const -> void {
        detail::layer_of(layer).change(detail::write_access{}, use);
    }
    /// All its bytes.
    BPFXX_INLINE auto payload() const -> bytes { return bytes{whole()}; }
    /// What helpers, walks and other sources are given.
    BPFXX_INLINE auto raw() const -> context * { return context_; }
    BPFXX_INLINE auto whole() const -> cursor { return {begin(*context_), end(*context_), unlimited}; }
    BPFXX_INLINE auto interface_index() const -> u32 { return context_->ingress_ifindex; }
    BPFXX_INLINE auto queue() const -> u32 { return context_->rx_queue_index; }
};
} // namespace bpfxx::xdp

/// BPFXX_XDP(name)(xdp::packet packet) { … }, or BPFXX_XDP(name, xdp::drop)(…): what becomes of packets of another form.
#define BPFXX_XDP(name, ...) BPFXX_ENTRY(xdp, "xdp", name __VA_OPT__(, ) __VA_ARGS__)
