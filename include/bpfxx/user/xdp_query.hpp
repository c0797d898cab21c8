// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Which XDP program an interface runs, and how to get it out of the way on request.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <bpfxx/core/int.hpp>
#include <bpfxx/user/descriptor.hpp>
#include <bpfxx/user/error.hpp>
#include <bpfxx/user/interface.hpp>
#include <bpfxx/user/libbpf_log.hpp>
#include <bpfxx/user/options.hpp>
#include <bpfxx/user/program.hpp>
#include <cerrno>
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bpfxx::user {
/// Native: in the driver, before the kernel makes its packet of it. Generic: after that, slower, on any interface.
enum class xdp_mode { native_or_generic, generic, native };

inline auto name_of(xdp_mode mode) -> char const * {
    constexpr char const *names[] = {"native or generic", "generic", "native"};
    return names[static_cast<int>(mode)];
}

struct attached_xdp_program {
    u32 id;
    xdp_mode mode;    // native or generic
    std::string name; // empty if this process may not ask for it (CAP_SYS_ADMIN)

    auto described() const -> std::string {
        return detail::text("XDP program ", name.empty() ? "" : "'" + name + "' ", "(id ", id, ", ", name_of(mode),
                            ")");
    }
};

namespace detail {
inline auto xdp_flags(xdp_mode mode) -> u32 {
    return mode == xdp_mode::generic ? XDP_FLAGS_SKB_MODE : XDP_FLAGS_DRV_MODE;
}
} // namespace detail

/// Nothing if the interface runs none. Programs that run in the device itself are not in the way and do not count.
inline auto attached_xdp(interface const &where) -> std::optional<attached_xdp_program> {
    auto const log = libbpf_log{};
    auto o = options<bpf_xdp_query_opts>{};
    check(bpf_xdp_query(static_cast<int>(where.index()), 0, &o), "cannot ask which XDP program ", where.name(),
          " runs");
    auto const native = o.drv_prog_id != 0;
    auto const id = native ? o.drv_prog_id : o.skb_prog_id;
    if (id == 0 && !where.exists())
        throw error{detail::text("cannot ask which XDP program ", where.name(), " runs"), ENODEV};
    if (id == 0) return std::nullopt;
    auto found = attached_xdp_program{id, native ? xdp_mode::native : xdp_mode::generic, {}};
    if (auto const fd = descriptor{bpf_prog_get_fd_by_id(id)}) found.name = program{fd.get()}.name();
    return found;
}

namespace detail {
/// The program that had the place, to put it back if what should follow it fails. One that a link held is not kept: its
/// owner would believe that the link still works.
struct displaced_xdp {
    attached_xdp_program was;
    descriptor program;

    auto put_back(interface const &where) const -> bool {
        auto const log = libbpf_log{};
        auto const result = insist([&] {
            return bpf_xdp_attach(static_cast<int>(where.index()), program.get(),
                                  xdp_flags(was.mode) | XDP_FLAGS_UPDATE_IF_NOEXIST, nullptr);
        });
        errno = -result;
        return result == 0;
    }
};

/// The XDP links that could be the one on this interface. A link does not tell its network namespace, so interfaces
/// of the same index and program elsewhere look alike.
inline auto links_like(attached_xdp_program const &there, interface const &where)
    -> std::vector<std::pair<u32, descriptor>> {
    auto const attempted = [&] { return text("cannot look for the link of ", there.described()); };
    auto found = std::vector<std::pair<u32, descriptor>>{};
    for (auto id = u32{0};;) {
        if (auto const result = bpf_link_get_next_id(id, &id); result == -ENOENT)
            break;
        else
            check(result, attempted());
        auto fd = descriptor{bpf_link_get_fd_by_id(id)};
        if (!fd && (errno == ENOENT || errno == EAGAIN)) continue; // gone meanwhile, or another's that is being made
        if (!fd) throw error{attempted(), errno};
        auto info = bpf_link_info{};
        auto size = u32{sizeof info};
        check(bpf_obj_get_info_by_fd(fd.get(), &info, &size), attempted());
        if (info.type == BPF_LINK_TYPE_XDP && info.xdp.ifindex == where.index() && info.prog_id == there.id)
            found.emplace_back(id, std::move(fd));
    }
    return found;
}

inline auto displace_xdp(interface const &where) -> std::optional<displaced_xdp> {
    auto there = attached_xdp(where);
    if (!there) return std::nullopt;
    auto const attempted = text("cannot detach ", there->described(), " from ", where.name());
    auto old = descriptor{bpf_prog_get_fd_by_id(there->id)};
    if (!old)
        throw error{attempted, errno, {}, errno == EPERM ? "to replace a program takes root or CAP_SYS_ADMIN" : ""};
    {
        auto const log = libbpf_log{};
        auto o = options<bpf_xdp_attach_opts>{};
        o.old_prog_fd = old.get();
        auto const result = bpf_xdp_detach(static_cast<int>(where.index()), xdp_flags(there->mode), &o);
        if (result == 0) return displaced_xdp{std::move(*there), std::move(old)};
        if (result != -EBUSY) throw error{attempted, -result, log.tail()};
    }
    // The kernel says busy of a program that a link holds.
    auto const links = links_like(*there, where);
    if (links.size() != 1) {
        auto ids = std::string{};
        for (auto const &[id, fd] : links) ids += text(ids.empty() ? "" : ", ", id);
        throw error{attempted,
                    EBUSY,
                    {},
                    links.empty()
                        ? "its link has just gone: try again"
                        : "any of the links " + ids + " may hold it: find out which, and bpftool link detach id ID"};
    }
    check(bpf_link_detach(links[0].second.get()), attempted, " through its link ", links[0].first);
    return displaced_xdp{std::move(*there), descriptor{}};
}
} // namespace detail
} // namespace bpfxx::user
