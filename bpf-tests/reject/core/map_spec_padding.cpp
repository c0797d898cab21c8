// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The kernel compares all bytes of a key, and nobody writes those between its members.
// EXPECT: a key with padding never matches reliably: name the padding as members
#include <bpfxx/core/endian.hpp>
#include <bpfxx/kernel/map/hash.hpp>
using namespace bpfxx;

struct service {
    be16 port;
#ifdef BPFXX_ACCEPT
    u8 unused[2];
#endif
    u32 tenant;
};
BPFXX_MAP(counts, spec::hash<service, u64, 8>);
