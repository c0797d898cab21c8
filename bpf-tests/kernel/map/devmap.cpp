// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// That a frame leaves: kernel/xdp_map.cpp. The loopback interface, 1, is in every network namespace.
#include "devmap.bpf.cpp"
#include <kernel/map/target_ask.hpp>

using namespace test;

TEST_CASE("with nothing to send to, the other action is taken") {
    both run{serve};
    check_otherwise(run);
}

TEST_CASE("an interface that is there is sent to") {
    both run{serve};
    put(run, 2, 1);
    CHECK(run.step(ask(send, 2)).verdict == xdp::redirect);
    CHECK(run.step(ask(send, 1)).verdict == xdp::pass);
    CHECK(run.step(ask(to_all)).verdict == xdp::redirect);
    CHECK(run.step(ask(to_all_and_back)).verdict == xdp::redirect);
}
