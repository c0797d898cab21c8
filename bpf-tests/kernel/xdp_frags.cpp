// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "xdp_frags.bpf.cpp"
#include <bpfxx/user/test_run.hpp>
#include <support/both.hpp>
#include <support/each_object.hpp>
#include <support/packet.hpp>

using test::both, test::packet;

TEST_CASE("frames of one buffer") {
    both run{frags};
    auto const a = run.run(packet{}.ethernet().ipv4().tcp({.src = 5, .dst = 80}).payload("GET /"));
    CHECK(a.verdict == xdp::drop);
    CHECK(a.number(1) == 80);
    CHECK(a.number(5) == 1);
    CHECK(run.run(packet{}.ethernet().ipv6().udp({.dst = 53}).payload("x")).number(1) == 53);
    CHECK(run.run(packet{}.ethernet().ipv4().icmp()).why == reason::other_protocol);
    run.sweep(packet{}.ethernet().vlan().ipv6().udp().payload("text").bytes(), 66);
}

TEST_CASE("bytes by their offset") {
    both run{far};
    auto bytes = packet{}.ethernet().ipv4().udp().bytes();
    bytes.resize(4003, 1);
    for (std::size_t i = 0; i < bytes.size(); i++) bytes[i] = static_cast<u8>(i % 251);
    auto a = run.run(bytes); // natively: longer than what a test run without fragments takes
    CHECK(a.verdict == xdp::pass);
    bytes.resize(4004);
    a = run.run(bytes);
    CHECK(a.verdict == xdp::tx);
    CHECK(a.number(0) == 4004);
    u64 word = 0;
    for (std::size_t i = 4000; i < 4004; i++) word = word << 8 | bytes[i];
    CHECK(a.number(1) == word);
}

namespace {
/// What frags leaves for a packet of which only the first bytes are in the first buffer.
struct outcome {
    int verdict;
    test::observation left;
};
auto run_split(user::object const &o, char const *name, std::vector<u8> const &bytes, std::size_t linear) -> outcome {
    auto context = xdp_md{};
    context.data_end = static_cast<u32>(linear);
    auto const seen = bpf_map__fd(o.map("seen").handle());
    auto result = outcome{};
    u32 const first = 0;
    REQUIRE(bpf_map_update_elem(seen, &first, &result.left, BPF_ANY) == 0);
    result.verdict = user::test_run(o.program(name), std::as_bytes(std::span{bytes}),
                                    {.context = std::as_bytes(std::span{&context, 1})})
                         .verdict;
    REQUIRE(bpf_map_lookup_elem(seen, &first, &result.left) == 0);
    return result;
}
} // namespace

TEST_CASE("headers in a second buffer are found") {
    if (test::cannot_load()) return;
    if (!test::kernel_has(6, 18)) {
        WARN("SKIPPED: before Linux 6.18 a test run cannot split a packet anywhere");
        return;
    }
    auto const bytes = packet{}.ethernet().vlan().ipv6().tcp({.src = 5, .dst = 80}).payload("GET /text").bytes();
    both native{frags};
    auto const expected = native.run(bytes);
    test::each_loaded([&](user::object const &o) {
        for (std::size_t linear = 14; linear <= bytes.size(); linear++) {
            INFO(linear);
            auto const is = run_split(o, "frags", bytes, linear);
            CHECK(is.verdict == expected.verdict);
            CHECK(std::memcmp(&is.left, &expected.left, sizeof is.left) == 0);
        }
        // Of a longer packet a window is seen, and the rest is loaded.
        auto long_one = packet{}.ethernet().ipv4().udp().payload(test::byte_string(5000, 7)).bytes();
        long_one[4003] = 9;
        auto const is = run_split(o, "frags", long_one, 20);
        CHECK(is.verdict == xdp::drop);
        CHECK(is.left.number[2] == window_size - 42);
        auto const far = run_split(o, "far", long_one, 20);
        CHECK(far.verdict == xdp::tx);
        CHECK(far.left.number[0] == long_one.size());
        CHECK(far.left.number[1] == 0x07070709);
        CHECK(run_split(o, "far", bytes, 20).verdict == xdp::pass); // too short, by its policy
    });
}

TEST_CASE("jumbo frames") {
    if (test::cannot_load()) return;
    auto bytes = packet{}.ethernet().ipv4().udp().payload(test::byte_string(8000, 7)).bytes();
    test::each_loaded([&](user::object const &o) {
        CHECK(user::test_run(o.program("frags"), std::as_bytes(std::span{bytes})).verdict == xdp::drop);
        CHECK(user::test_run(o.program("far"), std::as_bytes(std::span{bytes})).verdict == xdp::tx);
    });
}
