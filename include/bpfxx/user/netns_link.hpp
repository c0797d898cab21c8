// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Programs of a network namespace: sk_lookup, and flow dissectors (Linux 5.8).
#include <bpfxx/user/held_link.hpp>
#include <fcntl.h>
#include <sys/vfs.h>

namespace bpfxx::user {
/// By its path, such as /run/netns/NAME; by default that of this thread.
inline auto attach_netns(program const &p, std::string const &path = "/proc/thread-self/ns/net") -> held_link {
    auto const space = descriptor{open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!space) throw error{detail::text("cannot open network namespace ", path), errno};
    constexpr auto of_namespaces = 0x6e736673; // NSFS_MAGIC
    struct statfs kind {};
    if (fstatfs(space.get(), &kind) == 0 && kind.f_type != of_namespaces)
        throw error{path + " is no network namespace", EINVAL, {}, "ip netns add NAME makes /run/netns/NAME"};
    auto const where = "network namespace " + path;
    auto const type = p.type();
    if (type != BPF_PROG_TYPE_SK_LOOKUP && type != BPF_PROG_TYPE_FLOW_DISSECTOR)
        throw error{detail::text("cannot attach program '", p.name(), "' to ", where),
                    EINVAL,
                    {},
                    "network namespaces take sk_lookup and flow_dissector programs"};
    return detail::make_link(p, space.get(), type == BPF_PROG_TYPE_SK_LOOKUP ? BPF_SK_LOOKUP : BPF_FLOW_DISSECTOR,
                             where);
}
} // namespace bpfxx::user
