// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/core/field.hpp>
#include <support/catch.hpp>

using namespace bpfxx;

namespace {
struct pair {
    be16 first;
    u8 second;
    be16 third;
};
struct address_of {
    be32 src, dst;
};
struct other {
    be16 first;
};
/// A word that both headers have, each in a member of its own.
struct shared {
    template <class H> using in = typename H::shared_field;
};
struct left {
    u8 a;
    using shared_field = bits<&left::a, 4, 4>;
};
struct right {
    be32 b;
    using shared_field = field<&right::b>;
};
} // namespace

TEST_CASE("a field's value is made of what it is to have") {
    using first = field<&pair::first>;
    STATIC_REQUIRE(__is_same(first::type, be16) && first::whole);
    CHECK(first::made(be16{1}, be16{0x1234}) == be16{0x1234});
    CHECK(first::value(be16{7}) == be16{7});
    CHECK(field<&pair::second>::made(u8{1}, 255) == 255);
}

TEST_CASE("some bits of a field, in every place, leave the others as they are") {
    using top = bits<&pair::first, 13, 3>;
    using low = bits<&pair::first, 0, 12>;
    STATIC_REQUIRE(top::mask == 7 && low::mask == 0xfff && !top::whole);
    for (u32 v = 0; v < 16; v++) {
        auto const made = top::made(be16{0x1abc}, v);
        CHECK(made == be16{static_cast<u16>(0x1abc | (v & 7) << 13)});
        CHECK(top::value(made) == (v & 7));
        CHECK(low::value(made) == 0xabc);
    }
    CHECK(low::made(be16{0xffff}, 0x1001) == be16{0xf001});
    using middle = bits<&pair::second, 2, 3>;
    CHECK(middle::made(u8{0xff}, 0) == 0xe3);
    CHECK(middle::made(u8{0}, 5) == 0x14);
    CHECK(middle::value(u8{0x14}) == 5);
    using all = bits<&address_of::src, 0, 32>;
    STATIC_REQUIRE(all::mask == 0xffff'ffff);
    CHECK(all::made(be32{1}, 0xdead'beef) == be32{0xdead'beef});
}

TEST_CASE("whose a member is, and whether it is one of several") {
    STATIC_REQUIRE(__is_same(detail::owner_of<&pair::third>, pair));
    STATIC_REQUIRE(__is_same(detail::type_of<&pair::second>, u8));
    STATIC_REQUIRE(detail::same_field<&pair::first, &pair::first>);
    STATIC_REQUIRE(!detail::same_field<&pair::first, &pair::third>);
    STATIC_REQUIRE(!detail::same_field<&pair::first, &other::first>);
    STATIC_REQUIRE(detail::is_in<&pair::third, fields<&pair::first, &pair::third>>);
    STATIC_REQUIRE(!detail::is_in<&pair::third, fields<&pair::first>>);
}

TEST_CASE("a word is taken by the headers that have it") {
    using either_first = detail::any_word<field<&pair::first>, field<&other::first>>;
    STATIC_REQUIRE(either_first::takes<pair, be16> && either_first::takes<other, be16>);
    STATIC_REQUIRE(!either_first::takes<left, be16>);
    STATIC_REQUIRE(__is_same(either_first::in<other>, field<&other::first>));
    using common = detail::any_word<shared>;
    STATIC_REQUIRE(common::takes<left, u8> && common::takes<right, be32> && !common::takes<pair, u8>);
    STATIC_REQUIRE(__is_same(common::in<left>, bits<&left::a, 4, 4>));
    STATIC_REQUIRE(detail::src_word::takes<address_of, be32> && !detail::src_word::takes<address_of, be16>);
    STATIC_REQUIRE(detail::dst_word::takes<address_of, be32> && !detail::dst_word::takes<pair, be32>);
}
