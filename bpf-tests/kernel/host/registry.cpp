// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#define BPFXX_OBJECT "registry_test"
#include <bpfxx/kernel/host/registry.hpp>
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/map/hash.hpp>
#include <bpfxx/kernel/map/per_cpu_array.hpp>
#include <bpfxx/kernel/map/ring_buffer.hpp>
#include <support/catch.hpp>

using namespace bpfxx;

BPFXX_MAP(numbers, spec::hash<u16, u64, 20>);
BPFXX_MAP(events, spec::ring_buffer<8192>);
namespace somewhere {
BPFXX_MAP(names, spec::array<u32, 3>);
}
BPFXX_CONFIG(u32, limit);
BPFXX_PROGRAM("xdp", nothing, xdp::context *) { return 2; }

namespace {
template <class Spec> using made = decltype(declared(static_cast<Spec *>(nullptr)));
}

TEST_CASE("a map's shape is read from its fields, as libbpf reads it") {
    auto const same = [](host::shape const &a, u32 kind, u32 key, u32 value, u32 capacity) {
        return a.kind == kind && a.key_size == key && a.value_size == value && a.capacity == capacity;
    };
    CHECK(same(host::shape_of<made<spec::hash<u16, u64, 20>>>(), BPF_MAP_TYPE_HASH, 2, 8, 20));
    CHECK(same(host::shape_of<made<spec::array<u32, 3>>>(), BPF_MAP_TYPE_ARRAY, 4, 4, 3));
    CHECK(same(host::shape_of<made<spec::per_cpu_array<u8, 1>>>(), BPF_MAP_TYPE_PERCPU_ARRAY, 4, 1, 1));
    CHECK(same(host::shape_of<made<spec::ring_buffer<8192>>>(), BPF_MAP_TYPE_RINGBUF, 0, 0, 8192));
    CHECK(same(host::storage_of(&numbers).what(), BPF_MAP_TYPE_HASH, 2, 8, 20));
    CHECK(same(host::storage_of(&somewhere::names).what(), BPF_MAP_TYPE_ARRAY, 4, 4, 3));
}

TEST_CASE("what an object declares is found by name") {
    auto const &object = host::objects().at("registry_test");
    CHECK(object.maps.size() == 3);
    CHECK(object.maps.at("numbers") == &host::storage_of(&numbers));
    CHECK(object.maps.at("names") == &host::storage_of(&somewhere::names));
    CHECK(object.maps.at("events") == &host::storage_of(&events));
    CHECK(object.programs.size() == 1);
    CHECK(object.programs.at("nothing").section == "xdp");
    CHECK(*object.programs.at("nothing").context == typeid(xdp::context));
    CHECK(object.configs.at("limit").at == &limit);
    CHECK(object.configs.at("limit").size == 4);
}

TEST_CASE("what nobody declared is no map") {
    made<spec::hash<u16, u64, 20>> stray;
    CHECK_THROWS_AS(host::storage_of(&stray), std::logic_error);
    CHECK_THROWS_AS(stray.contains(u16{1}), std::logic_error);
    CHECK_FALSE(numbers.contains(u16{1}));
}
