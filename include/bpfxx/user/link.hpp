// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Keeps a program attached for as long as it lives.
#include <bpf/libbpf.h>
#include <bpfxx/user/error.hpp>
#include <bpfxx/user/libbpf_log.hpp>
#include <bpfxx/user/object.hpp>
#include <bpfxx/user/program.hpp>
#include <cerrno>
#include <memory>
#include <string>
#include <utility>

namespace bpfxx::user {
/// The kernel detaches the program when the last descriptor of the link is closed, so also when the process is killed.
class link {
    struct destroy {
        auto operator()(bpf_link *l) const -> void { bpf_link__destroy(l); }
    };
    std::unique_ptr<bpf_link, destroy> handle_;

  public:
    /// Owns `handle` from here on: what one of libbpf's bpf_program__attach_*() returned.
    explicit link(bpf_link *handle) : handle_{handle} {}

    auto fd() const noexcept -> int { return handle_ ? bpf_link__fd(handle_.get()) : -1; }
    auto is_attached() const noexcept -> bool { return handle_ != nullptr; }
    auto detach() noexcept -> void { handle_.reset(); }
};

/// Attaches a program of a loaded object to what its section name says, such as a tracepoint. XDP: attach_xdp().
inline auto attach(program const &p) -> link {
    auto const name = p.name();
    if (!p.handle())
        throw error{detail::text("cannot attach program '", name, "'"), EINVAL, {}, "only its object knows where to"};
    check(p.fd());
    auto const log = libbpf_log{};
    auto *const made = bpf_program__attach(p.handle());
    if (!made) {
        auto const section = std::string{bpf_program__section_name(p.handle())};
        auto hint = std::string{};
        if (errno == EOPNOTSUPP) hint = "its section says nothing to attach to; for XDP there is attach_xdp()";
        throw error{detail::text("cannot attach program '", name, "' of section '", section, "'"), errno, log.tail(),
                    std::move(hint)};
    }
    return link{made};
}
} // namespace bpfxx::user
