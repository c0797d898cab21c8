// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Single steps: a key, a place, what a length field leaves; and what they lead to.
#include <bpfxx/core/dispatch.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/gre.hpp>
#include <bpfxx/net/icmp.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/llc.hpp>
#include <bpfxx/net/mpls.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vlan.hpp>
#include <bpfxx/net/vxlan.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;

/// A header of one's own that several keys of several spaces lead to.
struct own {
    static constexpr auto id = one_of{net::ether_type{0x1234}, net::ip_proto{200}, net::udp_port{99}};
    u8 length, key;
    BPFXX_INLINE constexpr auto size() const -> u32 { return length; }
    BPFXX_INLINE constexpr auto next() const { return net::ip_proto{key}; }
};
/// What a program says of a header that it meets much: a walk steps over it in place.
template <> inline constexpr bool bpfxx::frequent<net::vlan> = true;
static_assert(bpfxx::frequent<net::ipv4> && !bpfxx::frequent<net::udp>);
using set = protocols<net::ethernet, net::vlan, net::ipv4, net::ipv6, net::mpls, net::llc, net::gre, net::tcp, net::udp,
                      net::icmp, net::vxlan, own>;
using steps = bpfxx::detail::dispatch<set>;

/// The packet starts with the key and with what is left, as numbers of four bytes each; then comes the header.
BPFXX_XDP(one)(xdp::packet packet) {
    struct question {
        be32 key, left;
    };
    auto const asked = BPFXX_TRY(packet.payload().read<question>());
    auto here = packet.whole();
    here.at = here.at + 8;
    here.left = static_cast<i32>(asked.left.value() & step::most_left);
    u32 const key = asked.key.value();
    step s{};
    auto const why = steps::frequent_at(here, key, s);
    if (why == bpfxx::detail::elsewhere)
        s = step::unpacked(steps::rare_at(here, key)).trimmed();
    else if (why != reason::none)
        s = step::unpacked(step::end(why)).trimmed();
    observe(reason::none, s.index, s.size, s.left, s.key);
    return xdp::drop;
}
BPFXX_LICENSE("GPL");
