// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/user/object.hpp>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <support/objects.hpp>
#include <user/expect.hpp>

using namespace bpfxx;
using namespace bpfxx::user;
using test::failure_of;
using test::has;

namespace {
auto path_of_object() -> std::string { return test::object_files().at(0); }
auto bytes(std::initializer_list<int> values) -> std::vector<std::byte> {
    auto result = std::vector<std::byte>{};
    for (auto const v : values) result.push_back(static_cast<std::byte>(v));
    return result;
}
auto looked_up(byte_map const &m, std::vector<std::byte> const &key, std::size_t room) -> std::vector<std::byte> {
    auto value = std::vector<std::byte>(room);
    REQUIRE(bpf_map_lookup_elem(bpf_map__fd(m.handle()), key.data(), value.data()) == 0);
    return value;
}
} // namespace

TEST_CASE("a map is filled by bytes, of the sizes that it has") {
    if (test::cannot_load()) return;
    auto o = object::open(path_of_object());
    auto const ports = o.map("ports");
    CHECK(ports.name() == "ports");
    CHECK(ports.type() == BPF_MAP_TYPE_HASH);
    CHECK(ports.key_size() == 2);
    CHECK(ports.value_size() == 4);
    CHECK_FALSE(ports.is_global());
    auto const early = failure_of([&] { ports.update(bytes({0, 80}), bytes({1, 2, 3, 4})); });
    CHECK(has(early.what(), "cannot update map 'ports': it does not exist yet"));
    o.load();
    ports.update(bytes({0, 80}), bytes({1, 2, 3, 4}));
    ports.update(bytes({0, 80}), bytes({5, 6, 7, 8})); // in its place
    CHECK(looked_up(ports, bytes({0, 80}), 4) == bytes({5, 6, 7, 8}));
    ports.update(bytes({0, 81}), bytes({1, 2, 3, 4}));
    auto const full = failure_of([&] { ports.update(bytes({0, 82}), bytes({1, 2, 3, 4})); });
    CHECK(full.code() == E2BIG);
    CHECK(has(full.what(), "cannot update map 'ports'"));
    CHECK(has(full.what(), "it has room for 2 entries"));
    auto const key = failure_of([&] { ports.update(bytes({80}), bytes({1, 2, 3, 4})); });
    CHECK(has(key.what(), "cannot update map 'ports': its key has 2 bytes, not 1"));
    auto const value = failure_of([&] { ports.update(bytes({0, 80}), {}); });
    CHECK(has(value.what(), "its value has 4 bytes, not 0"));
}

TEST_CASE("in a per-CPU map the value is on every CPU") {
    if (test::cannot_load()) return;
    auto o = object::open(path_of_object());
    o.load();
    auto const sums = o.map("sums");
    auto const index = bytes({1, 0, 0, 0});
    sums.update(index, bytes({1, 2, 3, 4}));
    auto const cpus = static_cast<std::size_t>(libbpf_num_possible_cpus());
    auto const there = looked_up(sums, index, cpus * 8);
    for (std::size_t i = 0; i < cpus; i++) {
        INFO(i);
        CHECK(std::memcmp(there.data() + i * 8, "\1\2\3\4", 4) == 0);
    }
    auto const far = failure_of([&] { sums.update(bytes({2, 0, 0, 0}), bytes({1, 2, 3, 4})); });
    CHECK(has(far.what(), "it has room for 2 entries, the first one at index 0"));
}

TEST_CASE("global variables are set before loading") {
    if (test::cannot_load()) return;
    auto o = object::open(path_of_object());
    auto const constants = o.map(".rodata");
    CHECK(constants.is_global());
    REQUIRE(constants.value_size() == 4);
    CHECK(has(failure_of([&] { constants.update(bytes({1, 0, 0, 0}), bytes({1, 2, 3, 4})); }).what(), "at index 0"));
    CHECK(has(failure_of([&] {
                  constants.update(bytes({0, 0, 0, 0}), bytes({1}));
              }).what(),
              "its value has 4 bytes, not 1"));
    constants.update(bytes({0, 0, 0, 0}), bytes({1, 2, 3, 4}));
    o.load();
    CHECK(looked_up(constants, bytes({0, 0, 0, 0}), 4) == bytes({1, 2, 3, 4}));
    CHECK(has(failure_of([&] {
                  constants.update(bytes({0, 0, 0, 0}), bytes({1, 2, 3, 4}));
              }).what(),
              "which holds global variables"));
}

TEST_CASE("what is not made of bytes is refused") {
    if (test::cannot_load()) return;
    auto o = object::open(path_of_object());
    o.load();
    auto const e = failure_of([&] { o.map("calls").update(bytes({0, 0, 0, 0}), bytes({3, 0, 0, 0})); });
    CHECK(has(e.what(), "cannot update map 'calls': a value of kind prog_array stands for something in the kernel"));
    CHECK(has(e.what(), "hint: its bytes are no use"));
    CHECK(has(failure_of([&] { o.map("port"); }).what(), "its maps are "));
    for (auto const *const name : {"ports", "sums", "shared", "calls"})
        CHECK(has(failure_of([&] { o.map("port"); }).what(), name));
    CHECK(o.maps().size() >= 5);
}

