// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The kind of a map comes from its header.
// EXPECT: include the header of this kind of map
#include <bpfxx/kernel/map/array.hpp>
using namespace bpfxx;

#ifdef BPFXX_ACCEPT
BPFXX_MAP(flows, spec::array<u64, 16>);
#else
BPFXX_MAP(flows, spec::hash<u32, u64, 16>);
#endif
