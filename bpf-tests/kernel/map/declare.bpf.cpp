// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Keys and values whose words lie where the stack would not be read in words, and a loop whose counter is a key.
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/map/hash.hpp>
#include <bpfxx/kernel/map/queue.hpp>
#include <bpfxx/kernel/map/ring_buffer.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ip_address.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;

struct crooked_key {
    u8 kind;
    be32 address;
    be16 port;
    net::ip_address from;
};
struct crooked {
    be16 port;
    be32 address;
    net::ip_address from;
    u8 count;
};
struct half {
    u32 tenant;
    net::ip_address from;
};
struct small {
    u8 first;
    be16 second;
    u8 third;
};
BPFXX_MAP(crooked_keys, spec::hash<crooked_key, crooked, 8>);
BPFXX_MAP(halves, spec::hash<half, u32, 8>);
BPFXX_MAP(smalls, spec::hash<small, small, 8>);
BPFXX_MAP(line, spec::queue<crooked, 8>);
BPFXX_MAP(news, spec::ring_buffer<4096>);
BPFXX_MAP(slots, spec::array<u32, 16>);
BPFXX_MAP(numbers, spec::hash<u32, u32, 16>);

union number_or_bytes {
    be32 number;
    u8 bytes[4];
};
BPFXX_MAP(unions, spec::hash<number_or_bytes, u8, 8>);

struct request {
    be32 address;
    be16 port;
    u8 rest[8];
};

BPFXX_XDP(keep, test::told)(xdp::packet packet) {
    auto [r] = BPFXX_TRY(packet.parse<request>());
    net::ip_address const from{r->address};
    crooked_key key{1, r->address, r->port, from};
    crooked value{r->port, r->address, from, 1};
    if (!crooked_keys.lookup(key)) crooked_keys.update(key, value);
    value.count = key.kind + 1; // both are still used, and changed
    value.address = key.address;
    line.push(value);
    news.output(value);
    key.port = value.port;
    u64 const found = crooked_keys.lookup(key).then([&](crooked &c) BPFXX_LAMBDA { c.count++; });

    half const h{7, from};
    halves.update(h, static_cast<u32>(h.from.v4().value()));
    u64 const tenant = halves.lookup(h).value_or(0);
    small const s{1, r->port, 3};
    smalls.update(s, s);
    u64 const second = smalls.lookup(s).value_or({}).second.value();

    u64 sum = 0;
    BPFXX_ROLLED for (u32 i = 0; i < 16; i++) {
        slots.update(i, i);
        numbers.update(i, i);
        sum += slots.lookup(i).value_or(0) + numbers.lookup(i).value_or(0);
        if (i % 2 == 0) numbers.erase(i);
    }
    observe(reason::none, found, tenant, second, sum, value.from == key.from && key.port == r->port, s.second);
    return xdp::pass;
}
BPFXX_XDP(keep_union)(xdp::packet packet) {
    u8 const last = BPFXX_TRY(packet.payload().read<u8>(0));
    number_or_bytes key;
    key.number = be32{0x0a00'0000u + last};
    u64 const put = unions.update(key, last) == 0;
    observe(reason::none, put, unions.lookup(key).value_or(0), unions.contains({.bytes = {10, 0, 0, 7}}));
    return xdp::pass;
}
/// Values with padding, of which nobody writes the bytes: behind a member, between two, inside a member, and beside such
/// as are copied one by one.
struct padded_behind {
    u64 a;
    u8 b;
};
struct padded_between {
    u8 a;
    u32 b;
    u16 c;
};
struct padded_inside {
    u8 a;
    padded_between b;
    u64 c;
};
struct padded_beside {
    net::ip_address a;
    be16 b;
    u64 c;
    u8 d;
};
/// Too long to be copied for the helper.
struct padded_long {
    u64 a;
    u8 text[65];
    u32 b;
};
BPFXX_MAP(longs, spec::hash<u32, padded_long, 8>);
BPFXX_MAP(behinds, spec::hash<u32, padded_behind, 8>);
BPFXX_MAP(betweens, spec::hash<u32, padded_between, 8>);
BPFXX_MAP(insides, spec::hash<u32, padded_inside, 8>);
BPFXX_MAP(besides, spec::hash<u32, padded_beside, 8>);

/// All bytes of the map's value, padding too.
template <class Map> BPFXX_INLINE auto sum_of_bytes(Map &map) -> u32 {
    u32 sum = 0;
    map.lookup(1).then([&](auto const &value) BPFXX_LAMBDA {
        auto const *const at = reinterpret_cast<u8 const *>(&value);
        BPFXX_UNROLLED for (u32 i = 0; i < sizeof value; i++) sum += at[i];
    });
    return sum;
}
BPFXX_XDP(keep_padded, test::told)(xdp::packet packet) {
    auto [r] = BPFXX_TRY(packet.parse<request>());
    u8 const x = r->rest[0];
    behinds.update(1, padded_behind{x, x});
    betweens.update(1, padded_between{x, x, x});
    insides.update(1, padded_inside{x, {x, x, x}, x});
    besides.update(1, padded_beside{net::ip_address{r->address}, r->port, x, x});
    news.output(padded_between{x, x, x});
    padded_long all{};
    all.a = x;
    all.text[64] = x;
    all.b = x;
    longs.update(1, all);
    news.output(all);
    observe(reason::none, sum_of_bytes(behinds), sum_of_bytes(betweens), sum_of_bytes(insides), sum_of_bytes(besides),
            sum_of_bytes(longs));
    return xdp::pass;
}
BPFXX_LICENSE("GPL");
