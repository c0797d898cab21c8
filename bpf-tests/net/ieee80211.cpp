// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "ieee80211.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet, test::byte_string, test::patched;

static_assert(header<net::ieee80211> && sizeof(net::ieee80211) == 24);
static_assert(__builtin_offsetof(net::ieee80211, flags) == 1 && __builtin_offsetof(net::ieee80211, duration) == 2);
static_assert(__builtin_offsetof(net::ieee80211, address1) == 4 && __builtin_offsetof(net::ieee80211, address2) == 10);
static_assert(__builtin_offsetof(net::ieee80211, address3) == 16);
static_assert(__builtin_offsetof(net::ieee80211, sequence_control) == 22);
constexpr auto with(u8 type, u8 flags, u16 sequence = 0) -> net::ieee80211 {
    return {type, flags, le16{}, {}, {}, {}, le16{sequence}};
}
static_assert(with(0x08, 0).valid() && with(0x88, 0).valid() && with(0x80, 0).valid());
static_assert(!with(0x84, 0).valid() && !with(0x0c, 0).valid() && !with(0x09, 0).valid());
static_assert(with(0x08, 0).options() == 0 && with(0x08, 3).options() == 6 && with(0x88, 3).options() == 8);
static_assert(with(0x88, 0x83).options() == 12 && with(0x88, 0x80).options() == 6 && with(0x08, 0x80).options() == 0);
static_assert(with(0x08, 1).to_ds() && with(0x08, 2).from_ds() && !with(0x08, 1).has_address4());
static_assert(with(0x08, 0x04).more_fragments() && with(0x08, 0x08).is_retry() && with(0x08, 0x40).is_protected());
static_assert(!with(0xff, 0xfe).to_ds() && !with(0xff, 0xfd).from_ds() && !with(0xff, 0xfb).more_fragments());
static_assert(!with(0xff, 0xf7).is_retry() && !with(0xff, 0xbf).is_protected());
static_assert(with(0x88, 0).is_qos() && with(0x88, 0).has_data() && !with(0xc8, 0).has_data());
static_assert(with(0x80, 3).options() == 0 && with(0x80, 0x83).options() == 4 && with(0x00, 0x80).options() == 4);
static_assert(with(0x80, 0).is_management() && !with(0x80, 0).is_qos() && !with(0x80, 0).has_data());
static_assert(!with(0x80, 3).has_address4() && with(0x80, 0).next() == net::no_link_type);
static_assert(with(0x08, 0).next() == net::link_type{100} && with(0x08, 0x40).next() == net::no_link_type);
static_assert(with(0x48, 0).next() == net::no_link_type);
static_assert(with(8, 0, 0x1230).sequence() == 0x123 && !with(8, 0, 0x1230).fragment() && with(8, 0, 1).fragment());

/// With the optional fields that it says it has.
static auto frame(u8 type = 0x08, u8 flags = 0, u8 fragment = 0) -> byte_string {
    byte_string b{type, flags, 0x34, 0x12, 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 3, fragment, 0x12};
    auto const size = b.size() + ((flags & 3) == 3 ? 6u : 0) + ((type & 0x88) == 0x88 ? (flags & 0x80 ? 6u : 2u) : 0);
    b.resize(size, 0x5a);
    return b;
}
static byte_string const snap_ipv4{0xaa, 0xaa, 3, 0, 0, 0, 8, 0}, snap_ipv6{0xaa, 0xaa, 3, 0, 0, 0, 0x86, 0xdd};

TEST_CASE("the fields of the header") {
    both see{plain_fields};
    auto const a = see.run(packet{}.other(frame(0x88, 0x41, 0x30)).payload("inside"));
    CHECK(a.why == reason::none);
    u64 const expected[] = {0x88, 0x41, 0x1234, 1, 2, 3, 0x123};
    for (u32 i = 0; i < 7; i++) CHECK(a.number(i) == expected[i]);
}

