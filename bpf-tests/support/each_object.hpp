// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// For programs that BPF_PROG_TEST_RUN does not run: each compiler's object is loaded and attached.
#include <bpf/btf.h>
#include <bpfxx/user/object.hpp>
#include <cstring>
#include <support/catch.hpp>
#include <support/objects.hpp>
#include <user/expect.hpp>

namespace bpfxx::test {
/// Calls use(object) with each compiler's object of the test, opened.
template <class Use> auto each_object(Use const &use, std::string const &stem = stem_of(__BASE_FILE__)) -> void {
    if (cannot_load()) return;
    for (auto const &file : object_files(stem)) {
        INFO(file);
        auto object = user::object::open(file);
        use(object);
    }
}
/// The same, loaded.
template <class Use> auto each_loaded(Use const &use, std::string const &stem = stem_of(__BASE_FILE__)) -> void {
    each_object(
        [&](user::object &object) {
            object.load();
            use(object);
        },
        stem);
}

/// What a map has at an index. It is read over libbpf: a test of the library's maps reads with what it tests.
template <class T> auto value_at(user::object const &object, char const *map, u32 index = 0) -> T {
    T value{};
    INFO(map << " " << index);
    REQUIRE(object.map(map).value_size() == sizeof value);
    REQUIRE(bpf_map_lookup_elem(bpf_map__fd(object.map(map).handle()), &index, &value) == 0);
    return value;
}

/// A setting of an object that is not loaded yet.
template <class T> auto configure(user::object const &object, char const *name, T const &value) -> void {
    auto const *const types = bpf_object__btf(object.handle());
    auto *const map = bpf_object__find_map_by_name(object.handle(), ".rodata");
    auto const section = btf__find_by_name_kind(types, ".rodata", BTF_KIND_DATASEC);
    REQUIRE(map);
    REQUIRE(section > 0);
    std::size_t size = 0;
    auto *const data = static_cast<char *>(const_cast<void *>(bpf_map__initial_value(map, &size)));
    auto const *const all = btf__type_by_id(types, static_cast<u32>(section));
    for (u32 i = 0; i < btf_vlen(all); i++) {
        auto const &variable = btf_var_secinfos(all)[i];
        if (std::string{name} != btf__name_by_offset(types, btf__type_by_id(types, variable.type)->name_off)) continue;
        REQUIRE(variable.size == sizeof value);
        std::memcpy(data + variable.offset, &value, sizeof value);
        return;
    }
    FAIL("no setting " << name);
}
} // namespace bpfxx::test
