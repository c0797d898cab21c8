// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// A TC program at an interface's ingress, by a clsact qdisc, for as long as this object lives.
#include <bpf/libbpf.h>
#include <bpfxx/user/error.hpp>
#include <bpfxx/user/interface.hpp>
#include <bpfxx/user/options.hpp>
#include <bpfxx/user/program.hpp>
#include <cerrno>

namespace dissection {
class tc_link {
    bpf_tc_hook hook_ = bpfxx::user::options<bpf_tc_hook>{};
    bpf_tc_opts filter_ = bpfxx::user::options<bpf_tc_opts>{};
    bool made_qdisc_ = false, attached_ = false;

    auto remove_qdisc() -> void {
        if (!made_qdisc_) return;
        auto whole = hook_;
        whole.attach_point = static_cast<bpf_tc_attach_point>(BPF_TC_INGRESS | BPF_TC_EGRESS);
        bpf_tc_hook_destroy(&whole);
        made_qdisc_ = false;
    }

  public:
    tc_link(bpfxx::user::program const &p, bpfxx::user::interface const &where) {
        auto const log = bpfxx::user::libbpf_log{};
        hook_.ifindex = static_cast<int>(where.index());
        hook_.attach_point = BPF_TC_INGRESS;
        auto const made = bpf_tc_hook_create(&hook_);
        if (made < 0 && made != -EEXIST) throw bpfxx::user::error{"cannot make a clsact qdisc", -made, log.tail()};
        made_qdisc_ = made == 0;
        filter_.prog_fd = p.fd();
        if (auto const status = bpf_tc_attach(&hook_, &filter_); status < 0) {
            remove_qdisc();
            throw bpfxx::user::error{"cannot attach a TC program", -status, log.tail()};
        }
        attached_ = true;
    }
    tc_link(tc_link const &) = delete;
    tc_link(tc_link &&) = delete;
    auto operator=(tc_link const &) -> tc_link & = delete;
    auto operator=(tc_link &&) -> tc_link & = delete;
    ~tc_link() { detach(); }

    auto detach() -> void {
        if (!attached_) return;
        attached_ = false;
        auto const log = bpfxx::user::libbpf_log{};
        auto which = bpfxx::user::options<bpf_tc_opts>{};
        which.handle = filter_.handle;
        which.priority = filter_.priority;
        bpf_tc_detach(&hook_, &which);
        remove_qdisc();
    }
};
} // namespace dissection
