// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Routes by the longest prefix, that do what the packet asks for.
#include <bpfxx/kernel/map/lpm_trie.hpp>
#include <bpfxx/kernel/xdp.hpp>
#include <bpfxx/net/ip_address.hpp>
#include <bpfxx/net/literals.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;

using routes_spec = spec::lpm_trie<be32, u64, 8>;
BPFXX_MAP(routes, routes_spec);
BPFXX_MAP(routes6, spec::lpm_trie<net::ip_address, u64, 8>);

struct request {
    u8 what, flags, length, rest;
    be32 address, number;
    u8 more[4];
};

BPFXX_XDP(serve, test::told)(xdp::packet packet) {
    auto [r] = BPFXX_TRY(packet.parse<request>());
    lpm_key<be32> const key{r->length, r->address};
    i64 result = 0;
    u64 found = 0, via = 0;
    if (r->what == 0)
        found = routes.lookup(key).then([&](u64 const &v) BPFXX_LAMBDA { via = v; });
    else if (r->what == 1)
        result = routes.update(key, r->number.value(), r->flags);
    else
        result = routes.erase(key);
    observe(reason::none, result, found, via);
    return xdp::pass;
}

BPFXX_XDP(both_versions, test::told)(xdp::packet packet) {
    auto [r] = BPFXX_TRY(packet.parse<request>());
    using namespace net::literals;
    using key = lpm_key<net::ip_address>;
    i64 const error = routes6.update(key::of("10.0.0.0/8"_prefix), 7);
    i64 const other = routes6.update(key::of("2001:db8::/32"_prefix), 8);
    observe(reason::none, error, routes6.lookup(key::whole(net::ip_address{r->address})).value_or(0), other,
            routes6.lookup(key::whole("2001:db8::1"_ip)).value_or(0),
            routes6.lookup(key::whole("2001:db9::1"_ip)).value_or(0));
    return xdp::pass;
}
BPFXX_LICENSE("GPL");
