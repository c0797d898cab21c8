// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// An XDP program on an interface, for as long as the link lives; it never displaces another program unasked.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <bpfxx/core/int.hpp>
#include <bpfxx/user/descriptor.hpp>
#include <bpfxx/user/error.hpp>
#include <bpfxx/user/feature.hpp>
#include <bpfxx/user/interface.hpp>
#include <bpfxx/user/libbpf_log.hpp>
#include <bpfxx/user/options.hpp>
#include <bpfxx/user/program.hpp>
#include <bpfxx/user/xdp_query.hpp>
#include <cerrno>
#include <linux/if_link.h>
#include <optional>
#include <string>
#include <utility>

namespace bpfxx::user {
struct xdp_options {
    xdp_mode mode = xdp_mode::native_or_generic;
    /// Take the place of a program that is attached already, whoever attached it.
    bool replace = false;
};

class xdp_link {
    interface where_;
    xdp_mode mode_;
    descriptor link_;    // where the kernel has XDP links: it detaches also when the process is killed
    descriptor program_; // else: what the destructor detaches

  public:
    xdp_link(interface where, xdp_mode mode, descriptor link, descriptor program)
        : where_{std::move(where)}, mode_{mode}, link_{std::move(link)}, program_{std::move(program)} {}
    xdp_link(xdp_link &&) = default;
    xdp_link(xdp_link const &) = delete;
    auto operator=(xdp_link &&other) noexcept -> xdp_link & {
        if (this == &other) return *this;
        detach();
        where_ = std::move(other.where_);
        mode_ = other.mode_;
        link_ = std::move(other.link_);
        program_ = std::move(other.program_);
        return *this;
    }
    auto operator=(xdp_link const &) -> xdp_link & = delete;
    ~xdp_link() { detach(); }

    /// native or generic: what it came to.
    auto mode() const noexcept -> xdp_mode { return mode_; }
    auto where() const noexcept -> interface const & { return where_; }

    /// Another program in the place of this one: each packet is seen by either of them.
    auto update(program const &p) -> void {
        auto const attempted = [&] {
            return detail::text("cannot put program '", p.name(), "' in place at ", where_.name());
        };
        if (link_) {
            check(bpf_link_update(link_.get(), p.fd(), nullptr), attempted());
            return;
        }
        if (!program_) throw error{attempted(), ENOLINK, {}, "this link is detached"};
        auto own = descriptor::duplicate(p.fd());
        auto const log = libbpf_log{};
        auto o = options<bpf_xdp_attach_opts>{};
        o.old_prog_fd = program_.get();
        auto const result = bpf_xdp_attach(static_cast<int>(where_.index()), own.get(),
                                           detail::xdp_flags(mode_) | XDP_FLAGS_REPLACE, &o);
        if (result != 0) throw error{attempted(), -result, log.tail()};
        program_ = std::move(own);
    }

    /// Only what this link attached: if another program has taken its place, that one stays.
    auto detach() noexcept -> void {
        if (link_) bpf_link_detach(link_.get()); // at once, even if a child process has inherited the descriptor
        link_.reset();
        if (!program_) return;
        auto const log = libbpf_log{};
        auto o = options<bpf_xdp_attach_opts>{};
        o.old_prog_fd = program_.get();
        detail::insist([&] {
            auto const result = bpf_xdp_detach(static_cast<int>(where_.index()), detail::xdp_flags(mode_), &o);
            return result == -EEXIST ? -ENOENT : result; // another one has the place
        });
        program_.reset();
    }
};

namespace detail {
/// Through netlink, as kernels before 5.9 need it.
inline auto attach_by_netlink(program const &p, interface const &where, xdp_mode mode, std::string &said)
    -> std::optional<xdp_link> {
    auto own = descriptor::duplicate(p.fd());
    auto const log = libbpf_log{};
    auto const result = bpf_xdp_attach(static_cast<int>(where.index()), own.get(),
                                       xdp_flags(mode) | XDP_FLAGS_UPDATE_IF_NOEXIST, nullptr);
    if (result == 0) return xdp_link{where, mode, descriptor{}, std::move(own)};
    said = log.tail();
    errno = -result;
    return std::nullopt;
}

/// In one mode; nothing and errno if the kernel refuses.
inline auto attach_in_mode(program const &p, interface const &where, xdp_mode mode, std::string &said)
    -> std::optional<xdp_link> {
    auto o = options<bpf_link_create_opts>{};
    o.flags = xdp_flags(mode);
    auto made = descriptor{bpf_link_create(p.fd(), static_cast<int>(where.index()), BPF_XDP, &o)};
    if (made) return xdp_link{where, mode, std::move(made), descriptor{}};
    auto const code = errno;
    if (code == EINVAL && !likely(feature::xdp_link, load_probe())) return attach_by_netlink(p, where, mode, said);
    errno = code;
    return std::nullopt;
}

inline auto attach_to_free(program const &p, interface const &where, xdp_mode mode) -> xdp_link {
    auto said = std::string{};
    auto const first = mode == xdp_mode::generic ? xdp_mode::generic : xdp_mode::native;
    auto done = attach_in_mode(p, where, first, said);
    auto const occupied = [] { return errno == EBUSY || errno == EEXIST; };
    if (!done && mode == xdp_mode::native_or_generic && errno != EPERM && !occupied())
        done = attach_in_mode(p, where, xdp_mode::generic, said);
    if (done) return std::move(*done);

    auto code = errno;
    if (code == EINVAL && !where.exists()) code = errno;
    auto const attempted = text("cannot attach program '", p.name(), "' to ", where.name());
    if (occupied())
        if (auto const other = attached_xdp(where))
            throw error{text(attempted, ": ", other->described(), " is attached there"),
                        code,
                        {},
                        text("ask to replace it, or detach it: ip link set dev ", where.name(),
                             other->mode == xdp_mode::native ? " xdpdrv off" : " xdpgeneric off",
                             " (if a link holds it: bpftool link show, bpftool link detach id ID)")};
    auto hint = std::string{};
    if (code == EOPNOTSUPP && mode == xdp_mode::native)
        hint = "its driver has no native XDP: use the generic mode";
    else if (code == EINVAL || code == ERANGE)
        hint = "packets of its MTU may not fit one buffer: lower the MTU, or load the program with BPF_F_XDP_HAS_FRAGS";
    throw error{attempted, code, std::move(said), std::move(hint)};
}
} // namespace detail

inline auto attach_xdp(program const &p, interface const &where, xdp_options wanted = {}) -> xdp_link {
    if (p.type() != BPF_PROG_TYPE_XDP)
        throw error{detail::text("cannot attach program '", p.name(), "' to ", where.name(), ": it is no XDP program"),
                    EINVAL,
                    {},
                    "its section must be named xdp"};
    auto displaced = std::optional<detail::displaced_xdp>{};
    if (wanted.replace) displaced = detail::displace_xdp(where);
    try {
        return detail::attach_to_free(p, where, wanted.mode);
    } catch (error const &failure) {
        if (!displaced) throw;
        auto const lost = "and " + displaced->was.described();
        if (!displaced->program)
            throw failure.with(lost +
                               " is gone, since its link could not be kept: whoever attached it has to do so again");
        if (!displaced->put_back(where))
            throw failure.with(lost + " could not be put back: " + detail::reason_of(errno));
        throw;
    }
}
} // namespace bpfxx::user
