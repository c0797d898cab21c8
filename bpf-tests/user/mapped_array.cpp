// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/user/mapped_array.hpp>
#include <fstream>
#include <string>
#include <type_traits>
#include <user/expect.hpp>
#include <user/raw_program.hpp>

using namespace bpfxx;

namespace {
struct triple {
    u32 a, b, c;
};
constexpr u32 count = 1000;
using triples = spec::array<triple, count, map_options{.flags = BPF_F_MMAPABLE}>;

auto make() -> user::descriptor {
    LIBBPF_OPTS(bpf_map_create_opts, options);
    options.map_flags = BPF_F_MMAPABLE;
    return user::descriptor{
        user::check(bpf_map_create(BPF_MAP_TYPE_ARRAY, "triples", 4, sizeof(triple), count, &options), "create")};
}
} // namespace

static_assert(!std::is_copy_constructible_v<user::mapped_array<triples>>);
static_assert(std::is_nothrow_move_constructible_v<user::mapped_array<triples>>);

TEST_CASE("an array's values without system calls") {
    if (test::cannot_load()) return;
    auto fd = make();
    auto const map = user::map<triples>{fd.get()};
    auto values = user::mapped_array<triples>{map};
    CHECK(values.size() == count);
    for (u32 i = 0; i < count; i++) {
        CHECK(values[i].c == 0);
        map.update(i, {i, i * 2, i * 3});
        CHECK(values[i].c == i * 3);
        values[i].b = ~i;
        CHECK(map.lookup(i)->b == ~i);
    }
    auto moved = std::move(values);
    fd.reset();
    CHECK(moved[count - 1].a == count - 1);
    values = std::move(moved);
    CHECK(values[7].c == 21);
}

TEST_CASE("the memory is given back") {
    if (test::cannot_load()) return;
    auto const fd = make();
    auto const mappings = [] {
        auto file = std::ifstream{"/proc/self/maps"};
        auto found = 0;
        for (std::string line; std::getline(file, line);) found += line.find("bpf-map") != std::string::npos;
        return found;
    };
    auto const before = mappings();
    {
        auto values = user::mapped_array<triples>{user::map<triples>{fd.get()}};
        CHECK(mappings() == before + 1);
        auto other = user::mapped_array<triples>{user::map<triples>{fd.get()}};
        CHECK(mappings() == before + 2);
        values = std::move(other);
    }
    CHECK(mappings() == before);
}

TEST_CASE("an array that cannot be mapped says so") {
    if (test::cannot_load()) return;
    auto const plain = test::make_map(BPF_MAP_TYPE_ARRAY, 4, sizeof(triple), count, "plain");
    auto const map = user::map<triples>{plain.get()};
    auto const e = test::failure_of([&] { user::mapped_array<triples>{map}; });
    CHECK(test::has(e.what(), "cannot map the values of 'plain'"));
}
