// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// A program at a sockmap or sockhash, for as long as the link lives. Attach first, then put sockets in: what a socket
/// does is decided by the programs that are there when it is put in.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <bpfxx/user/descriptor.hpp>
#include <bpfxx/user/error.hpp>
#include <bpfxx/user/program.hpp>
#include <cerrno>
#include <linux/bpf.h>
#include <utility>

namespace bpfxx::user {
/// What a program does at a map of sockets. A map has one program for each; of stream_verdict and verdict, one.
enum class sockmap_hook {
    stream_parser = BPF_SK_SKB_STREAM_PARSER,
    stream_verdict = BPF_SK_SKB_STREAM_VERDICT,
    verdict = BPF_SK_SKB_VERDICT,
    message = BPF_SK_MSG_VERDICT,
};
inline auto name_of(sockmap_hook h) -> char const * {
    switch (h) {
    case sockmap_hook::stream_parser: return "stream_parser";
    case sockmap_hook::stream_verdict: return "stream_verdict";
    case sockmap_hook::verdict: return "verdict";
    case sockmap_hook::message: return "message";
    }
    return "unknown";
}

class sockmap_link {
    descriptor link_; // where the kernel has such links
    descriptor program_,
        map_; // else: what the destructor detaches; the kernel does when the map's last descriptor goes
    sockmap_hook hook_;

  public:
    sockmap_link(sockmap_hook hook, descriptor link, descriptor program, descriptor map)
        : link_{std::move(link)}, program_{std::move(program)}, map_{std::move(map)}, hook_{hook} {}
    sockmap_link(sockmap_link &&) = default;
    sockmap_link(sockmap_link const &) = delete;
    auto operator=(sockmap_link &&other) noexcept -> sockmap_link & {
        if (this == &other) return *this;
        detach();
        link_ = std::move(other.link_);
        program_ = std::move(other.program_);
        map_ = std::move(other.map_);
        hook_ = other.hook_;
        return *this;
    }
    auto operator=(sockmap_link const &) -> sockmap_link & = delete;
    ~sockmap_link() { detach(); }

    auto is_attached() const noexcept -> bool { return link_ || program_; }
    /// Whether the kernel has a link for it (Linux 6.10), which bpftool link shows.
    auto is_kernel_link() const noexcept -> bool { return static_cast<bool>(link_); }
    auto hook() const noexcept -> sockmap_hook { return hook_; }

    auto detach() noexcept -> void {
        link_.reset();
        if (program_) bpf_prog_detach2(program_.get(), map_.get(), static_cast<bpf_attach_type>(hook_));
        program_.reset();
        map_.reset();
    }
};

namespace detail {
inline auto sockmap_failure(program const &p, sockmap_hook hook, int code) -> error {
    auto hint = std::string{};
    if (code == EBUSY || code == EEXIST) {
        hint = "another program is attached there; of stream_verdict and verdict a map has one";
    } else if (code == EINVAL || code == EOPNOTSUPP) {
        hint =
            hook == sockmap_hook::verdict ? "sk_skb/verdict needs Linux 5.13" : "is its section named for this hook?";
    }
    return error{text("cannot attach program '", p.name(), "' to a map of sockets as its ", name_of(hook)),
                 code,
                 {},
                 std::move(hint)};
}
} // namespace detail

/// `map` is the descriptor of a loaded sockmap or sockhash.
inline auto attach_sockmap(program const &p, int map, sockmap_hook hook) -> sockmap_link {
    auto const type = static_cast<bpf_attach_type>(hook);
    auto const wanted = hook == sockmap_hook::message ? BPF_PROG_TYPE_SK_MSG : BPF_PROG_TYPE_SK_SKB;
    if (p.type() != wanted) throw detail::sockmap_failure(p, hook, EINVAL);
    auto made = descriptor{bpf_link_create(p.fd(), map, type, nullptr)};
    if (made) return sockmap_link{hook, std::move(made), descriptor{}, descriptor{}};
    if (errno != EINVAL && errno != EOPNOTSUPP) throw detail::sockmap_failure(p, hook, errno);
    // Before Linux 6.10.
    auto own_program = descriptor::duplicate(p.fd());
    auto own_map = descriptor::duplicate(map);
    if (auto const result = bpf_prog_attach(p.fd(), map, type, 0); result != 0)
        throw detail::sockmap_failure(p, hook, -result);
    return sockmap_link{hook, descriptor{}, std::move(own_program), std::move(own_map)};
}
} // namespace bpfxx::user
