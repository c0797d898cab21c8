// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Programs that tell of all maps: in many words, and in none.
#include <bpfxx/kernel/iter.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");
struct bpf_map;
BPFXX_ITER(talks, bpf_map, iter::output out, bpf_map *map) {
    if (!map)
        BPFXX_PRINT_TO(out, "%llu\n", out.number());
    else
        for (u32 i = 0; i < 8; i++) BPFXX_PRINT_TO(out, "%064llu%064llu\n", u64{i}, out.number());
}
BPFXX_ITER(is_silent, bpf_map, iter::output, bpf_map *) {}
