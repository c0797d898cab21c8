// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "flow_dissector.bpf.cpp"
#include <support/both.hpp>
#include <support/packet.hpp>

using test::both, test::packet;

static_assert(flow_dissector::ok == 0 && flow_dissector::drop == 2 && flow_dissector::fall_back == 129);
static_assert(name_of(flow_dissector::ok)[0] == 'o' && name_of(flow_dissector::fall_back)[0] == 'f');
static_assert(name_of(flow_dissector::action{1})[0] == 'u' && name_of(flow_dissector::drop)[0] == 'd');
// The kernel's own struct.
static_assert(sizeof(flow_dissector::keys) == sizeof(bpf_flow_keys));
static_assert(offsetof(flow_dissector::keys, thoff) == offsetof(bpf_flow_keys, thoff));
static_assert(offsetof(flow_dissector::keys, addr_proto) == offsetof(bpf_flow_keys, addr_proto));
static_assert(offsetof(flow_dissector::keys, is_encap) == offsetof(bpf_flow_keys, is_encap));
static_assert(offsetof(flow_dissector::keys, ip_proto) == offsetof(bpf_flow_keys, ip_proto));
static_assert(offsetof(flow_dissector::keys, n_proto) == offsetof(bpf_flow_keys, n_proto));
static_assert(offsetof(flow_dissector::keys, sport) == offsetof(bpf_flow_keys, sport));
static_assert(offsetof(flow_dissector::keys, addresses) == offsetof(bpf_flow_keys, ipv4_src));
static_assert(offsetof(flow_dissector::keys, flags) == offsetof(bpf_flow_keys, flags));
static_assert(offsetof(flow_dissector::keys, flow_label) == offsetof(bpf_flow_keys, flow_label));
static_assert(flow_dissector::parse_first_fragment == BPF_FLOW_DISSECTOR_F_PARSE_1ST_FRAG);
static_assert(flow_dissector::stop_at_flow_label == BPF_FLOW_DISSECTOR_F_STOP_AT_FLOW_LABEL);
static_assert(flow_dissector::stop_at_encapsulation == BPF_FLOW_DISSECTOR_F_STOP_AT_ENCAP);

namespace {
auto eth() -> packet { return packet{}.ethernet(); }
auto keys_in(test::answer const &a) -> flow_dissector::keys {
    REQUIRE(a.bytes.size() == sizeof(flow_dissector::keys));
    flow_dissector::keys k;
    std::memcpy(static_cast<void *>(&k), a.bytes.data(), sizeof k);
    return k;
}
} // namespace

TEST_CASE("chains start at the network header, and keys go out") {
    both run{by_default};
    auto const a = run.flags(5).run(eth().ipv6().hop_by_hop().udp({.src = 7, .dst = 8}));
    CHECK(a.verdict == flow_dissector::ok);
    u64 const told[] = {14, 14, 0x86dd, 5, 70};
    for (u32 i = 0; i < 5; i++) CHECK(a.number(i) == told[i]);
    auto const k = keys_in(a);
    CHECK((k.sport == be16{7} && k.dport == be16{8} && k.ip_proto == 17 && k.flags == 5 && k.n_proto == be16{0x86dd}));
    CHECK((k.nhoff == 14 && k.thoff == 14 && k.addr_proto == 0));
    run.sweep(eth().ipv4().tcp(), [](std::size_t length, test::answer const &b) {
        return b.verdict == (length < 54 ? flow_dissector::fall_back : flow_dissector::ok);
    });
    run.sweep(eth().ipv6().tcp(), [](std::size_t length, test::answer const &b) {
        return b.verdict == (length < 74 ? flow_dissector::fall_back : flow_dissector::ok);
    });
    CHECK(run.run(eth().arp()).verdict == flow_dissector::fall_back);
}

TEST_CASE("offsets stay within the packet, and verdicts are counted by reason") {
    both run{counted};
    auto const k = keys_in(run.step(eth().ipv4({.more_fragments = true, .src = 0x0102'0304, .dst = 5}).udp()));
    CHECK((k.nhoff == 42 && k.thoff == 42 && k.is_frag == 1 && k.addr_proto == 0x0800));
    CHECK((k.addresses[0] == 1 && k.addresses[3] == 4 && k.addresses[7] == 5 && k.addresses[8] == 0));
    for (u32 i = 0; i < 2; i++) CHECK(run.step(eth().ipv4().tcp()).verdict == flow_dissector::drop);
    run.flags(flow_dissector::stop_at_encapsulation);
    for (u32 i = 0; i < 3; i++) CHECK(run.step(eth().ipv4().udp()).verdict == flow_dissector::fall_back);
    auto const check = [](flow_dissector::tally const &good, flow_dissector::tally const &other) {
        CHECK((good.ok == 1 && good.fall_back == 3 && good.drop == 0 && other.drop == 2 && other.ok == 0));
    };
    constexpr auto none = static_cast<u32>(reason::none), other = static_cast<u32>(reason::other_protocol);
    auto const native = [&](u32 index) {
        flow_dissector::tally t;
        std::memcpy(&t, run.native_map("counts").lookup(&index), sizeof t);
        return t;
    };
    check(native(none), native(other));
    run.each_kernel_map("counts", [&](int fd) {
        auto const sum = [&](u32 index) {
            std::vector<flow_dissector::tally> values(static_cast<std::size_t>(libbpf_num_possible_cpus()));
            REQUIRE(bpf_map_lookup_elem(fd, &index, values.data()) == 0);
            flow_dissector::tally t{};
            for (auto const &v : values) t.ok += v.ok, t.drop += v.drop, t.fall_back += v.fall_back;
            return t;
        };
        check(sum(none), sum(other));
    });
}
