// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// A network interface by its name or by its index: each knows the other.
#include <bpfxx/user/error.hpp>
#include <cerrno>
#include <net/if.h>
#include <string>
#include <string_view>

namespace bpfxx::user {
/// Made from a name or an index, also implicitly; an interface that does not exist is an error. It may vanish later.
class interface {
    std::string name_;
    unsigned index_ = 0;

    [[noreturn]] static auto missing(std::string const &which) -> void {
        auto const code = errno;
        auto there = std::string{};
        if (auto *const all = if_nameindex()) {
            for (auto const *i = all; i->if_index != 0; i++)
                there += detail::text(there.empty() ? "" : ", ", i->if_name);
            if_freenameindex(all);
        }
        throw error{"no network interface " + which,
                    code,
                    {},
                    there.empty() ? "this network namespace has none" : "there are " + there};
    }

  public:
    interface(std::string_view name) : name_{name}, index_{if_nametoindex(name_.c_str())} {
        if (index_ == 0) missing("'" + name_ + "'");
    }
    interface(std::string const &name) : interface {
        std::string_view { name }
    } {
    }
    interface(char const *name) : interface {
        std::string_view { name }
    } {
    }
    interface(unsigned index) : index_{index} {
        char name[IF_NAMESIZE];
        if (!if_indextoname(index, name)) missing(detail::text("with index ", index));
        name_ = name;
    }

    auto name() const noexcept -> std::string const & { return name_; }
    auto index() const noexcept -> unsigned { return index_; }
    /// Whether it is still there; errno says ENODEV if not.
    auto exists() const noexcept -> bool {
        char name[IF_NAMESIZE];
        if (if_indextoname(index_, name)) return true;
        errno = ENODEV; // some kernels and libraries say ENXIO
        return false;
    }
};
} // namespace bpfxx::user
