// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Whether the kernel's map is the one that a spec describes: kind, sizes, and the types' names where there is BTF.
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <bpfxx/core/map_spec.hpp>
#include <bpfxx/user/descriptor.hpp>
#include <bpfxx/user/error.hpp>
#include <bpfxx/user/libbpf_log.hpp>
#include <bpfxx/user/type_name.hpp>
#include <cerrno>
#include <cstring>
#include <linux/bpf.h>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

namespace bpfxx::user::detail {
/// A key's or a value's type. `tag` is the name that BTF must have; empty where types may be called anything.
struct map_side {
    char const *what;
    u32 size;
    std::string_view name, tag;
};
template <class T> constexpr auto side(char const *what) -> map_side {
    if constexpr (std::is_void_v<T>)
        return {what, 0, "nothing", {}};
    else if constexpr (std::is_class_v<T> || std::is_union_v<T> || std::is_enum_v<T>)
        return {what, sizeof(T), type_name<T>(), bare_type_name<T>()};
    else
        return {what, sizeof(T), type_name<T>(), {}};
}

struct btf_free {
    auto operator()(btf *b) const -> void { btf__free(b); }
};

[[noreturn]] inline auto misfit(std::string_view map, std::string const &there, std::string const &here) -> void {
    throw error{text("map '", map, "' is not what its spec says: ", there, " in the kernel, ", here, " here"),
                EINVAL,
                {},
                "both sides must be built from the same header: rebuild the BPF object and this program"};
}

/// A struct, union or enum must be called the same on both sides: what it is called there, if it is not. An integer here
/// fits any type of its size there, and a struct here any integer there: a C program's __be32 is a be32.
inline auto other_name(btf const *types, u32 id, map_side const &wanted) -> std::string {
    auto const *type = btf__type_by_id(types, id);
    while (type && (btf_is_mod(type) || btf_is_typedef(type))) type = btf__type_by_id(types, type->type);
    if (!type || !(btf_is_composite(type) || btf_is_any_enum(type)) || wanted.tag.empty()) return {};
    auto const *const name = btf__name_by_offset(types, type->name_off);
    return name && name != wanted.tag ? name : "";
}
inline auto check_type(std::string_view map, btf const *types, u32 id, map_side const &wanted) -> void {
    if (auto const name = other_name(types, id, wanted); !name.empty())
        misfit(map, text(wanted.what, " is ", name), text(wanted.name));
}

/// `types` are the object's; without them the kernel is asked, which takes CAP_SYS_ADMIN: without that no names.
inline auto check_map(int fd, btf const *types, map_kind kind, map_side const &key, map_side const &value)
    -> bpf_map_info {
    auto info = bpf_map_info{};
    auto size = u32{sizeof info};
    check(bpf_obj_get_info_by_fd(fd, &info, &size), "cannot ask the kernel about a map");
    auto const name = std::string_view{info.name, strnlen(info.name, sizeof info.name)};
    if (info.type != static_cast<u32>(kind)) {
        auto const words = [](u32 type) -> std::string {
            auto const *const known = libbpf_bpf_map_type_str(static_cast<bpf_map_type>(type));
            return known ? text("kind ", known) : text("kind ", type);
        };
        misfit(name, words(info.type), words(static_cast<u32>(kind)));
    }
    auto const fits = [&](map_side const &wanted, u32 there) {
        if (there != wanted.size)
            misfit(name, text(wanted.what, " of ", there, " bytes"), text(wanted.size, " (", wanted.name, ")"));
    };
    fits(key, info.key_size);
    fits(value, info.value_size);

    auto own = std::unique_ptr<btf, btf_free>{};
    if (!types && info.btf_id != 0) {
        auto const log = libbpf_log{};
        own.reset(btf__load_from_kernel_by_id(info.btf_id));
        if (!own && errno != EPERM) throw error{text("cannot read the BTF of map '", name, "'"), errno, log.tail()};
        types = own.get();
    }
    if (types && info.btf_value_type_id != 0) {
        check_type(name, types, info.btf_key_type_id, key);
        check_type(name, types, info.btf_value_type_id, value);
    }
    return info;
}
} // namespace bpfxx::user::detail
