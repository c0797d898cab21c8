// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// A link of the kernel's, by its descriptor.
#include <bpf/bpf.h>
#include <bpfxx/user/descriptor.hpp>
#include <bpfxx/user/error.hpp>
#include <bpfxx/user/program.hpp>
#include <cerrno>
#include <linux/bpf.h>
#include <string>
#include <utility>

namespace bpfxx::user {
/// The program is attached for as long as this lives, and not longer than the process.
class held_link {
    descriptor fd_;
    std::string where_;

  public:
    held_link(descriptor fd, std::string where) : fd_{std::move(fd)}, where_{std::move(where)} {}
    held_link(held_link const &) = delete;
    held_link(held_link &&) = default;
    auto operator=(held_link &&other) noexcept -> held_link & {
        if (this != &other) {
            detach();
            fd_ = std::move(other.fd_);
            where_ = std::move(other.where_);
        }
        return *this;
    }
    auto operator=(held_link const &) -> held_link & = delete;
    ~held_link() { detach(); }

    auto fd() const noexcept -> int { return fd_.get(); }
    auto is_attached() const noexcept -> bool { return static_cast<bool>(fd_); }
    /// In words, for messages.
    auto where() const noexcept -> std::string const & { return where_; }
    /// Puts another program of the same type in its place, without a moment in between.
    auto update(program const &p) const -> void {
        check(bpf_link_update(fd_.get(), p.fd(), nullptr), "cannot put program '", p.name(), "' in place at ", where_);
    }
    auto detach() noexcept -> void {
        if (fd_) bpf_link_detach(fd_.get()); // at once, even if a child process has inherited the descriptor
        fd_.reset();
    }
};

namespace detail {
/// The hook that the section of a program says; for a program by its descriptor, the one that is given.
inline auto hook_of(program const &p, std::string const &where) -> bpf_attach_type {
    if (!p.handle())
        throw error{text("cannot attach program '", p.name(), "' to ", where),
                    EINVAL,
                    {},
                    "only its object knows for which hook it is: say it"};
    return bpf_program__expected_attach_type(p.handle());
}
inline auto make_link(program const &p, int target, bpf_attach_type hook, std::string where,
                      bpf_link_create_opts const *how = nullptr) -> held_link {
    auto made = descriptor{bpf_link_create(p.fd(), target, hook, how)};
    if (made) return held_link{std::move(made), std::move(where)};
    auto const code = errno;
    auto hint = std::string{};
    if (code == EBUSY || code == EEXIST || code == E2BIG)
        hint = "another program is attached there that does not let in others";
    if (code == EINVAL) hint = "is it a program for this hook, and does this kernel have links for it?";
    throw error{text("cannot attach program '", p.name(), "' to ", where), code, {}, std::move(hint)};
}
} // namespace detail
} // namespace bpfxx::user
