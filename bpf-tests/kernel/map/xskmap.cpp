// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "xskmap.bpf.cpp"
#include <bpfxx/user/xdp_link.hpp>
#include <kernel/map/target_ask.hpp>
#include <kernel/wire.hpp>
#include <linux/if_xdp.h>
#include <support/each_object.hpp>
#include <sys/mman.h>
#include <user/network.hpp>

using namespace test;

namespace {
/// An AF_XDP socket that takes in frames of one queue, of 2 KiB each. Its memory goes with the process.
class frame_socket {
    static constexpr u32 frames = 64, frame_size = 2048;
    user::descriptor socket_{user::check(::socket(AF_XDP, SOCK_RAW | SOCK_CLOEXEC, 0), "no AF_XDP socket")};
    u8 *memory_ = static_cast<u8 *>(map(frames * frame_size, -1, 0, MAP_PRIVATE | MAP_ANONYMOUS));
    u8 *received_ = nullptr;
    xdp_mmap_offsets at_{};

    static auto map(std::size_t size, int fd, off_t offset, int flags) -> void * {
        auto *const made = mmap(nullptr, size, PROT_READ | PROT_WRITE, flags, fd, offset);
        if (made == MAP_FAILED) throw user::error{"mmap", errno};
        return made;
    }
    template <class T> auto set(int name, T const &value) const -> void {
        if (setsockopt(socket_.get(), SOL_XDP, name, &value, sizeof value) != 0) throw user::error{"setsockopt", errno};
    }
    auto ring(xdp_ring_offset const &at, std::size_t entry, off_t offset) const -> u8 * {
        return static_cast<u8 *>(map(at.desc + frames * entry, socket_.get(), offset, MAP_SHARED | MAP_POPULATE));
    }
    static auto word(u8 *ring, u64 offset) -> u32 & { return *reinterpret_cast<u32 *>(ring + offset); }

  public:
    frame_socket(char const *interface, u32 queue) {
        auto memory = xdp_umem_reg{};
        memory.addr = reinterpret_cast<u64>(memory_);
        memory.len = frames * frame_size;
        memory.chunk_size = frame_size;
        set(XDP_UMEM_REG, memory);
        for (auto const name : {XDP_UMEM_FILL_RING, XDP_UMEM_COMPLETION_RING, XDP_RX_RING}) set(name, frames);
        socklen_t size = sizeof at_;
        if (getsockopt(socket_.get(), SOL_XDP, XDP_MMAP_OFFSETS, &at_, &size) != 0)
            throw user::error{"getsockopt", errno};
        auto *const fill = ring(at_.fr, sizeof(u64), static_cast<off_t>(XDP_UMEM_PGOFF_FILL_RING));
        received_ = ring(at_.rx, sizeof(xdp_desc), XDP_PGOFF_RX_RING);
        auto *const free = reinterpret_cast<u64 *>(fill + at_.fr.desc);
        for (u32 i = 0; i < frames; i++) free[i] = i * frame_size;
        __atomic_store_n(&word(fill, at_.fr.producer), frames, __ATOMIC_RELEASE);
        auto where = sockaddr_xdp{};
        where.sxdp_family = AF_XDP;
        where.sxdp_flags = XDP_COPY;
        where.sxdp_ifindex = if_nametoindex(interface);
        where.sxdp_queue_id = queue;
        if (bind(socket_.get(), reinterpret_cast<sockaddr *>(&where), sizeof where) != 0)
            throw user::error{"bind", errno};
    }
    auto fd() const -> int { return socket_.get(); }
    /// The frames that have come, which are not given back: there is room for all of a test.
    auto frames_in() const -> std::vector<std::vector<u8>> {
        std::vector<std::vector<u8>> all;
        auto const end = __atomic_load_n(&word(received_, at_.rx.producer), __ATOMIC_ACQUIRE);
        auto &next = word(received_, at_.rx.consumer);
        auto const *const entries = reinterpret_cast<xdp_desc const *>(received_ + at_.rx.desc);
        for (; next != end; next++) {
            auto const &e = entries[next % frames];
            all.emplace_back(memory_ + e.addr, memory_ + e.addr + e.len);
        }
        return all;
    }
};
} // namespace

TEST_CASE("with nothing to send to, the other action is taken") {
    both run{serve};
    check_otherwise(run);
}

TEST_CASE("a socket gets the frames of its queue") {
    each_loaded([](user::object const &o) {
        network const own;
        frame_socket const taker{"left", 0};
        u32 const queue = 0, fd = static_cast<u32>(taker.fd());
        REQUIRE(bpf_map_update_elem(bpf_map__fd(o.map("targets").handle()), &queue, &fd, BPF_ANY) == 0);
        auto const link = user::attach_xdp(o.program("serve"), "left", {.mode = user::xdp_mode::generic});
        wire const right{"right"};
        auto sent = ask(test::send, 0);
        sent.resize(100, 7);
        right.send(ask(test::send, 1, xdp::drop)); // no socket there
        right.send(sent);
        std::vector<std::vector<u8>> came;
        for (auto i = 0; i < 500 && came.empty(); i++) {
            came = taker.frames_in();
            usleep(10'000);
        }
        REQUIRE(came.size() == 1);
        CHECK(came[0] == sent);
    });
}
