// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Where a program has a copy of the packet, the copy is given back at its end.
// EXPECT: the copy of the packet is given back where the program ends
// BPF ONLY
#include <bpfxx/kernel/map/prog_array.hpp>
#include <bpfxx/kernel/tc.hpp>
#include <bpfxx/kernel/tc_loaded.hpp>
using namespace bpfxx;

BPFXX_MAP(steps, spec::prog_array<2>);

#ifdef BPFXX_ACCEPT
BPFXX_TC(reject)(tc::packet packet) { return steps.call(packet, 1); }
#else
BPFXX_TC_LOADED(reject)(tc_loaded::packet packet) { return steps.call(packet, 1); }
#endif
