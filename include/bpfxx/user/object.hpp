// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// A BPF object file: opened, perhaps adjusted, loaded; its programs and maps by name.
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <bpfxx/user/byte_map.hpp>
#include <bpfxx/user/descriptor.hpp>
#include <bpfxx/user/error.hpp>
#include <bpfxx/user/libbpf_log.hpp>
#include <bpfxx/user/map.hpp>
#include <bpfxx/user/map_check.hpp>
#include <bpfxx/user/options.hpp>
#include <bpfxx/user/program.hpp>
#include <bpfxx/user/sections.hpp>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bpfxx::user {
namespace detail {
/// Of the maps that libbpf did not take because what is pinned is another one: what both are.
inline auto other_pins(bpf_object const *object) -> std::string {
    auto said = std::string{};
    for (bpf_map *m = nullptr; (m = bpf_object__next_map(object, m));) {
        auto const *const path = bpf_map__pin_path(m);
        auto const pinned = descriptor{path ? bpf_obj_get(path) : -1};
        if (!pinned) continue;
        auto const there = map_shape::of(pinned.get()), here = map_shape::of(m);
        if (there != here)
            said += text(said.empty() ? "" : "; ", "what is pinned as ", path, " is ", there.words(), ", and map '",
                         bpf_map__name(m), "' is ", here.words(), ": remove the pin, or pin it elsewhere");
    }
    return said;
}

/// Runs what loads `name`. BTF that the kernel refuses is a failure here, while libbpf only warns: maps would have no
/// types, and callbacks, spin locks and timers no meaning. Returns libbpf's other warnings.
template <class Load> auto load(bpf_object const *object, std::string const &name, Load const &load_it) -> std::string {
    auto log = libbpf_log{};
    auto const result = load_it();
    if (result < 0)
        throw error{text("cannot load ", name), -result, log.tail(),
                    log.says("couldn't reuse pinned map") ? other_pins(object) : ""};
    if (log.says("Error loading .BTF"))
        throw error{text("cannot load ", name, ": the kernel refuses its BTF"), EINVAL, log.tail(),
                    hint_for(0, "-- BEGIN BTF LOAD LOG")};
    return log.text();
}

inline auto find_program(bpf_object const *object, std::string const &object_name, std::string const &name) -> program {
    if (auto *const found = bpf_object__find_program_by_name(object, name.c_str())) return program{found};
    auto there = std::string{};
    for (bpf_program *p = nullptr; (p = bpf_object__next_program(object, p));)
        there += text(there.empty() ? "" : ", ", bpf_program__name(p));
    throw error{text("no program '", name, "' in ", object_name),
                ENOENT,
                {},
                there.empty() ? "it has no programs" : "its programs are " + there};
}

inline auto programs_of(bpf_object const *object) -> std::vector<program> {
    auto all = std::vector<program>{};
    for (bpf_program *p = nullptr; (p = bpf_object__next_program(object, p));) all.emplace_back(p);
    return all;
}
inline auto maps_of(bpf_object const *object) -> std::vector<byte_map> {
    auto all = std::vector<byte_map>{};
    for (bpf_map *m = nullptr; (m = bpf_object__next_map(object, m));) all.emplace_back(m);
    return all;
}

inline auto find_map(bpf_object const *object, std::string const &object_name, std::string const &name) -> bpf_map * {
    if (auto *const found = bpf_object__find_map_by_name(object, name.c_str())) return found;
    auto there = std::string{};
    for (bpf_map *m = nullptr; (m = bpf_object__next_map(object, m));)
        there += text(there.empty() ? "" : ", ", bpf_map__name(m));
    throw error{text("no map '", name, "' in ", object_name),
                ENOENT,
                {},
                there.empty() ? "it has no maps" : "its maps are " + there};
}
template <class Spec>
auto find_map(bpf_object const *object, std::string const &object_name, std::string const &name) -> user::map<Spec> {
    return user::map<Spec>{find_map(object, object_name, name), bpf_object__btf(object)};
}

/// A variable of an object: where in which of its sections it lies.
struct variable {
    bpf_map *section;
    u32 at, size;
};
/// By its name in the object's BTF, and checked against the type that it is to have.
inline auto find_variable(bpf_object const *object, std::string const &object_name, std::string const &name,
                          map_side const &wanted) -> variable {
    auto const *const types = bpf_object__btf(object);
    auto there = std::string{};
    for (u32 id = 1; types && id < btf__type_cnt(types); id++) {
        auto const *const section = btf__type_by_id(types, id);
        if (!btf_is_datasec(section)) continue;
        auto *const values =
            bpf_object__find_map_by_name(object, btf__name_by_offset(types, section->name_off)); // no maps, no licence
        if (!values || !bpf_map__is_internal(values)) continue;
        for (auto const *place = btf_var_secinfos(section), *end = place + btf_vlen(section); place != end; place++) {
            auto const *const var = btf__type_by_id(types, place->type);
            auto const *const its = btf__name_by_offset(types, var->name_off);
            if (name != its) {
                there += text(there.empty() ? "" : ", ", its);
                continue;
            }
            auto const is =
                place->size != wanted.size ? text(place->size, " bytes") : other_name(types, var->type, wanted);
            if (!is.empty())
                throw error{text("variable '", name, "' of ", object_name, " is ", is, ", and not ", wanted.name, " (",
                                 wanted.size, " bytes)"),
                            EINVAL,
                            {},
                            "both sides must be built from the same header: rebuild the BPF object and this program"};
            return {values, place->offset, place->size};
        }
    }
    throw error{text("no variable '", name, "' in ", object_name),
                ENOENT,
                {},
                there.empty() ? "it has no global variables" : "its variables are " + there};
}
} // namespace detail

