// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// Where a packet is not linear: skb_view.cpp.
#include "tc_loaded.bpf.cpp"
#include <kernel/sources_ask.hpp>

using test::both;

TEST_CASE("the same answers as directly") {
    both by_load{loaded}, directly{linear};
    test::check_same(by_load, directly);
}

TEST_CASE("bytes by their offset, and the policy where there are none") {
    both run{far};
    std::vector<u8> bytes(1200);
    for (std::size_t i = 0; i < bytes.size(); i++) bytes[i] = static_cast<u8>(i % 251);
    auto const a = run.run(bytes);
    CHECK(a.verdict == tc::ok);
    CHECK(a.number(0) == 1200);
    CHECK(a.number(1) == 247);
    CHECK(a.number(2) == 0xf8f9fa00);
    CHECK(a.number(3) == 1); // loopback
    CHECK(a.number(4) == 0);
    CHECK(a.number(5) == 0);
    bytes.resize(1005);
    CHECK(run.run(bytes).verdict == tc::ok);
    bytes.resize(1004);
    CHECK(run.run(bytes).verdict == tc::shot);
}
