// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Three ways to packets of which only a part is linear: as it is, by a copy, by a pull.
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/tc.hpp>
#include <bpfxx/kernel/tc_loaded.hpp>
#include <bpfxx/kernel/tc_pulled.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/tcp.hpp>
using namespace bpfxx;

BPFXX_LICENSE("GPL");
/// Which way has seen a request.
BPFXX_MAP(requests, spec::array<u64, 3>);
template <class Packet> BPFXX_INLINE auto look(Packet const &packet, u32 way) -> result<bool> {
    auto [eth, ip, segment] = BPFXX_TRY(packet.template parse<net::ethernet, net::ipv4, net::tcp>());
    if (segment.payload().starts_with("GET /bpfxx"))
        requests.lookup(way).then([](u64 &n) BPFXX_LAMBDA { __atomic_fetch_add(&n, 1, __ATOMIC_SEQ_CST); });
    return true;
}
BPFXX_TC(by_linear)(tc::packet packet) {
    BPFXX_TRY(look(packet, 0));
    return tc::unspec;
}
BPFXX_TC_LOADED(by_load)(tc_loaded::packet packet) {
    BPFXX_TRY(look(packet, 1));
    return tc::unspec;
}
BPFXX_TC_PULLED(by_pull)(tc_pulled::packet packet) {
    BPFXX_TRY(look(packet, 2));
    return tc::unspec;
}
