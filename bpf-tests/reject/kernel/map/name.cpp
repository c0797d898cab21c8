// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The kernel would cut off the name.
// EXPECT: the kernel keeps 15 characters of a map's name: sixteen_letters_
#include <bpfxx/kernel/map/hash.hpp>
using namespace bpfxx;

#ifdef BPFXX_ACCEPT
BPFXX_MAP(fifteen_letters, spec::hash<u32, u64, 16>);
#else
BPFXX_MAP(sixteen_letters_, spec::hash<u32, u64, 16>);
#endif
