// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// What an iter program writes about the kernel's objects (Linux 5.8).
#include <bpf/bpf.h>
#include <bpfxx/user/descriptor.hpp>
#include <bpfxx/user/error.hpp>
#include <bpfxx/user/program.hpp>
#include <cerrno>
#include <string>
#include <unistd.h>

namespace bpfxx::user {
/// Runs the program over all objects of its kind, and gives back what it has written.
inline auto read_all(program const &p) -> std::string {
    auto const attempted = [&] { return detail::text("cannot read from iterator '", p.name(), "'"); };
    auto const link = descriptor{bpf_link_create(p.fd(), 0, BPF_TRACE_ITER, nullptr)};
    if (!link) throw error{attempted(), errno, {}, errno == EINVAL ? "is it an iter program?" : ""};
    auto const from = descriptor{bpf_iter_create(link.get())};
    if (!from) throw error{attempted(), errno};
    auto all = std::string{};
    char part[4096];
    for (;;) {
        auto const n = read(from.get(), part, sizeof part);
        if (n == 0) return all;
        if (n > 0)
            all.append(part, static_cast<std::size_t>(n));
        else if (errno != EAGAIN && errno != EINTR)
            throw error{attempted(), errno};
    }
}
} // namespace bpfxx::user
