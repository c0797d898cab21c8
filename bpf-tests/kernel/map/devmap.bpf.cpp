// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Sends packets to interfaces, CPUs and sockets.
#include <bpfxx/kernel/map/cpumap.hpp>
#include <bpfxx/kernel/map/devmap.hpp>
#include <bpfxx/kernel/map/devmap_hash.hpp>
#include <bpfxx/kernel/map/xskmap.hpp>
#include <bpfxx/kernel/xdp.hpp>

using namespace bpfxx;

BPFXX_MAP(ports, spec::devmap<4>);
BPFXX_MAP(interfaces, spec::devmap_hash<4>);
BPFXX_MAP(cpus, spec::cpumap<4>);
BPFXX_MAP(sockets, spec::xskmap<4>);

struct request {
    u8 what, otherwise;
    be32 to;
    u8 rest[8];
};

BPFXX_XDP(send)(xdp::packet packet) {
    auto [r] = BPFXX_TRY(packet.parse<request>());
    u32 const to = r->to.value();
    if (r->what == 0) {
        if (r->otherwise == 0) return ports.redirect(to, xdp::aborted);
        if (r->otherwise == 1) return ports.redirect(to, xdp::drop);
        if (r->otherwise == 2) return ports.redirect(to);
        return ports.redirect(to, xdp::tx);
    }
    if (r->what == 1) return interfaces.redirect(to);
    if (r->what == 2) return cpus.redirect(to);
    if (r->what == 3) return sockets.redirect(to);
    return r->what == 4 ? ports.broadcast() : interfaces.broadcast(true);
}
BPFXX_LICENSE("GPL");
