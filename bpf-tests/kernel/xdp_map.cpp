// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/core/int.hpp>
#include <bpfxx/user/xdp_link.hpp>
#include <kernel/wire.hpp>
#include <support/each_object.hpp>
#include <support/observe.hpp>
#include <user/network.hpp>

using namespace bpfxx;

namespace {
auto frame(u16 type) -> std::vector<u8> {
    std::vector<u8> bytes{2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, static_cast<u8>(type >> 8), static_cast<u8>(type)};
    bytes.resize(60);
    return bytes;
}
auto put(user::object const &o, char const *map, u32 first, char const *program) -> void {
    u32 const key = 0, value[2] = {first, static_cast<u32>(o.program(program).fd())};
    REQUIRE(bpf_map_update_elem(bpf_map__fd(o.map(map).handle()), &key, value, BPF_ANY) == 0);
}
auto count(user::object const &o) -> u64 { return test::value_at<u64>(o, "frames"); }
auto left(user::object const &o) -> test::observation { return test::value_at<test::observation>(o, "seen"); }
} // namespace

TEST_CASE("a program of a devmap sees what leaves") {
    test::each_loaded([](user::object const &o) {
        test::network const own;
        auto const index = if_nametoindex("left");
        put(o, "ways_out", index, "leaving");
        auto const link = user::attach_xdp(o.program("to_interface"), "left", {.mode = user::xdp_mode::generic});
        test::wire const right{"right"};
        right.send(frame(0x1233));
        CHECK(right.gets(0x1233)); // it has come back
        CHECK(left(o).number[0] == index);
        CHECK(left(o).number[1] == index);
        right.send(frame(0x1234));
        CHECK_FALSE(right.gets(0x1234)); // but not this one
        CHECK(count(o) >= 2);
    });
}

TEST_CASE("a program of a cpumap runs where the frame was sent") {
    test::each_loaded([](user::object const &o) {
        test::network const own;
        put(o, "workers", 64, "working"); // a queue of 64 frames
        auto const link = user::attach_xdp(o.program("to_processor"), "left", {.mode = user::xdp_mode::generic});
        test::wire const right{"right"};
        right.send(frame(0x1235));
        for (auto i = 0; i < 100 && count(o) == 0; i++) usleep(10'000);
        CHECK(count(o) >= 1);
        CHECK(left(o).number[0] == if_nametoindex("left"));
    });
}