TEST_CASE("a map that is to be pinned can be kept from it") {
    if (test::cannot_load()) return;
    auto o = object::open(path_of_object());
    auto *const shared = o.map("shared").handle();
    REQUIRE(bpf_map__set_pin_path(shared, "/sys/fs/bpf/bpfxx_byte_map") == 0); // as its object may have it
    o.map("shared").set_unpinned();
    CHECK(bpf_map__pin_path(shared) == nullptr);
    for (auto const &m : o.maps()) m.set_unpinned();
    o.load();
    CHECK_FALSE(bpf_map__is_pinned(shared));
    CHECK(access("/sys/fs/bpf/bpfxx_byte_map", F_OK) != 0);
}

TEST_CASE("two objects have one map") {
    if (test::cannot_load()) return;
    auto first = object::open(path_of_object());
    first.map("ports").set_capacity(9);
    first.load();
    {
        auto second = object::open(path_of_object());
        second.map("ports").share(first.map<spec::hash<u16, u32, 2>>("ports").fd());
        auto const e = failure_of([&] { second.map("sums").share(first.map<spec::hash<u16, u32, 2>>("ports").fd()); });
        INFO(e.what());
        CHECK(has(e.what(), "cannot have another map as 'sums': it is hash, keys of 2 bytes"));
        CHECK(has(e.what(), "and the object's is percpu_array, keys of 4 bytes"));
        second.load();
        CHECK(second.map<spec::hash<u16, u32, 2>>("ports").capacity() == 9);
        second.map("ports").update(bytes({0, 3}), bytes({1, 2, 3, 4}));
    }
    CHECK(looked_up(first.map("ports"), bytes({0, 3}), 4) == bytes({1, 2, 3, 4}));
}

TEST_CASE("a map of other flags is another map") {
    if (test::cannot_load()) return;
    auto o = object::open(path_of_object());
    auto *const ports = o.map("ports").handle();
    REQUIRE(bpf_map__set_map_flags(ports, BPF_F_NO_PREALLOC) == 0);
    auto how = options<bpf_map_create_opts>{};
    auto const plain = descriptor{check(bpf_map_create(BPF_MAP_TYPE_HASH, "plain", 2, 4, 2, &how), "create a map")};
    how.map_flags = BPF_F_NO_PREALLOC;
    auto const sparse = descriptor{check(bpf_map_create(BPF_MAP_TYPE_HASH, "sparse", 2, 4, 2, &how), "create a map")};
    auto const e = failure_of([&] { o.map("ports").share(plain.get()); });
    CHECK(has(e.what(), "2 entries, flags 0, and the object's is hash"));
    CHECK(has(e.what(), "2 entries, flags 1"));
    CHECK_NOTHROW(o.map("ports").share(sparse.get()));
}

TEST_CASE("how large a map is and where it is pinned is said before loading") {
    if (test::cannot_load()) return;
    auto const pin = "/sys/fs/bpf/bpfxx_byte_map_" + std::to_string(getpid());
    if (!std::filesystem::exists("/sys/fs/bpf") || access("/sys/fs/bpf", W_OK) != 0) {
        WARN("SKIPPED: there is no bpf file system at /sys/fs/bpf");
        return;
    }
    auto o = object::open(path_of_object());
    auto const ports = o.map("ports");
    ports.set_capacity(5);
    ports.set_pin_path(pin);
    o.load();
    for (auto i = 0; i < 5; i++) ports.update(bytes({0, i}), bytes({1, 2, 3, 4}));
    CHECK(has(failure_of([&] {
                  ports.update(bytes({0, 9}), bytes({1, 2, 3, 4}));
              }).what(),
              "it has room for 5 entries"));
    {
        auto again = object::open(path_of_object());
        again.map("ports").set_capacity(5);
        again.map("ports").set_pin_path(pin);
        again.load(); // the same map
        CHECK(looked_up(again.map("ports"), bytes({0, 3}), 4) == bytes({1, 2, 3, 4}));
    }
    {
        auto other = object::open(path_of_object());
        other.map("ports").set_capacity(6);
        other.map("ports").set_pin_path(pin);
        auto const e = failure_of([&] { other.load(); });
        INFO(e.what());
        CHECK(has(e.what(), "what is pinned as " + pin + " is hash, keys of 2 bytes, values of 4 bytes, 5 entries"));
        CHECK(has(e.what(), "and map 'ports' is hash, keys of 2 bytes, values of 4 bytes, 6 entries"));
    }
    CHECK(std::filesystem::remove(pin));
    CHECK(has(failure_of([&] { ports.set_capacity(7); }).what(), "cannot make map 'ports' one of 7 entries"));
    auto refused = object::open(path_of_object());
    refused.map("ports").set_pin_path(pin);
    refused.map("sums").set_capacity(0);
    failure_of([&] { refused.load(); });
    CHECK_FALSE(std::filesystem::exists(pin));
}
