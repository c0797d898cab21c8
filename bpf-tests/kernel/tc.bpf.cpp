// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// TC programs: each verdict, each sort of policy, what a packet knows, pulls, counters.
#include <bpfxx/kernel/tc.hpp>
#include <bpfxx/net/ethernet.hpp>
#include <bpfxx/net/ipv4.hpp>
#include <bpfxx/net/ipv6.hpp>
#include <bpfxx/net/tcp.hpp>
#include <bpfxx/net/udp.hpp>
#include <bpfxx/net/vlan.hpp>
#include <support/observe.hpp>

using namespace bpfxx;
using test::observe;

BPFXX_TC(verdicts)(tc::packet packet) {
    auto const which = BPFXX_TRY(packet.payload().read<u8>());
    switch (which) {
    case 0: return tc::ok;
    case 1: return tc::reclassify;
    case 2: return tc::shot;
    case 3: return tc::pipe;
    case 4: return tc::stolen;
    case 5: return tc::queued;
    case 6: return tc::repeat;
    case 7: return tc::redirect;
    case 8: return tc::trap;
    case 9: return tc::unspec;
    default: return reason::malformed;
    }
}

// The same body, and what becomes of packets of another form.
BPFXX_TC(by_default)(tc::packet packet) {
    auto [eth, ip, udp] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp>());
    return udp.payload().empty() ? tc::shot : tc::ok;
}
BPFXX_TC(by_action, tc::trap)(tc::packet packet) {
    auto [eth, ip, udp] = BPFXX_TRY(packet.parse<net::ethernet, net::ipv4, net::udp>());
    return udp.payload().empty() ? tc::shot : tc::ok;
}
BPFXX_TC(by_reason, test::told_as<tc::action>)(tc::packet packet) {
    auto [eth, ip, udp] = BPFXX_TRY(packet.parse<exactly, net::ethernet, net::ipv4, net::udp>());
    return udp.payload().empty() ? tc::shot : tc::ok;
}

BPFXX_TC(surroundings)(tc::packet packet) {
    observe(reason::none, packet.length(), packet.payload().size(), packet.interface_index(), packet.mark(),
            packet.priority());
    return tc::ok;
}
BPFXX_TC(marks)(tc::packet packet) {
    auto const first = BPFXX_TRY(packet.payload().read<be32>());
    packet.set_mark(first.value());
    packet.set_priority(7);
    observe(reason::none, packet.mark(), packet.priority());
    return tc::ok;
}

/// Headers that are parsed before a pull and behind it, and the whole payload, wherever it was.
BPFXX_TC(pulls, test::told_as<tc::action>)(tc::packet packet) {
    u32 const length = packet.length();
    u32 before = 0;
    packet.parse<net::ethernet, net::ipv4, net::tcp>().then([&](auto const &p) BPFXX_LAMBDA {
        auto const &[eth, ip, segment] = p;
        before = segment.payload().size();
    });
    auto const linear = BPFXX_TRY(move(packet).pull(length));
    auto [eth, ip, segment] = BPFXX_TRY(linear.parse<net::ethernet, net::ipv4, net::tcp>());
    auto const data = segment.payload();
    u8 text[8];
    auto const copied = data.copy_to(text);
    observe(reason::none, before, data.size(), copied, test::number(text), linear.length(), linear.payload().size());
    return tc::ok;
}
/// Less than the packet has, and more than it has, is as much as it has.
BPFXX_TC(pulls_some, test::told_as<tc::action>)(tc::packet packet) {
    u32 const wanted = BPFXX_TRY(packet.payload().read<be32>(14)).value();
    auto const linear = BPFXX_TRY(move(packet).pull(wanted));
    observe(reason::none, linear.payload().size());
    return tc::ok;
}

BPFXX_COUNT(counted, counts, tc::counters);
BPFXX_TC(counted, tc::shot)(tc::packet packet) {
    auto [eth, tags, ip, l4] = BPFXX_TRY(packet.parse<exactly, net::ethernet, up_to<2, net::vlan>,
                                                      either<net::ipv4, net::ipv6>, either<net::tcp, net::udp>>());
    switch (l4.destination().value()) {
    case 1: return tc::stolen;
    case 2: return tc::redirect;
    case 3: return tc::pipe;
    case 4: return tc::unspec;
    default: return tc::ok;
    }
}

/// As packets really are: how much is linear is for sockets and drivers to say. Bytes of payload before and behind a pull.
struct lengths {
    u64 segments, before, behind, sum;
};
BPFXX_MAP(met, spec::array<lengths, 1>);
BPFXX_TC(meets)(tc::packet packet) {
    u32 before = 0;
    u32 const length = packet.length();
    packet.parse<net::ethernet, net::ipv4, net::tcp>().then([&](auto const &p) BPFXX_LAMBDA {
        auto const &[eth, ip, segment] = p;
        before = segment.payload().size();
    });
    auto const linear = BPFXX_TRY(move(packet).pull(length));
    auto [eth, ip, segment] = BPFXX_TRY(linear.parse<net::ethernet, net::ipv4, net::tcp>());
    auto const data = segment.payload();
    u32 const last = data.empty() ? 0 : u32{data.read<u8>(data.size() - 1).value_or(0)};
    met.lookup(0).then([&](lengths &t) BPFXX_LAMBDA {
        t.segments += !data.empty();
        t.before += before;
        t.behind += data.size();
        t.sum += last;
    });
    return tc::ok;
}
BPFXX_LICENSE("GPL");