class object {
    struct close {
        auto operator()(bpf_object *o) const -> void { bpf_object__close(o); }
    };
    std::unique_ptr<bpf_object, close> handle_;
    std::string name_;
    std::string warnings_;

    object(bpf_object *handle, std::string name, libbpf_log const &log) : handle_{handle}, name_{std::move(name)} {
        if (!handle_) throw error{"cannot open " + name_, errno, log.tail()};
        warnings_ = log.text();
    }

  public:
    static auto open(std::string const &path) -> object {
        detail::know_sections();
        auto const log = libbpf_log{};
        return {bpf_object__open_file(path.c_str(), nullptr), path, log};
    }
    /// From the bytes of an object file; they are not needed afterwards.
    static auto open(std::span<std::byte const> bytes, std::string const &name) -> object {
        detail::know_sections();
        auto const log = libbpf_log{};
        auto options = user::options<bpf_object_open_opts>{};
        options.object_name = name.c_str();
        return {bpf_object__open_mem(bytes.data(), bytes.size(), &options), name, log};
    }

    auto load() -> void {
        warnings_ += detail::load(handle_.get(), name_, [this] { return bpf_object__load(handle_.get()); });
    }

    auto program(std::string const &name) const -> user::program {
        return detail::find_program(handle_.get(), name_, name);
    }
    /// All of them, in the order of the file.
    auto programs() const -> std::vector<user::program> { return detail::programs_of(handle_.get()); }
    /// By its bytes, before load() and behind it; it lives no longer than the object.
    auto map(std::string const &name) const -> byte_map {
        return byte_map{detail::find_map(handle_.get(), name_, name)};
    }
    auto maps() const -> std::vector<byte_map> { return detail::maps_of(handle_.get()); }
    /// Checked against Spec by kind, sizes and type names. It stays usable after the object is gone.
    template <class Spec> auto map(std::string const &name) const -> user::map<Spec> {
        return detail::find_map<Spec>(handle_.get(), name_, name);
    }

    /// A setting (BPFXX_CONFIG) or what another variable starts with, to be written before load().
    template <class T> auto config(std::string const &name) const -> T & {
        auto const found = variable_of<T>(name);
        if (bpf_map__fd(found.section) >= 0)
            throw error{detail::text("cannot set '", name, "': ", name_, " is loaded already"),
                        0,
                        {},
                        "do it between open() and load()"};
        std::size_t size = 0;
        auto const *const start = static_cast<std::byte const *>(bpf_map__initial_value(found.section, &size));
        if (!start || size < found.at + found.size)
            throw error{detail::text("cannot set '", name, "': its section has no contents"), EINVAL};
        return *reinterpret_cast<T *>(const_cast<std::byte *>(start) + found.at);
    }
    /// What a variable (BPFXX_GLOBAL) holds now, behind load(): a copy.
    template <class T> auto global(std::string const &name) const -> T {
        auto const found = variable_of<T>(name);
        if (bpf_map__fd(found.section) < 0)
            throw error{detail::text("variable '", name, "' does not exist yet"), 0, {}, "call load() first"};
        auto all = std::vector<std::byte>(bpf_map__value_size(found.section));
        auto const first = u32{0};
        check(bpf_map_lookup_elem(bpf_map__fd(found.section), &first, all.data()), "cannot read variable '", name, "'");
        T result{};
        std::memcpy(static_cast<void *>(&result), all.data() + found.at, sizeof result);
        return result;
    }

    auto name() const noexcept -> std::string const & { return name_; }
    /// What libbpf said without failing, a line each; empty if all is well.
    auto warnings() const noexcept -> std::string const & { return warnings_; }
    /// For what is not wrapped here.
    auto handle() const noexcept -> bpf_object * { return handle_.get(); }

  private:
    template <class T> auto variable_of(std::string const &name) const -> detail::variable {
        static_assert(detail::plain_bytes<T>, "a variable is a plain struct or a number");
        return detail::find_variable(handle_.get(), name_, name, detail::side<T>("it"));
    }
};
} // namespace bpfxx::user
