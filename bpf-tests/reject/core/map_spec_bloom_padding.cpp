// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// What a Bloom filter is asked for is all bytes of a value.
// EXPECT: a value with padding never matches reliably: name the padding as members
#include <bpfxx/kernel/map/bloom_filter.hpp>
using namespace bpfxx;

struct service {
    u16 port;
#ifdef BPFXX_ACCEPT
    u8 unused[2];
#endif
    u32 tenant;
};
BPFXX_MAP(members, spec::bloom_filter<service, 8>);
