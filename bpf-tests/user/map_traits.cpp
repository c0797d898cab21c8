// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/core/endian.hpp>
#include <bpfxx/core/verdict.hpp>
#include <bpfxx/user/map_traits.hpp>
#include <string>
#include <support/catch.hpp>

namespace inside = bpfxx::user::detail;
using namespace bpfxx;
using namespace bpfxx::user;

namespace {
struct wire_key {
    be16 port;
    be32 address;
};
struct two_u64 {
    u64 a;
    struct {
        u64 b[2];
    } rest;
};
struct odd_u64 {
    u32 a, b;
};
struct three_bytes {
    u8 raw[3];
};
} // namespace

static_assert(map_traits<spec::hash<wire_key, u8, 4>>::is_keyed, "wire types are keys, though not trivially copyable");
static_assert(!inside::plain_bytes<std::string> && !inside::plain_bytes<int *>);
static_assert(inside::made_of_u64<u64> && inside::made_of_u64<xdp::tally> && inside::made_of_u64<two_u64>);
static_assert(!inside::made_of_u64<odd_u64> && !inside::made_of_u64<u32> && !inside::made_of_u64<double>);
static_assert(!map_traits<spec::ring_buffer<4096>>::is_keyed);

TEST_CASE("the values of a per-CPU entry lie 8 bytes apart at least") {
    using traits = map_traits<spec::per_cpu_array<three_bytes, 1>>;
    static_assert(traits::stride == 8);
    auto values = std::vector<three_bytes>(traits::values_per_entry(), three_bytes{{1, 2, 3}});
    values.back() = {{7, 8, 9}};
    auto const packed = traits::pack(values);
    CHECK(packed.size() == values.size() * 8);
    CHECK(packed[packed.size() - 6] == std::byte{9});
    auto const back = traits::unpack(packed.data());
    CHECK(back.size() == values.size());
    CHECK(back.back().raw[2] == 9);
}

TEST_CASE("wire types come back as they went") {
    using traits = map_traits<spec::hash<be16, wire_key, 1>>;
    auto const key = wire_key{be16{80}, be32{0x0a000001}};
    auto const packed = traits::pack({&key, 1});
    CHECK(packed.size() == 6);
    CHECK(packed[1] == std::byte{80});
    CHECK(traits::unpack(packed.data()).address.value() == 0x0a000001);
}
