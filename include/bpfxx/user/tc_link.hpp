// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// TC programs at an interface: by a tcx link (Linux 6.6), else as a filter of its clsact qdisc.
#include <array>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <bpfxx/user/descriptor.hpp>
#include <bpfxx/user/error.hpp>
#include <bpfxx/user/interface.hpp>
#include <bpfxx/user/libbpf_log.hpp>
#include <bpfxx/user/options.hpp>
#include <bpfxx/user/program.hpp>
#include <bpfxx/user/sections.hpp>
#include <cerrno>
#include <cstring>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <string>
#include <sys/socket.h>
#include <utility>

namespace bpfxx::user {
enum class tc_direction { ingress, egress };

namespace detail {
/// Whether an interface has filters in one direction; a negative errno if that cannot be found out.
inline auto count_filters(unsigned index, tc_direction to) -> int {
    auto const asked = descriptor{socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE)};
    struct {
        nlmsghdr head;
        tcmsg what;
    } request{};
    request.head = {sizeof request, RTM_GETTFILTER, NLM_F_REQUEST | NLM_F_DUMP, 1, 0};
    request.what.tcm_ifindex = static_cast<int>(index);
    request.what.tcm_parent = TC_H_MAKE(TC_H_CLSACT, to == tc_direction::ingress ? TC_H_MIN_INGRESS : TC_H_MIN_EGRESS);
    alignas(nlmsghdr) std::array<char, 16384> answer{};
    if (!asked || send(asked.get(), &request, sizeof request, 0) < 0) return -errno;
    auto const size = recv(asked.get(), answer.data(), answer.size(), 0);
    if (size < 0) return -errno;
    if (size < static_cast<ssize_t>(sizeof(nlmsghdr))) return -EPROTO;
    auto first = nlmsghdr{};
    std::memcpy(&first, answer.data(), sizeof first);
    return first.nlmsg_type == NLMSG_DONE ? 0 : 1;
}
inline auto has_filters(unsigned index, tc_direction to) -> bool {
    return insist([&] { return count_filters(index, to); }) != 0;
}
} // namespace detail

class tc_link {
    descriptor link_, program_; // a tcx link; or, of a filter, its program
    unsigned index_ = 0;
    tc_direction direction_ = tc_direction::ingress;
    u32 handle_ = 0, priority_ = 0;
    bool made_qdisc_ = false;

  public:
    tc_link(descriptor link, unsigned index, tc_direction direction)
        : link_{std::move(link)}, index_{index}, direction_{direction} {}
    tc_link(descriptor program, unsigned index, tc_direction direction, u32 handle, u32 priority, bool made_qdisc)
        : program_{std::move(program)},
          index_{index},
          direction_{direction},
          handle_{handle},
          priority_{priority},
          made_qdisc_{made_qdisc} {}
    tc_link(tc_link const &) = delete;
    tc_link(tc_link &&) = default;
    auto operator=(tc_link &&other) noexcept -> tc_link & {
        if (this == &other) return *this;
        detach();
        link_ = std::move(other.link_);
        program_ = std::move(other.program_);
        index_ = other.index_;
        direction_ = other.direction_;
        handle_ = other.handle_;
        priority_ = other.priority_;
        made_qdisc_ = other.made_qdisc_;
        return *this;
    }
    auto operator=(tc_link const &) -> tc_link & = delete;
    ~tc_link() { detach(); }

    auto is_attached() const noexcept -> bool { return link_ || program_; }
    /// Whether it is a tcx link, which the kernel also detaches when the process is killed. A filter stays.
    auto is_kernel_link() const noexcept -> bool { return static_cast<bool>(link_); }
    auto direction() const noexcept -> tc_direction { return direction_; }

    /// Another program in the place of this one: each packet is seen by either of them.
    auto update(program const &p) -> void {
        auto const attempted = [&] { return detail::text("cannot put program '", p.name(), "' in place"); };
        if (link_) {
            check(bpf_link_update(link_.get(), p.fd(), nullptr), attempted());
            return;
        }
        if (!program_) throw error{attempted(), ENOLINK, {}, "this link is detached"};
        auto own = descriptor::duplicate(p.fd());
        auto const log = libbpf_log{};
        auto hook = where(index_, direction_);
        auto what = options<bpf_tc_opts>{};
        what.handle = handle_;
        what.priority = priority_;
        if (is_of_another(hook, what)) throw error{attempted(), EEXIST, {}, "another filter has taken the place"};
        what.prog_fd = own.get();
        what.flags = BPF_TC_F_REPLACE;
        if (auto const result = bpf_tc_attach(&hook, &what); result != 0) throw error{attempted(), -result, log.tail()};
        program_ = std::move(own);
    }

