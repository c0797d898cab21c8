// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/user/packet_runner.hpp>
#include <linux/pkt_cls.h>
#include <user/expect.hpp>
#include <user/raw_program.hpp>

using namespace bpfxx;
using namespace bpfxx::user;
using test::failure_of;
using test::has;
namespace insn = test::insn;

namespace {
/// A frame of this EtherType; all its bytes are others.
auto frame(std::size_t size, unsigned type = 0x0800) -> std::vector<std::byte> {
    auto packet = std::vector<std::byte>(size);
    for (std::size_t i = 0; i < size; i++) packet[i] = static_cast<std::byte>(i + 1);
    if (size >= 14) packet[12] = static_cast<std::byte>(type >> 8), packet[13] = static_cast<std::byte>(type);
    return packet;
}
auto answer(bpf_prog_type type, i32 code) -> descriptor {
    return test::load_raw({insn::move(BPF_REG_0, code), insn::exit()}, "answer", type);
}
/// Calls a helper that changes the packet's geometry with (context, by, 0), and passes.
auto resize(i32 helper, i32 by) -> descriptor {
    return test::load_raw(
        {insn::move(BPF_REG_2, by), insn::call(helper), insn::move(BPF_REG_0, XDP_PASS), insn::exit()});
}
constexpr bpf_prog_type skb_types[] = {BPF_PROG_TYPE_SCHED_CLS,     BPF_PROG_TYPE_SCHED_ACT, BPF_PROG_TYPE_CGROUP_SKB,
                                       BPF_PROG_TYPE_SOCKET_FILTER, BPF_PROG_TYPE_LWT_IN,    BPF_PROG_TYPE_LWT_OUT,
                                       BPF_PROG_TYPE_LWT_XMIT};
} // namespace

TEST_CASE("what the kernel does not run is told before, and is the same for all kernels") {
    constexpr auto xdp = BPF_PROG_TYPE_XDP, tc = BPF_PROG_TYPE_SCHED_CLS, group = BPF_PROG_TYPE_CGROUP_SKB,
                   flow = BPF_PROG_TYPE_FLOW_DISSECTOR;
    for (auto const type : {xdp, tc, group, flow}) CHECK(obstacle_to(type, frame(13)) == obstacle::no_ethernet);
    for (auto const type : {xdp, flow}) CHECK(obstacle_to(type, frame(14)) == obstacle::none);
    CHECK(obstacle_to(tc, frame(14, 0x0806)) == obstacle::none);
    CHECK(obstacle_to(group, frame(14, 0x0806)) == obstacle::no_network);
    CHECK(obstacle_to(group, frame(15, 0x0806)) == obstacle::none);
    for (auto const type : {tc, group}) {
        CHECK(obstacle_to(type, frame(33)) == obstacle::no_network);
        CHECK(obstacle_to(type, frame(34)) == obstacle::none);
        CHECK(obstacle_to(type, frame(53, 0x86dd)) == obstacle::no_network);
        CHECK(obstacle_to(type, frame(54, 0x86dd)) == obstacle::none);
    }
    CHECK(std::string{name_of(obstacle::too_long)} == "too_long");
    CHECK(std::string{name_of(obstacle::no_network)} == "no_network");
}

TEST_CASE("and the kernel does run the rest") {
    if (test::cannot_load()) return;
    auto const check = [](bpf_prog_type type, i32 code) {
        INFO(name_of(type));
        auto const fd = answer(type, code);
        auto runner = packet_runner{program{fd.get()}};
        CHECK(runner.type() == type);
        for (auto const kind : {0x0800u, 0x86ddu, 0x0806u, 0x88a8u})
            for (std::size_t size = 0; size < 60; size++) {
                auto const packet = frame(size, kind);
                auto const out = runner.run(packet);
                if (out.why_not != obstacle_to(type, packet)) FAIL(size << " bytes of " << kind);
                if (out.why_not == obstacle::none && (out.packet != packet || out.verdict.code != code))
                    FAIL(size << " bytes of " << kind << " come out as others");
            }
        auto const long_one = runner.run(frame(200'000));
        CHECK(long_one.why_not == obstacle::too_long);
    };
    check(BPF_PROG_TYPE_XDP, XDP_DROP);
    for (auto const type : skb_types) check(type, 1);
}

TEST_CASE("a packet that has been changed comes out from its Ethernet header on") {
    if (test::cannot_load()) return;
    auto const packet = frame(60);
    auto const longer = resize(BPF_FUNC_xdp_adjust_head, -4), shorter = resize(BPF_FUNC_xdp_adjust_tail, -4);
    auto in_front = packet_runner{program{longer.get()}};
    auto const grown = in_front.run(packet);
    REQUIRE(grown.packet.size() == 64);
    CHECK(std::equal(packet.begin(), packet.end(), grown.packet.begin() + 4));
    auto behind = packet_runner{program{shorter.get()}};
    CHECK(behind.run(packet).packet == std::vector<std::byte>(packet.begin(), packet.begin() + 56));
    // Each repetition works on what the last one has left.
    CHECK(behind.run(packet, 3).packet.size() == 48);
}

TEST_CASE("metadata in front of an XDP packet is no part of it") {
    if (test::cannot_load()) return;
    if (!test::kernel_has(5, 15)) {
        WARN("SKIPPED: before Linux 5.15 a test run does not tell how much metadata there is");
        return;
    }
    auto const fd = resize(BPF_FUNC_xdp_adjust_meta, -8);
    auto runner = packet_runner{program{fd.get()}};
    auto const out = runner.run(frame(60));
    CHECK(out.verdict.name == std::string{"pass"});
    CHECK(out.packet == frame(60));
}

TEST_CASE("a flow dissector answers with keys, and its packet stays") {
    if (test::cannot_load()) return;
    auto const fd = answer(BPF_PROG_TYPE_FLOW_DISSECTOR, BPF_OK);
    auto runner = packet_runner{program{fd.get()}};
    CHECK(runner.view() == packet_view::flow);
    auto const out = runner.run(frame(60));
    CHECK(out.packet == frame(60));
    CHECK(out.keys.size() == sizeof(bpf_flow_keys));
    CHECK(out.verdict.passes);
}

TEST_CASE("programs that run on no packets are refused in words") {
    if (test::cannot_load()) return;
    auto const fd = test::load_raw({insn::move(BPF_REG_0, 0), insn::exit()}, "probe", BPF_PROG_TYPE_RAW_TRACEPOINT);
    auto const e = failure_of([&] { packet_runner{program{fd.get()}}; });
    CHECK(has(e.what(), "cannot run program 'probe' on packets"));
    CHECK(has(e.what(), "no test run on packets for raw_tracepoint programs"));
    CHECK(has(e.what(), "cgroup_skb"));
}
