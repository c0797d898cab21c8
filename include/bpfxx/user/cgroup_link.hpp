// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Programs of a cgroup of version 2: its sockets, their packets and addresses (Linux 5.7).
#include <bpfxx/user/held_link.hpp>
#include <fcntl.h>

namespace bpfxx::user {
/// At the hook that the program's section says. Programs that are there already stay, and all are asked.
inline auto attach_cgroup(program const &p, std::string const &path) -> held_link {
    auto const where = "cgroup " + path;
    auto const hook = detail::hook_of(p, where);
    auto const group = descriptor{open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!group)
        throw error{"cannot open " + where, errno, {}, "a cgroup is a folder, such as /sys/fs/cgroup/system.slice"};
    auto made = descriptor{bpf_link_create(p.fd(), group.get(), hook, nullptr)};
    if (made) return held_link{std::move(made), where};
    auto const code = errno;
    auto hint = std::string{};
    if (code == EBADF) hint = "it is no cgroup of version 2: mount -t cgroup2 none FOLDER";
    if (code == EPERM) hint = "a program above it allows no others, or this process may not";
    if (code == EINVAL) hint = "is it a program for a cgroup?";
    throw error{detail::text("cannot attach program '", p.name(), "' to ", where), code, {}, std::move(hint)};
}
} // namespace bpfxx::user
