// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// A BPF object file: opened, perhaps adjusted, loaded; its programs and maps by name.
#include <bpf/libbpf.h>
#include <bpfxx/user/byte_map.hpp>
#include <bpfxx/user/error.hpp>
#include <bpfxx/user/libbpf_log.hpp>
#include <bpfxx/user/map.hpp>
#include <bpfxx/user/options.hpp>
#include <bpfxx/user/program.hpp>
#include <bpfxx/user/sections.hpp>
#include <cerrno>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace bpfxx::user {
namespace detail {
/// Runs what loads `name`. BTF that the kernel refuses is a failure here, while libbpf only warns: maps would have no
/// types, and callbacks, spin locks and timers no meaning. Returns libbpf's other warnings.
template <class Load> auto load(std::string const &name, Load const &load_it) -> std::string {
    auto log = libbpf_log{};
    auto const result = load_it();
    if (result < 0) throw error{text("cannot load ", name), -result, log.tail()};
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
        warnings_ += detail::load(name_, [this] { return bpf_object__load(handle_.get()); });
    }

    auto program(std::string const &name) const -> user::program {
        return detail::find_program(handle_.get(), name_, name);
    }
    /// All of them, in the order of the file.
    auto programs() const -> std::vector<user::program> {
        auto all = std::vector<user::program>{};
        for (bpf_program *p = nullptr; (p = bpf_object__next_program(handle_.get(), p));) all.emplace_back(p);
        return all;
    }
    /// By its bytes, before load() and behind it; it lives no longer than the object.
    auto map(std::string const &name) const -> byte_map {
        return byte_map{detail::find_map(handle_.get(), name_, name)};
    }
    auto maps() const -> std::vector<byte_map> {
        auto all = std::vector<byte_map>{};
        for (bpf_map *m = nullptr; (m = bpf_object__next_map(handle_.get(), m));) all.emplace_back(m);
        return all;
    }
    /// Checked against Spec by kind, sizes and type names. It stays usable after the object is gone.
    template <class Spec> auto map(std::string const &name) const -> user::map<Spec> {
        return detail::find_map<Spec>(handle_.get(), name_, name);
    }

    auto name() const noexcept -> std::string const & { return name_; }
    /// What libbpf said without failing, a line each; empty if all is well.
    auto warnings() const noexcept -> std::string const & { return warnings_; }
    /// For what is not wrapped here.
    auto handle() const noexcept -> bpf_object * { return handle_.get(); }
};
} // namespace bpfxx::user
