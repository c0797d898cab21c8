// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// What a natively compiled BPF object declares: its programs, maps and settings, found by name as in a loaded object.
#include <bpfxx/kernel/host/storage.hpp>
#include <map>
#include <stdexcept>
#include <string>
#include <typeinfo>

namespace bpfxx::host {
struct program_entry {
    std::string section;
    void (*function)();
    std::type_info const *context; // what the function takes a pointer to
};
struct config_entry {
    void *at;
    std::size_t size;
};
struct object_entry {
    std::map<std::string, program_entry> programs;
    std::map<std::string, storage *> maps;
    std::map<std::string, config_entry> configs;
};

/// By a name of its own: g++ and clang do not agree on the name of a variable in a function whose type has a std::string in
/// it, and a test and its programs may be compiled by one each.
struct all_objects {
    std::map<std::string, object_entry> by_name;
};
inline auto objects() -> std::map<std::string, object_entry> & {
    static all_objects all;
    return all.by_name;
}
/// The storage behind each map's address: helpers are given no more than that.
inline auto storages() -> std::unordered_map<void const *, std::unique_ptr<storage>> & {
    static std::unordered_map<void const *, std::unique_ptr<storage>> all;
    return all;
}
inline auto storage_of(void const *map) -> storage & {
    auto const found = storages().find(map);
    if (found == storages().end())
        throw std::logic_error("a helper was given something that BPFXX_MAP did not declare");
    return *found->second;
}

/// What a map's fields say: libbpf reads the same. Members of its own would reach BTF.
template <class Map> auto shape_of() -> shape {
    shape s{};
    s.kind = sizeof(*Map{}.type) / sizeof(int);
    s.capacity = sizeof(*Map{}.max_entries) / sizeof(int);
    if constexpr (requires(Map m) { m.key; }) s.key_size = sizeof(*Map{}.key);
    if constexpr (requires(Map m) { m.values; })
        s.value_size = sizeof(void *); // a map in a map is its storage's address
    else if constexpr (requires(Map m) { m.value; }) {
        s.value_size = sizeof(*Map{}.value);
        s.locks = requires(Map m) { m.value->lock; };
    }
    return s;
}

// The macros of the platform make one of these for each declaration.
struct registered {
    template <class Context>
    registered(char const *object, char const *name, char const *section, int (*function)(Context *)) {
        auto const erased = reinterpret_cast<void (*)()>(function);
        objects()[object].programs[name] = {section, erased, &typeid(Context)};
    }
    template <class Map> registered(char const *object, char const *name, Map *map) {
        auto &made = storages()[map];
        made = std::make_unique<storage>(shape_of<Map>());
        objects()[object].maps[name] = made.get();
    }
    registered(char const *object, char const *name, void *config, std::size_t size) {
        objects()[object].configs[name] = {config, size};
    }
};
} // namespace bpfxx::host
