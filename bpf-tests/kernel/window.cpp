// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "window.bpf.cpp"
#include <support/both.hpp>

using test::both;

namespace {
/// Frames of so many bytes behind the Ethernet header, which a filter is not given.
auto frame(std::size_t size) -> std::vector<u8> {
    std::vector<u8> bytes(14 + size, '1');
    for (std::size_t i = 0; i < size; i++) bytes[14 + i] = static_cast<u8>('1' + i % 2);
    return bytes;
}
/// Takes all windows, or gives them back, on all sides.
auto set_all(both &run, u64 taken) -> void {
    auto const all = std::make_unique<window>();
    all->taken = taken;
    for (u32 i = 0; i < detail::windows; i++) {
        REQUIRE(run.native_map("bpfxx_windows").update(&i, all.get(), BPF_ANY) == 0);
        run.each_kernel_map("bpfxx_windows",
                            [&](int fd) { REQUIRE(bpf_map_update_elem(fd, &i, all.get(), BPF_ANY) == 0); });
    }
}
} // namespace

TEST_CASE("a window shows the first bytes of a packet") {
    both run{looks};
    for (std::size_t const size : {2u, 3u, 255u, 256u, 257u, 1000u}) {
        INFO(size);
        auto const a = run.run(frame(size));
        CHECK(a.number(0) == std::min<std::size_t>(size, window_size));
        CHECK(a.number(1) == size);
        CHECK(a.number(2) == 1);
    }
}

TEST_CASE("where all windows are taken no byte is in view, until one is given back") {
    both run{looks};
    set_all(run, 1);
    auto a = run.run(frame(100));
    CHECK(a.number(0) == 0);
    CHECK(a.number(1) == 100);
    set_all(run, 0);
    CHECK(run.run(frame(100)).number(0) == 100);
}
