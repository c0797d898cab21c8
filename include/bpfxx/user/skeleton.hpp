// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Owns what `bpftool gen skeleton` wrote: `auto s = skeleton<drop_port>{}; s->rodata->port = 80; s.load();`
#include <bpf/libbpf.h>
#include <bpfxx/user/byte_map.hpp>
#include <bpfxx/user/error.hpp>
#include <bpfxx/user/libbpf_log.hpp>
#include <bpfxx/user/map.hpp>
#include <bpfxx/user/object.hpp>
#include <bpfxx/user/program.hpp>
#include <bpfxx/user/sections.hpp>
#include <cerrno>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace bpfxx::user {
/// Skel is the struct in the .skel.h. The object is opened at once; what may be set before load() is behind ->.
template <class Skel> class skeleton {
    struct destroy {
        auto operator()(Skel *s) const -> void { Skel::destroy(s); }
    };
    std::unique_ptr<Skel, destroy> handle_;
    std::string warnings_;

  public:
    skeleton() {
        detail::know_sections();
        auto const log = libbpf_log{};
        handle_.reset(Skel::open());
        if (!handle_) throw error{"cannot open a BPF object that is built in", errno, log.tail()};
        warnings_ = log.text();
    }

    auto operator->() const noexcept -> Skel * { return handle_.get(); }
    auto operator*() const noexcept -> Skel & { return *handle_; }

    auto load() -> void {
        warnings_ += detail::load(handle_->obj, name(), [this] { return Skel::load(handle_.get()); });
    }
    /// Attaches each program to what its section name says: all of them, or none. XDP programs need an interface:
    /// attach_xdp().
    auto attach() -> void {
        auto const before = links();
        auto const log = libbpf_log{};
        if (auto const result = Skel::attach(handle_.get()); result < 0) {
            // libbpf leaves those before the one that failed.
            auto const now = links();
            for (std::size_t i = 0; i < now.size(); i++)
                if (*now[i].place != before[i].made) bpf_link__destroy(std::exchange(*now[i].place, nullptr));
            throw error{"cannot attach the programs of " + name(), -result, log.tail()};
        }
    }
    auto detach() noexcept -> void { Skel::detach(handle_.get()); }

    auto program(std::string const &name) const -> user::program {
        return detail::find_program(handle_->obj, this->name(), name);
    }
    /// All of them, in the order of the file.
    auto programs() const -> std::vector<user::program> { return detail::programs_of(handle_->obj); }
    /// By its bytes, before load() and behind it; it lives no longer than the skeleton.
    auto map(std::string const &name) const -> byte_map {
        return byte_map{detail::find_map(handle_->obj, this->name(), name)};
    }
    auto maps() const -> std::vector<byte_map> { return detail::maps_of(handle_->obj); }
    /// Checked against Spec by kind, sizes and type names. It stays usable after the skeleton is gone.
    template <class Spec> auto map(std::string const &name) const -> user::map<Spec> {
        return detail::find_map<Spec>(handle_->obj, this->name(), name);
    }

    auto name() const -> std::string { return bpf_object__name(handle_->obj); }
    /// What libbpf said without failing, a line each; empty if all is well.
    auto warnings() const noexcept -> std::string const & { return warnings_; }

  private:
    struct link_of_program {
        bpf_link **place;
        bpf_link *made;
    };
    /// The skeleton's links, one for each program; null where it is not attached.
    auto links() const -> std::vector<link_of_program> {
        auto const *const all = handle_->skeleton;
        auto found = std::vector<link_of_program>{};
        for (auto i = 0; i < all->prog_cnt; i++) {
            // As far apart as the skeleton's maker had them.
            auto const *const at = reinterpret_cast<std::byte const *>(all->progs) + i * all->prog_skel_sz;
            auto **const place = reinterpret_cast<bpf_prog_skeleton const *>(at)->link;
            if (place) found.push_back({place, *place});
        }
        return found;
    }
};
} // namespace bpfxx::user