TEST_CASE("flags and type tell how long it is") {
    both see{optional_fields};
    for (u8 const type : {0x08, 0x48, 0x88, 0xc8})
        for (u32 flags = 0; flags < 256; flags++) {
            auto const header = frame(type, static_cast<u8>(flags));
            auto const a = see.run(packet{}.other(header).payload("inside"));
            CHECK(a.why == reason::none);
            u64 const expected[] = {header.size() - 24, 6,
                                    type / 128u,        (flags & 3) == 3,
                                    (type & 0x40) == 0, header.size() > 24 ? 0x5au : 0};
            for (u32 i = 0; i < 6; i++) CHECK(a.number(i) == expected[i]);
        }
}

TEST_CASE("cut off at every length") {
    both see{plain_fields}, ip{inner}, snap{exact};
    for (u8 const flags : {0x00, 0x03, 0x80, 0x83})
        for (u8 const type : {0x08, 0x88}) {
            auto const size = frame(type, flags).size();
            see.sweep(packet{}.other(frame(type, flags)).payload("abc"), size);
            ip.sweep(packet{}.other(frame(type, flags)).payload(snap_ipv4).ipv4().tcp().payload("abc"), size + 48);
            ip.sweep(packet{}.other(frame(type, flags)).payload(snap_ipv6).ipv6().tcp().payload("abc"), size + 68);
            snap.sweep(packet{}.other(frame(type, flags)).payload(snap_ipv4).payload("abc"), size + 8);
        }
}

TEST_CASE("other versions and control frames are malformed") {
    both see{plain_fields};
    for (u32 type = 0; type < 256; type++)
        CHECK(see.run(packet{}.other(frame(static_cast<u8>(type))).payload("abc")).why ==
              ((type & 7) == 0 ? reason::none : reason::malformed));
}

TEST_CASE("what it leads to") {
    both ip{inner}, snap{exact};
    auto a = ip.run(packet{}.other(frame(0x88, 1)).payload(snap_ipv4).ipv4().tcp({.dst = 443}).payload("abc"));
    CHECK((a.why == reason::none && a.number(0) == 1 && a.number(1) == 443 && a.number(2) == 3));
    a = ip.run(packet{}.other(frame(0x08, 2)).payload(snap_ipv6).ipv6().tcp({.dst = 443}).payload("abc"));
    CHECK((a.why == reason::none && a.number(0) == 0 && a.number(1) == 443 && a.number(2) == 3));
    auto const behind = [](byte_string const &header) {
        return packet{}.other(header).payload(snap_ipv4).payload("abc").bytes();
    };
    CHECK(snap.run(behind(frame())).number(0) == 0x0800);
    CHECK(snap.run(behind(frame(0x08, 0x40))).why == reason::other_protocol);                              // encrypted
    for (u8 const type : {0x48, 0xc8}) CHECK(snap.run(behind(frame(type))).why == reason::other_protocol); // no data
    CHECK(snap.run(behind(frame(0x00))).why == reason::other_protocol); // an association request
    for (u8 fragment = 1; fragment < 16; fragment++)
        CHECK(snap.run(behind(frame(0x08, 0, fragment))).why == reason::fragment);
    CHECK(snap.run(behind(frame(0x08, 4, 0))).why == reason::none); // the first of several
}

TEST_CASE("the flags of a frame, each bit for itself") {
    for (u32 flags = 0; flags < 256; flags++) {
        net::ieee80211 h{};
        h.type = 0x08, h.flags = static_cast<u8>(flags);
        CHECK(h.to_ds() == ((flags & 1) != 0));
        CHECK(h.from_ds() == ((flags & 2) != 0));
        CHECK(h.more_fragments() == ((flags & 4) != 0));
        CHECK(h.is_retry() == ((flags & 8) != 0));
        CHECK(h.is_protected() == ((flags & 0x40) != 0));
        CHECK(h.has_address4() == ((flags & 3) == 3));
    }
}
