// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "helper.bpf.cpp"
#include <cerrno>
#include <support/both.hpp>

using test::both;

namespace {
auto ask(u32 offset, u32 count, u64 flags, std::size_t size = 32) -> std::vector<u8> {
    std::vector<u8> b(std::max(size, sizeof(request)));
    for (std::size_t i = 0; i < b.size(); i++) b[i] = static_cast<u8>(i);
    request const r{be32{offset}, be32{count}, be64{flags}};
    std::memcpy(b.data(), static_cast<void const *>(&r), sizeof r);
    b.resize(size);
    return b;
}
auto error(test::answer const &a) -> i64 { return static_cast<i64>(a.number(0)); }
} // namespace

TEST_CASE("xdp_load_bytes and xdp_get_buff_len") {
    both run{loads};
    auto const a = run.run(ask(20, 0, 0));
    CHECK(error(a) == 0);
    CHECK(a.number(1) == 0x1415'1617'1819'1a1b);
    CHECK(a.number(2) == 32);
    CHECK(error(run.run(ask(24, 0, 0))) == 0);
    for (u32 offset : {25u, 31u, 32u, 33u, 0xffffu}) CHECK(error(run.run(ask(offset, 0, 0))) == -EINVAL);
    for (u32 offset : {0x1'0000u, 0x7fff'ffffu, 0xffff'fff8u, 0xffff'ffffu})
        CHECK(error(run.run(ask(offset, 0, 0))) == -EFAULT);
    CHECK(error(run.run(ask(0x100, 0, 0, 0x108))) == 0);
    CHECK(run.run(ask(0, 0, 0, 14)).number(2) == 14);
}

TEST_CASE("loop") {
    both run{loops};
    CHECK(error(run.run(ask(0, 0, 0))) == 0);
    CHECK(error(run.run(ask(0, 10, 0))) == 10);
    CHECK(run.run(ask(0, 10, 0)).number(1) == 45);
    auto const stopped = run.run(ask(0, 1000, 0));
    CHECK(error(stopped) == 46);
    CHECK(stopped.number(1) == 1035);
    CHECK(error(run.run(ask(0, 1u << 23, 0))) == 46);
    CHECK(error(run.run(ask(0, (1u << 23) + 1, 0))) == -E2BIG);
    CHECK(error(run.run(ask(0, 10, 1))) == -EINVAL);
    CHECK(run.run(ask(0, 10, 1)).number(1) == 0);
}

TEST_CASE("ringbuf_output and its flags") {
    both run{rings};
    CHECK(error(run.step(ask(0, 0, 0))) == 0);
    CHECK(error(run.step(ask(0, 0, BPF_RB_NO_WAKEUP))) == 0);
    CHECK(error(run.step(ask(0, 0, BPF_RB_FORCE_WAKEUP))) == 0);
    CHECK(error(run.step(ask(0, 0, 4))) == -EINVAL);
    CHECK(error(run.step(ask(0, 0, u64{1} << 40))) == -EINVAL);
    for (u32 i = 3; i < 255; i++) CHECK(error(run.step(ask(0, 0, 0))) == 0);
    CHECK(error(run.step(ask(0, 0, 0))) == -EAGAIN); // 255 of 16 bytes, and one byte stays free
}

TEST_CASE("clocks, random numbers, processor") {
    both run{clocks};
    auto const a = run.run(std::vector<u8>(14));
    for (u32 i = 0; i < 6; i++) CHECK(a.number(i) == 1);
    host::random().seed(5);
    auto const first = helper::get_prandom_u32();
    host::random().seed(5);
    CHECK(helper::get_prandom_u32() == first); // a run can be repeated
}

TEST_CASE("clone_redirect leaves a copy") {
    std::vector<u8> bytes(60, 7);
    skb::context context{bytes.data(), bytes.data() + bytes.size()};
    context.mark = 9;
    host::clones().clear();
    CHECK(helper::clone_redirect(&context, 0, 0) == -EINVAL);
    CHECK(helper::clone_redirect(&context, 3, 2) == -EINVAL);
    CHECK(host::clones().empty());
    CHECK(helper::clone_redirect(&context, 3, 0) == 0);
    bytes[0] = 8;
    CHECK(helper::clone_redirect(&context, 4, BPF_F_INGRESS) == 0);
    auto const &all = host::clones();
    REQUIRE(all.size() == 2);
    CHECK((all[0].interface_index == 3 && !all[0].into && all[0].mark == 9 && all[0].bytes == std::vector<u8>(60, 7)));
    CHECK((all[1].interface_index == 4 && all[1].into && all[1].bytes == bytes));
    host::clones().clear();
}
