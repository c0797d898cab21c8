// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Maps with options.
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/map/hash.hpp>
#include <bpfxx/kernel/map/queue.hpp>
#include <bpfxx/kernel/map/ring_buffer.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <linux/bpf.h>

using namespace bpfxx;

using shared_spec = spec::hash<u32, u64, 8, map_options{.flags = BPF_F_NO_PREALLOC, .pinned = true}>;
BPFXX_MAP(bpfxx_shared, shared_spec);
BPFXX_MAP(rules, spec::array<u64, 4, map_options{.flags = BPF_F_RDONLY_PROG | BPF_F_MMAPABLE}>);
BPFXX_MAP(near, spec::queue<u32, 4, map_options{.numa_node = 0}>);
BPFXX_MAP(news, spec::ring_buffer<4096, map_options{.numa_node = 0}>);

BPFXX_XDP(admit)(xdp::packet packet) {
    u32 const length = packet.payload().size();
    if (length > rules.lookup(0).value_or(0)) return xdp::drop;
    if (bpfxx_shared.lookup(length).then([](u64 &n) BPFXX_LAMBDA { ++n; })) return xdp::pass;
    bpfxx_shared.update(length, 1);
    near.push(length);
    news.output(length);
    return xdp::tx;
}
BPFXX_LICENSE("GPL");
