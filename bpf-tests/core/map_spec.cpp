// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include "map_spec.bpf.cpp"
#include <bpfxx/user/object.hpp>
#include <bpfxx/user/test_run.hpp>
#include <support/each_object.hpp>
#include <sys/stat.h>
#include <type_traits>

// The kernel's own numbers.
#define SAME(ours, kernels) static_assert(static_cast<u32>(map_kind::ours) == BPF_MAP_TYPE_##kernels)
SAME(hash, HASH);
SAME(array, ARRAY);
SAME(prog_array, PROG_ARRAY);
SAME(perf_event_array, PERF_EVENT_ARRAY);
SAME(per_cpu_hash, PERCPU_HASH);
SAME(per_cpu_array, PERCPU_ARRAY);
SAME(stack_trace, STACK_TRACE);
SAME(cgroup_array, CGROUP_ARRAY);
SAME(lru_hash, LRU_HASH);
SAME(lru_per_cpu_hash, LRU_PERCPU_HASH);
SAME(lpm_trie, LPM_TRIE);
SAME(array_of_maps, ARRAY_OF_MAPS);
SAME(hash_of_maps, HASH_OF_MAPS);
SAME(devmap, DEVMAP);
SAME(sockmap, SOCKMAP);
SAME(cpumap, CPUMAP);
SAME(xskmap, XSKMAP);
SAME(sockhash, SOCKHASH);
SAME(reuseport_sockarray, REUSEPORT_SOCKARRAY);
SAME(queue, QUEUE);
SAME(stack, STACK);
SAME(sk_storage, SK_STORAGE);
SAME(devmap_hash, DEVMAP_HASH);
SAME(ring_buffer, RINGBUF);
SAME(inode_storage, INODE_STORAGE);
SAME(task_storage, TASK_STORAGE);
SAME(bloom_filter, BLOOM_FILTER);
SAME(user_ring_buffer, USER_RINGBUF);
#undef SAME

namespace {
struct key {
    u32 a;
};
struct value {
    u64 b;
};
template <class Spec, map_kind Kind, class Key, class Value, u32 Capacity>
constexpr bool is = Spec::kind == Kind &&Spec::capacity ==
                    Capacity &&std::is_same_v<typename Spec::key, Key> &&std::is_same_v<typename Spec::value, Value>;
} // namespace
static_assert(is<spec::hash<key, value, 16>, map_kind::hash, key, value, 16>);
static_assert(is<spec::array<value, 3>, map_kind::array, u32, value, 3>);
static_assert(is<spec::per_cpu_array<value, 3>, map_kind::per_cpu_array, u32, value, 3>);
static_assert(is<spec::ring_buffer<4096>, map_kind::ring_buffer, void, void, 4096>);
static_assert(spec::lpm_trie<be32, u8, 4>::options.flags == BPF_F_NO_PREALLOC);
static_assert(spec::sk_storage<u8>::options.flags == BPF_F_NO_PREALLOC);
static_assert(map_options{}.code() == 0);
static_assert(map_options{.flags = 1, .pinned = true, .numa_node = 1}.code() == (1 | BPF_F_NUMA_NODE | 3ull << 32));

TEST_CASE("options reach the kernel, and a map that is pinned by name is shared") {
    std::string const folder = "/sys/fs/bpf/bpfxx-map-spec-" + std::to_string(getpid());
    if (test::cannot_load()) return;
    REQUIRE(mkdir(folder.c_str(), 0700) == 0);
    auto const path = folder + "/shared";
    test::each_object([&](user::object &object) {
        auto *const shared = object.map("bpfxx_shared").handle();
        CHECK(std::string{bpf_map__pin_path(shared)} == "/sys/fs/bpf/bpfxx_shared");
        REQUIRE(bpf_map__set_pin_path(shared, path.c_str()) == 0);
        object.load();
        auto const flags = [&](char const *name) {
            bpf_map_info info{};
            auto size = u32{sizeof info};
            auto const fd = bpf_map__fd(object.map(name).handle());
            REQUIRE(bpf_obj_get_info_by_fd(fd, &info, &size) == 0);
            return info.map_flags;
        };
        CHECK(flags("bpfxx_shared") == BPF_F_NO_PREALLOC);
        CHECK(flags("rules") == (BPF_F_RDONLY_PROG | BPF_F_MMAPABLE));
        CHECK(flags("near") == BPF_F_NUMA_NODE);
        CHECK(flags("news") == BPF_F_NUMA_NODE);
        object.map<spec::array<u64, 4>>("rules").update(0, 100);
        auto const verdict = [&](std::size_t size) {
            return user::test_run(object.program("admit"), std::vector<std::byte>(size)).verdict;
        };
        CHECK(verdict(101) == xdp::drop);
        auto const entries = user::map<shared_spec>::pinned(path);
        auto const before = entries.lookup(60).value_or(0); // of the object before
        CHECK(verdict(60) == (before == 0 ? xdp::tx : xdp::pass));
        CHECK(entries.lookup(60) == before + 1);
    });
    CHECK(unlink(path.c_str()) == 0);
    CHECK(rmdir(folder.c_str()) == 0);
}
