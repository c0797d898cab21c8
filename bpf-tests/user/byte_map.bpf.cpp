// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Maps of several kinds, to be filled by bytes.
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/map/hash.hpp>
#include <bpfxx/kernel/map/per_cpu_array.hpp>
#include <bpfxx/kernel/xdp.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");

struct program_table {
    int (*type)[BPF_MAP_TYPE_PROG_ARRAY];
    u32 *key, *value;
    int (*max_entries)[1];
};
struct setting {
    u32 number;
};

BPFXX_CONFIG(setting, number);
BPFXX_MAP(ports, spec::hash<u16, u32, 2>);
BPFXX_MAP(sums, spec::per_cpu_array<u32, 2>);
BPFXX_MAP(shared, spec::array<u32, 1>);
extern "C" {
BPFXX_SECTION(".maps") program_table calls;
}

BPFXX_XDP(byte_map)(xdp::packet) {
    u32 const all = ports.lookup(0).value_or(0) + sums.lookup(0).value_or(0) + shared.lookup(0).value_or(0);
    return all == number.number ? xdp::drop : xdp::pass;
}
