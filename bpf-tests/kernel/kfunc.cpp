// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "kfunc.bpf.cpp"
#include <support/both.hpp>
#include <user/expect.hpp>

namespace {
xdp_rxq_info queue{0};
xdp_buff buffer{&queue, 4096};
} // namespace
extern "C" auto bpf_cast_to_kern_ctx(void *) -> void * { return &buffer; }

TEST_CASE("functions of the kernel, and fields of its structs") {
    if (!test::kernel_has(6, 2)) {
        WARN("SKIPPED: Linux 6.2 has bpf_cast_to_kern_ctx()");
        return;
    }
    test::both run{kernels};
    auto const a = run.run(std::vector<u8>(60));
    CHECK(a.verdict == xdp::pass);
    CHECK(a.number(0) == 0);
    CHECK(a.number(1) == 1);
    CHECK(a.number(2) == 1);
    CHECK(a.number(3) == 4);
    CHECK(a.number(4) == 1);
    CHECK(a.number(5) == 1); // the kernel's own has more than what is declared here
}

TEST_CASE("what this kernel has not") {
    if (test::cannot_load()) return;
    for (auto const &file : test::object_files()) {
        test::loaded const object{file, "absent"};
        std::vector<u8> packet(60);
        CHECK(object.run(packet) == xdp::pass);
    }
}
