// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
// That a frame gets to its CPU: kernel/xdp_map.cpp.
#include "cpumap.bpf.cpp"
#include <kernel/map/target_ask.hpp>

using namespace test;

TEST_CASE("with nothing to send to, the other action is taken") {
    both run{serve};
    check_otherwise(run);
}

TEST_CASE("a CPU that is there is sent to") {
    both run{serve};
    put(run, 0, 64); // a queue of 64 frames
    CHECK(run.step(ask(send, 0)).verdict == xdp::redirect);
    CHECK(run.step(ask(send, 1)).verdict == xdp::pass);
}
