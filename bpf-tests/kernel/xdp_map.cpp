// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <arpa/inet.h>
#include <bpfxx/core/int.hpp>
#include <bpfxx/user/object.hpp>
#include <bpfxx/user/xdp_link.hpp>
#include <linux/if_packet.h>
#include <sstream>
#include <support/observe.hpp>
#include <user/expect.hpp>
#include <user/network.hpp>

using namespace bpfxx;

namespace {
/// Sends frames out of an interface and sees what comes in there.
class wire {
    user::descriptor socket_;

  public:
    explicit wire(char const *name) : socket_{socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(0x0003))} {
        sockaddr_ll at{};
        at.sll_family = AF_PACKET;
        at.sll_protocol = htons(0x0003);
        at.sll_ifindex = static_cast<int>(if_nametoindex(name));
        if (bind(socket_.get(), reinterpret_cast<sockaddr *>(&at), sizeof at) != 0) throw user::error{"bind", errno};
        int const on = 1;
        setsockopt(socket_.get(), SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on);
    }
    auto send(u16 type) const -> void {
        u8 frame[60] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, static_cast<u8>(type >> 8), static_cast<u8>(type)};
        REQUIRE(::send(socket_.get(), frame, sizeof frame, 0) == sizeof frame);
    }
    /// Whether a frame of this type comes within half a second.
    auto gets(u16 type) const -> bool {
        for (auto i = 0; i < 50; i++) {
            u8 frame[200];
            while (recv(socket_.get(), frame, sizeof frame, MSG_DONTWAIT) > 14)
                if (frame[12] == type >> 8 && frame[13] == (type & 0xff)) return true;
            usleep(10'000);
        }
        return false;
    }
};
struct loaded_here {
    user::object o;
    explicit loaded_here(std::string const &folder) : o{user::object::open(folder + "/xdp_map.bpf.o")} { o.load(); }
    auto put(char const *map, u32 first, char const *program) const -> void {
        u32 const key = 0, value[2] = {first, static_cast<u32>(o.program(program).fd())};
        REQUIRE(bpf_map_update_elem(bpf_map__fd(o.map(map).handle()), &key, value, BPF_ANY) == 0);
    }
    auto count() const -> u64 {
        u32 const key = 0;
        u64 n = 0;
        REQUIRE(bpf_map_lookup_elem(bpf_map__fd(o.map("frames").handle()), &key, &n) == 0);
        return n;
    }
    auto left() const -> test::observation {
        u32 const key = 0;
        test::observation is{};
        REQUIRE(bpf_map_lookup_elem(bpf_map__fd(o.map("seen").handle()), &key, &is) == 0);
        return is;
    }
};
} // namespace

TEST_CASE("a program of a devmap sees what leaves") {
    if (test::cannot_load()) return;
    std::istringstream folders{BPFXX_TEST_OBJECTS};
    for (std::string folder; std::getline(folders, folder, ':');) {
        INFO(folder);
        test::network const own;
        loaded_here const here{folder};
        auto const left = if_nametoindex("left");
        here.put("ways_out", left, "leaving");
        auto const link = user::attach_xdp(here.o.program("to_interface"), "left", {.mode = user::xdp_mode::generic});
        wire const right{"right"};
        right.send(0x1233);
        CHECK(right.gets(0x1233)); // it has come back
        CHECK(here.left().number[0] == left);
        CHECK(here.left().number[1] == left);
        right.send(0x1234);
        CHECK_FALSE(right.gets(0x1234)); // but not this one
        CHECK(here.count() >= 2);
    }
}

TEST_CASE("a program of a cpumap runs where the frame was sent") {
    if (test::cannot_load()) return;
    std::istringstream folders{BPFXX_TEST_OBJECTS};
    for (std::string folder; std::getline(folders, folder, ':');) {
        INFO(folder);
        test::network const own;
        loaded_here const here{folder};
        here.put("workers", 64, "working"); // a queue of 64 frames
        auto const link = user::attach_xdp(here.o.program("to_processor"), "left", {.mode = user::xdp_mode::generic});
        wire const right{"right"};
        right.send(0x1235);
        for (auto i = 0; i < 100 && here.count() == 0; i++) usleep(10'000);
        CHECK(here.count() >= 1);
        CHECK(here.left().number[0] == if_nametoindex("left"));
    }
}
