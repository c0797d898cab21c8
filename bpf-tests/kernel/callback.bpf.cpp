// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Walks over maps of several kinds.
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/map/hash.hpp>
#include <bpfxx/kernel/map/lru_hash.hpp>
#include <bpfxx/kernel/map/per_cpu_array.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;

struct name {
    be16 low;
    u16 high;
};
BPFXX_MAP(by_name, spec::hash<name, u64, 16>);
BPFXX_MAP(recent, spec::lru_hash<u32, u64, 16>);
BPFXX_MAP(slots, spec::array<u64, 6>);
BPFXX_MAP(own, spec::per_cpu_array<u32, 3>);

struct request {
    u8 what, rest[5];
    be32 number, count;
};

/// 0: an entry more. 1: sums. 2: stops at a number. 3: erases what is smaller than a number.
BPFXX_XDP(visit, test::told)(xdp::packet packet) {
    auto [r] = BPFXX_TRY(packet.parse<request>());
    u32 const number = r->number.value(), count = r->count.value();
    u64 sum = 0, keys = 0;
    i64 seen = 0, more = 0;
    if (r->what == 0) {
        by_name.update({be16{static_cast<u16>(number)}, 7}, count);
        recent.update(number, count);
        slots.update(number, count);
        own.update(number, count);
    } else if (r->what == 1) {
        seen = by_name.for_each([&](name const &k, u64 const &v) BPFXX_LAMBDA {
            keys += k.low.value() + k.high;
            sum += v;
        });
        more = recent.for_each([&](u32 const &k, u64 &v) BPFXX_LAMBDA {
            keys += k;
            sum += v++;
        });
        more += slots.for_each([&](u32 k, u64 &v) BPFXX_LAMBDA { sum += v * k; });
        more += own.for_each([&](u32, u32 &v) BPFXX_LAMBDA { sum += v; });
    } else if (r->what == 2) {
        seen = slots.for_each([&](u32 k, u64 &v) BPFXX_LAMBDA {
            if (k == number) return iteration::stop;
            sum += v;
            return iteration::go_on;
        });
    } else {
        seen = by_name.for_each([&](name const &k, u64 const &v) BPFXX_LAMBDA {
            if (v < number) by_name.erase(k);
        });
        more = by_name.for_each([&](name const &, u64 const &v) BPFXX_LAMBDA { sum += v; });
    }
    observe(reason::none, seen, more, sum, keys);
    return xdp::pass;
}
BPFXX_LICENSE("GPL");
