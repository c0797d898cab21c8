// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Each operation on a number of each size.
#include <bpfxx/core/atomic.hpp>
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;

struct pair {
    atomic<u64> wide;
    atomic<u32> narrow, other;
};
using numbers_spec = spec::array<pair, 1>;
BPFXX_MAP(numbers, numbers_spec);

template <class T> BPFXX_INLINE auto change(atomic<T> &n, u32 what, T value, T wanted) -> u64 {
    switch (what) {
    case 0: return n.load();
    case 1: n.store(value); return 0;
    case 2: n.add(value); return 0;
    case 3: ++n; return 0;
    case 4: return n.fetch_add(value);
    case 5: return n.fetch_sub(value);
    case 6: return n.fetch_and(value);
    case 7: return n.fetch_or(value);
    case 8: return n.fetch_xor(value);
    case 9: return n.exchange(value);
    default: return n.compare_exchange(value, wanted);
    }
}

struct request {
    u8 what, wide, rest[4];
    be32 value, wanted;
};

BPFXX_XDP(operate, test::told)(xdp::packet packet) {
    auto [r] = BPFXX_TRY(packet.parse<request>());
    u32 const value = r->value.value(), wanted = r->wanted.value();
    u64 answer = 0, wide = 0;
    u32 narrow = 0;
    auto *const n = BPFXX_TRY(numbers.lookup(0));
    if (r->wide != 0)
        answer = change<u64>(n->wide, r->what, value, wanted);
    else
        answer = change<u32>(n->narrow, r->what, value, wanted);
    wide = n->wide.load();
    narrow = n->narrow.load();
    observe(reason::none, answer, wide, narrow);
    return xdp::pass;
}
BPFXX_LICENSE("GPL");
