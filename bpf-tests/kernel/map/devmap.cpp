// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// BPF_PROG_TEST_RUN gives the verdict and sends nothing. The loopback interface is in every network namespace.
#include "devmap.bpf.cpp"
#include <support/both.hpp>

using test::both;

namespace {
auto ask(u8 what, u32 to, u8 otherwise = 2) -> std::vector<u8> {
    request r{what, otherwise, be32{to}, {}};
    auto const *const at = reinterpret_cast<u8 const *>(&r);
    return {at, at + sizeof r};
}
auto put(both &run, char const *name, u32 key, u32 value) -> void {
    run.each_kernel_map(name, [&](int fd) { CHECK(bpf_map_update_elem(fd, &key, &value, BPF_ANY) == 0); });
    CHECK(run.native_map(name).update(&key, &value, BPF_ANY) == 0);
}
} // namespace

TEST_CASE("with nothing to send to, the other action is taken") {
    both run{send};
    for (u8 action = 0; action < 4; action++) CHECK(run.step(ask(0, 1, action)).verdict == action);
    for (u8 what = 1; what < 4; what++)
        for (u32 to : {0u, 3u, 4u, ~0u}) CHECK(run.step(ask(what, to)).verdict == xdp::pass);
}

TEST_CASE("what is there is sent to") {
    both run{send};
    put(run, "ports", 2, 1);
    put(run, "interfaces", 70'000, 1);
    put(run, "cpus", 0, 64);
    CHECK(run.step(ask(0, 2)).verdict == xdp::redirect);
    CHECK(run.step(ask(0, 1)).verdict == xdp::pass);
    CHECK(run.step(ask(1, 70'000)).verdict == xdp::redirect);
    CHECK(run.step(ask(1, 2)).verdict == xdp::pass);
    CHECK(run.step(ask(2, 0)).verdict == xdp::redirect);
    CHECK(run.step(ask(4, 0)).verdict == xdp::redirect);
    CHECK(run.step(ask(5, 0)).verdict == xdp::redirect);
}
