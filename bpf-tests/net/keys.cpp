// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Key spaces are open lists of numbers: what is of one space is comparable, what is not does not compile (reject/net).
#include <bpfxx/net/keys.hpp>
#include <support/catch.hpp>

using namespace bpfxx;
using net::ether_type, net::ip_proto, net::tcp_port, net::udp_port;

static_assert(sizeof(be<ether_type>) == 2 && sizeof(ip_proto) == 1);
static_assert(sizeof(be<tcp_port>) == 2 && sizeof(be<udp_port>) == 2);
static_assert(alignof(be<ether_type>) == 1 && alignof(be<tcp_port>) == 1);

// Whoever knows a number that this library does not can say it.
static_assert(be{ether_type{0x88cc}}.value() == ether_type{0x88cc});
static_assert(be{ether_type{0x88cc}}.raw[0] == 0x88 && be{ether_type{0x88cc}}.raw[1] == 0xcc);
static_assert(be{tcp_port{8080}} == tcp_port{8080} && be{tcp_port{8080}} != tcp_port{8081});
static_assert(net::no_length(ether_type{0x0600}) == ether_type{0x0600} &&
              net::no_length(ether_type{0x05ff}) == net::no_ether_type);
static_assert(ip_proto{6} == ip_proto{6} && ip_proto{6} != ip_proto{17});

// Keys lead within their space: by number, by list, by "any".
static_assert(matches(ip_proto{6}, ip_proto{6}) && !matches(ip_proto{6}, ip_proto{17}));
static_assert(matches(udp_port{53}, be{udp_port{53}}) && !matches(udp_port{53}, be{udp_port{54}}));
static_assert(matches(any<tcp_port>{}, be{tcp_port{1}}));
constexpr one_of both_spaces{ether_type{0x0800}, ip_proto{4}};
static_assert(matches(both_spaces, be{ether_type{0x0800}}) && !matches(both_spaces, be{ether_type{0x86dd}}));
static_assert(matches(both_spaces, ip_proto{4}) && !matches(both_spaces, ip_proto{41}));

template <class Id, class Key>
concept leads = requires(Id id, Key key) {
    matches(id, key);
};
static_assert(leads<ip_proto, ip_proto> && !leads<ip_proto, be<ether_type>> && !leads<ip_proto, be<tcp_port>>);
static_assert(leads<udp_port, be<udp_port>> && !leads<udp_port, be<tcp_port>> && !leads<any<udp_port>, be<tcp_port>>);
static_assert(!leads<one_of<ether_type, ip_proto>, be<tcp_port>>);

TEST_CASE("a key keeps its bytes in wire order") {
    be<tcp_port> port{};
    CHECK(port == tcp_port{0});
    port = be{tcp_port{0x1f90}};
    CHECK(port.raw[0] == 0x1f);
    CHECK(port.raw[1] == 0x90);
    CHECK(static_cast<u16>(port.value()) == 8080);
}