    /// Only what this link attached: a filter that somebody else has put in its place stays.
    auto detach() noexcept -> void {
        if (link_) bpf_link_detach(link_.get());
        link_.reset();
        if (!program_) return;
        auto const log = libbpf_log{};
        auto hook = where(index_, direction_);
        auto what = options<bpf_tc_opts>{};
        what.handle = handle_;
        what.priority = priority_;
        if (!is_of_another(hook, what)) detail::insist([&] { return bpf_tc_detach(&hook, &what); });
        program_.reset();
        if (made_qdisc_) remove_unused_qdisc(index_);
    }

    /// The clsact qdisc of an interface, unless somebody has filters there.
    static auto remove_unused_qdisc(unsigned index) noexcept -> void {
        if (detail::has_filters(index, tc_direction::ingress) || detail::has_filters(index, tc_direction::egress))
            return;
        auto hook = where(index, tc_direction::ingress);
        // NOLINTNEXTLINE(clang-analyzer-optin.core.EnumCastOutOfRange): flags, of which libbpf wants both here
        hook.attach_point = static_cast<bpf_tc_attach_point>(BPF_TC_INGRESS | BPF_TC_EGRESS);
        detail::insist([&] { return bpf_tc_hook_destroy(&hook); });
    }

    static auto where(unsigned index, tc_direction direction) -> options<bpf_tc_hook> {
        auto hook = options<bpf_tc_hook>{};
        hook.ifindex = static_cast<int>(index);
        hook.attach_point = direction == tc_direction::ingress ? BPF_TC_INGRESS : BPF_TC_EGRESS;
        return hook;
    }

  private:
    /// Handles and priorities are given out anew when a filter or the qdisc was taken away from outside.
    auto is_of_another(bpf_tc_hook const &hook, options<bpf_tc_opts> there) const noexcept -> bool {
        auto own = bpf_prog_info{};
        auto size = u32{sizeof own};
        return detail::insist([&] { return bpf_tc_query(&hook, &there); }) == 0 &&
               bpf_obj_get_info_by_fd(program_.get(), &own, &size) == 0 && there.prog_id != own.id;
    }
};

struct tc_options {
    tc_direction direction = tc_direction::ingress;
    /// Of a filter: the lower, the earlier; 0: behind those that are there. tcx programs are behind each other.
    u32 priority = 0;
    /// Not as a tcx link, also where the kernel has them.
    bool filter = false;
};

namespace detail {
inline auto attach_tc_filter(program const &p, interface const &to, tc_options const &how) -> tc_link {
    auto const attempted = [&] { return text("cannot attach program '", p.name(), "' to ", to.name()); };
    auto own = descriptor::duplicate(p.fd());
    auto const log = libbpf_log{};
    auto hook = tc_link::where(to.index(), how.direction);
    auto const made = bpf_tc_hook_create(&hook);
    if (made != 0 && made != -EEXIST) throw error{attempted() + ", which needs a clsact qdisc", -made, log.tail()};
    auto what = options<bpf_tc_opts>{};
    what.prog_fd = own.get();
    what.priority = how.priority;
    if (auto const result = bpf_tc_attach(&hook, &what); result != 0) {
        if (made == 0) tc_link::remove_unused_qdisc(to.index());
        throw error{attempted(), -result, log.tail(), result == -EEXIST ? "another filter has this priority" : ""};
    }
    return tc_link{std::move(own), to.index(), how.direction, what.handle, what.priority, made == 0};
}
} // namespace detail

inline auto attach_tc(program const &p, interface const &to, tc_options const &how = {}) -> tc_link {
    if (p.type() != BPF_PROG_TYPE_SCHED_CLS)
        throw error{detail::text("cannot attach program '", p.name(), "' to ", to.name(), ": it is no TC program"),
                    EINVAL,
                    {},
                    "its section must be named tc"};
    if (!how.filter) {
        auto const hook =
            static_cast<bpf_attach_type>(how.direction == tc_direction::ingress ? tcx_ingress_hook : tcx_egress_hook);
        auto link = descriptor{bpf_link_create(p.fd(), static_cast<int>(to.index()), hook, nullptr)};
        if (link) return tc_link{std::move(link), to.index(), how.direction};
        if (errno != EINVAL && errno != EOPNOTSUPP)
            throw error{detail::text("cannot attach program '", p.name(), "' to ", to.name()), errno};
    }
    return detail::attach_tc_filter(p, to, how);
}
} // namespace bpfxx::user
