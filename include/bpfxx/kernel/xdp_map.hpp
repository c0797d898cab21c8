// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// XDP programs that belong to an entry of a devmap (Linux 5.8) or of a cpumap (5.9): they see what was redirected there.
#include <bpfxx/kernel/xdp.hpp>

namespace bpfxx::xdp_devmap {
using xdp::context;
using xdp::verdict_of;
/// A frame that is about to leave by another interface.
class packet : public xdp::packet {
  public:
    using xdp::packet::packet;
    /// Where it leaves; interface_index() is where it came in.
    BPFXX_INLINE auto leaves_by() const -> u32 { return raw()->egress_ifindex; }
    using xdp::packet::raw;
};
} // namespace bpfxx::xdp_devmap

namespace bpfxx::xdp_cpumap {
using xdp::context;
using xdp::packet;
using xdp::verdict_of;
} // namespace bpfxx::xdp_cpumap

/// BPFXX_XDP_DEVMAP(name)(xdp_devmap::packet packet) { … }: pass sends it, drop does not. A policy may follow the name.
#define BPFXX_XDP_DEVMAP(name, ...) BPFXX_ENTRY(xdp_devmap, "xdp/devmap", name __VA_OPT__(, ) __VA_ARGS__)
/// BPFXX_XDP_CPUMAP(name)(xdp_cpumap::packet packet) { … }: on the CPU that the frame was redirected to.
#define BPFXX_XDP_CPUMAP(name, ...) BPFXX_ENTRY(xdp_cpumap, "xdp/cpumap", name __VA_OPT__(, ) __VA_ARGS__)
