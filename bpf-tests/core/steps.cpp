// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The words of a chain are about types alone: all of this is known while compiling.
#include <bpfxx/core/chain.hpp>
#include <bpfxx/net/arp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/icmp.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vlan.hpp>
#include <support/catch.hpp>

using namespace bpfxx;
using namespace bpfxx::net;

struct gre {
    static constexpr auto id = ip_proto{47};
    be16 flags;
    be<ether_type> type;
    constexpr auto next() const { return type; }
};
struct on_any_port {
    static constexpr auto id = any<udp_port>{};
    u8 byte;
};

// What may follow what.
static_assert(follows<start, ethernet>::value && follows<start, tcp>::value);
static_assert(follows<ethernet, ipv4>::value && follows<ethernet, ipv6>::value && follows<ethernet, arp>::value);
static_assert(follows<ethernet, vlan>::value && follows<vlan, vlan>::value && follows<vlan, ipv4>::value);
static_assert(!follows<ethernet, tcp>::value && !follows<ethernet, icmp>::value && !follows<vlan, udp>::value);
static_assert(follows<ipv4, tcp>::value && follows<ipv4, ipv4>::value && follows<ipv6, ipv4>::value);
static_assert(!follows<ipv4, arp>::value && !follows<ipv4, vlan>::value);
static_assert(!follows<arp, ipv4>::value && !follows<arp, tcp>::value); // what has no next() leads nowhere
static_assert(follows<udp, on_any_port>::value && !follows<tcp, on_any_port>::value);
static_assert(follows<gre, ipv4>::value && follows<gre, ethernet>::value && !follows<gre, tcp>::value);
static_assert(follows<either<ipv4, ipv6>, tcp>::value && !follows<either<ipv4, ipv6>, arp>::value);
static_assert(follows<either<ethernet, ipv4>, tcp>::value && follows<either<ethernet, ipv4>, arp>::value);
static_assert(!follows<either<ethernet, ipv4>, on_any_port>::value);
static_assert(follows<after_optional<ipv4, gre>, tcp>::value && follows<after_optional<ipv4, gre>, arp>::value);
static_assert(!follows<after_optional<ethernet, vlan>, tcp>::value);
static_assert(follows<after_repeated<ethernet, vlan>, ipv4>::value &&
              !follows<after_repeated<ethernet, vlan>, tcp>::value);

// Keys.
static_assert(is_same<next_key<ethernet>, be<ether_type>> && is_same<next_key<ipv4>, ip_proto>);
static_assert(is_same<next_key<tcp>, be<tcp_port>> && is_same<next_key<arp>, nothing>);
static_assert(is_same<detail::merged_key<ip_proto, ip_proto>, ip_proto>);
using two = detail::merged_key<ip_proto, be<ether_type>>;
static_assert(is_same<two, any_key<ip_proto, be<ether_type>>>);
static_assert(is_same<detail::merged_key<two, ip_proto>, two> && is_same<detail::merged_key<two, be<ether_type>>, two>);
static_assert(is_same<layer<either<ipv4, ipv6>>::key, ip_proto>);

// Whether a key leads on.
static_assert(leads<tcp>(ip_proto{6}) && !leads<tcp>(ip_proto{17}) && leads<tcp>(start{}));
static_assert(leads<ipv4>(be{ether_type{0x0800}}) && !leads<ipv4>(be{ether_type{0x0008}}));
static_assert(leads<ipv4>(ip_proto{4}) && !leads<ipv6>(ip_proto{4}));
static_assert(leads<vlan>(be{ether_type{0x8100}}) && leads<vlan>(be{ether_type{0x88a8}}));
static_assert(!leads<vlan>(be{ether_type{0x9100}}));
constexpr auto first = detail::widen<two>(ip_proto{4});
constexpr auto second = detail::widen<two>(be{ether_type{0x0800}});
static_assert(!first.second && second.second && leads<ipv4>(first) && leads<ipv4>(second));
static_assert(!leads<ipv4>(detail::widen<two>(ip_proto{6})) && !leads<ipv4>(detail::widen<two>(be{ether_type{4}})));
static_assert(leads<tcp>(detail::widen<two>(ip_proto{6})) && !leads<tcp>(detail::widen<two>(be{ether_type{6}})));
static_assert(is_same<decltype(detail::widen<two>(first)), two>);

// The bytes without which no packet is of the form.
static_assert(detail::shortest<> == 0 && detail::shortest<ethernet, ipv4, tcp> == 54);
static_assert(detail::shortest<ethernet, up_to<2, vlan>, ipv4, udp> == 42);
static_assert(detail::shortest<ethernet, maybe<vlan>, either<ipv4, ipv6>, either<tcp, udp>> == 42);
static_assert(detail::fixed<ethernet> == 14 && detail::fixed<ipv4> == 20 && detail::fixed<tcp> == 0);
static_assert(detail::stretches<ipv4> && detail::stretches<tcp> && detail::stretches<ipv6> && !detail::stretches<udp>);
static_assert(detail::least<3, 1, 2> == 1 && detail::least<5> == 5);
static_assert(detail::index_of<ipv4, ipv4, ipv6> == 0 && detail::index_of<ipv6, ipv4, ipv6> == 1);

// Whether a key is what the chain goes on with.
static_assert(!detail::expects<>::decides && !detail::expects<up_to<2, vlan>, ipv4>::decides);
static_assert(detail::expects<ipv4, tcp>::decides && detail::expects<ipv4, tcp>::by(be{ether_type{0x0800}}));
static_assert(detail::expects<either<ipv4, ipv6>, tcp>::by(be{ether_type{0x86dd}}));
static_assert(!detail::expects<either<ipv4, ipv6>, tcp>::by(be{ether_type{0x0806}}));

TEST_CASE("the words of a chain") { SUCCEED("checked while compiling"); }
