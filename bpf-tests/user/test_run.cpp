// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/user/test_run.hpp>
#include <cstring>
#include <user/expect.hpp>
#include <user/raw_program.hpp>

using namespace bpfxx;
using namespace bpfxx::user;
using test::failure_of;
using test::has;
namespace insn = test::insn;

namespace {
auto packet_of(std::size_t size) -> std::vector<std::byte> {
    auto packet = std::vector<std::byte>(size);
    for (std::size_t i = 0; i < size; i++) packet[i] = static_cast<std::byte>(i);
    return packet;
}
auto grow_by(i32 bytes) -> descriptor {
    return test::load_raw({insn::move(BPF_REG_2, bytes), insn::call(BPF_FUNC_xdp_adjust_tail),
                           insn::move(BPF_REG_0, XDP_TX), insn::exit()},
                          "grow");
}
} // namespace

TEST_CASE("bytes in, verdict and bytes out") {
    if (test::cannot_load()) return;
    auto const fd = test::answer_always(XDP_DROP);
    auto const packet = packet_of(60);
    auto const result = test_run(program{fd.get()}, packet);
    CHECK(result.verdict == XDP_DROP);
    CHECK(result.packet == packet);
    CHECK(result.context.empty());
    CHECK(test_run(program{fd.get()}, packet, {.repeat = 1000}).duration.count() > 0);
    auto const negative = test::answer_always(-1);
    CHECK(test_run(program{negative.get()}, packet).verdict == -1);
}

TEST_CASE("the shortest packet is an Ethernet header") {
    if (test::cannot_load()) return;
    auto const fd = test::answer_always(XDP_PASS, "short");
    CHECK_FALSE(runnable(13));
    CHECK(runnable(14));
    CHECK(test_run(program{fd.get()}, packet_of(14)).packet.size() == 14);
    if (!test::kernel_has(6, 1)) return; // older ones run shorter packets
    for (std::size_t size = 0; size < 14; size++) {
        auto const e = failure_of([&] { test_run(program{fd.get()}, packet_of(size)); });
        CHECK(e.code() == EINVAL);
        CHECK(has(e.what(), "cannot run program 'short' on a packet of " + std::to_string(size) + " bytes"));
        CHECK(has(e.what(), "14 bytes and more"));
    }
}

TEST_CASE("a packet that grows beyond the room made for it comes out whole") {
    if (test::cannot_load()) return;
    auto const fd = grow_by(100);
    for (std::size_t growth : {0, 1, 99, 100, 4096}) {
        INFO(growth);
        auto const result = test_run(program{fd.get()}, packet_of(60), {.growth = growth});
        REQUIRE(result.packet.size() == 160);
        CHECK(result.packet[59] == std::byte{59});
        CHECK(result.packet[159] == std::byte{0});
    }
    auto const shrink = grow_by(-20);
    CHECK(test_run(program{shrink.get()}, packet_of(60)).packet == packet_of(40));
}

TEST_CASE("a context can be given, and comes back") {
    if (test::cannot_load()) return;
    if (!test::kernel_has(5, 15)) {
        WARN("SKIPPED: before Linux 5.15 an XDP program has no context in a test run");
        return;
    }
    // The first 4 bytes of the input are metadata; the program answers them.
    auto const fd = test::load_raw({insn::load(BPF_REG_2, BPF_REG_1, offsetof(xdp_md, data_meta)),
                                    insn::load(BPF_REG_3, BPF_REG_1, offsetof(xdp_md, data)), insn::move(BPF_REG_0, 0),
                                    insn::copy(BPF_REG_4, BPF_REG_2), insn::add(BPF_REG_4, 4),
                                    insn::skip_if_greater(BPF_REG_4, BPF_REG_3, 1), insn::load(BPF_REG_0, BPF_REG_2, 0),
                                    insn::exit()});
    auto context = xdp_md{};
    auto packet = packet_of(64);
    u32 const answer = 77;
    std::memcpy(packet.data(), &answer, 4);
    context.data = 4;
    context.data_end = 64;
    auto const result = test_run(program{fd.get()}, packet, {.context = std::as_bytes(std::span{&context, 1})});
    CHECK(result.verdict == 77);
    REQUIRE(result.context.size() == sizeof context);
    auto left = xdp_md{};
    std::memcpy(&left, result.context.data(), sizeof left);
    CHECK(left.data == 4);
    CHECK(left.data_end == 64);
}

TEST_CASE("what the kernel refuses is explained") {
    if (test::cannot_load()) return;
    auto const fd = test::answer_always(XDP_PASS);
    auto const e = failure_of([&] { test_run(program{fd.get()}, packet_of(200'000)); });
    CHECK(has(e.what(), "on a packet of 200000 bytes"));
    CHECK(has(e.what(), "70000 bytes at most"));
    CHECK(has(failure_of([] { test_run(program{-1}, packet_of(60)); }).what(), "is not loaded"));
}
