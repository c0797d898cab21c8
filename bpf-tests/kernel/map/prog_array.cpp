// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "prog_array.bpf.cpp"
#include <bpf/bpf.h>
#include <support/both.hpp>

using test::both;

namespace {
auto packet(u8 index) -> std::vector<u8> {
    std::vector<u8> bytes(14);
    bytes[0] = index;
    return bytes;
}
/// Puts the program into the map, everywhere. The kernel's programs are of another load of the same object.
auto put(both &run, u32 index, char const *name, int (*native)(xdp::context *),
         std::vector<std::unique_ptr<test::loaded>> &keep) -> void {
    host::map<next_spec>{run.native_map("next")}.update(index, native);
    auto const files = test::object_files();
    auto file = files.begin();
    run.each_kernel_map("next", [&](int fd) {
        keep.push_back(std::make_unique<test::loaded>(*file++, name));
        auto const program = keep.back()->program();
        CHECK(bpf_map_update_elem(fd, &index, &program, BPF_ANY) == 0);
        if (index == 3) // what calls itself has a map of its own
            CHECK(bpf_map_update_elem(bpf_map__fd(keep.back()->map("next")), &index, &program, BPF_ANY) == 0);
    });
}
} // namespace

TEST_CASE("a tail call answers in place of its caller, or comes back") {
    std::vector<std::unique_ptr<test::loaded>> keep;
    both run{first};
    CHECK(run.step(packet(0)).why == reason::not_found);
    put(run, 0, "dropped", dropped, keep);
    put(run, 1, "sent", sent, keep);
    CHECK(run.step(packet(0)).verdict == xdp::drop);
    CHECK(run.step(packet(1)).verdict == xdp::tx);
    CHECK(run.step(packet(1)).number(0) == 1); // what was left before the call stays
    CHECK(run.step(packet(2)).why == reason::not_found);
    CHECK(run.step(packet(4)).why == reason::not_found); // behind the end
    CHECK(run.step(packet(255)).why == reason::not_found);
}

TEST_CASE("33 calls in a row, and no more") {
    std::vector<std::unique_ptr<test::loaded>> keep;
    both run{first};
    put(run, 3, "again", again, keep);
    CHECK(run.step(packet(3)).verdict == xdp::redirect);
    CHECK(host::tail_calls() == 33);
    CHECK(run.step(packet(0)).why == reason::not_found);
}
