// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Counts what passes, in each direction.
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/tc.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");
BPFXX_MAP(passed, spec::array<u64, 2>);

BPFXX_TC(comes)(tc::packet) {
    passed.lookup(0).then([](u64 &n) BPFXX_LAMBDA { ++n; });
    return tc::unspec;
}
BPFXX_TC(goes)(tc::packet) {
    passed.lookup(1).then([](u64 &n) BPFXX_LAMBDA { ++n; });
    return tc::unspec;
}
