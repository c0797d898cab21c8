// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// A TC program on what arrives at an interface: a tcx link (Linux 6.6), which goes with the process, else a filter at a
/// clsact qdisc.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <bpfxx/user/descriptor.hpp>
#include <bpfxx/user/error.hpp>
#include <bpfxx/user/interface.hpp>
#include <bpfxx/user/libbpf_log.hpp>
#include <bpfxx/user/options.hpp>
#include <bpfxx/user/program.hpp>
#include <cerrno>

class tc_attachment {
    static constexpr auto tcx_ingress = static_cast<bpf_attach_type>(46); // BPF_TCX_INGRESS
    bpfxx::user::descriptor link_;
    bpfxx::user::options<bpf_tc_hook> hook_;
    bpfxx::user::options<bpf_tc_opts> filter_;
    bool made_hook_ = false;

  public:
    tc_attachment(bpfxx::user::program const &program, bpfxx::user::interface const &where) {
        auto const log = bpfxx::user::libbpf_log{};
        link_.reset(bpf_link_create(program.fd(), static_cast<int>(where.index()), tcx_ingress, nullptr));
        if (link_) return;
        if (errno == EPERM) throw bpfxx::user::error{"cannot attach to " + where.name(), EPERM};
        hook_.ifindex = static_cast<int>(where.index());
        hook_.attach_point = BPF_TC_INGRESS;
        auto const made = bpf_tc_hook_create(&hook_);
        if (made != 0 && made != -EEXIST)
            throw bpfxx::user::error{"cannot make a clsact qdisc on " + where.name(), -made, log.tail()};
        made_hook_ = made == 0;
        filter_.prog_fd = program.fd();
        if (auto const result = bpf_tc_attach(&hook_, &filter_); result != 0)
            throw bpfxx::user::error{"cannot attach to " + where.name(), -result, log.tail()};
        filter_.prog_fd = 0;
        filter_.prog_id = 0;
        filter_.flags = 0;
    }
    tc_attachment(tc_attachment const &) = delete;
    tc_attachment(tc_attachment &&) = delete;
    auto operator=(tc_attachment const &) -> tc_attachment & = delete;
    auto operator=(tc_attachment &&) -> tc_attachment & = delete;
    ~tc_attachment() {
        if (link_ || hook_.ifindex == 0) return;
        auto const log = bpfxx::user::libbpf_log{};
        bpf_tc_detach(&hook_, &filter_);
        if (!made_hook_) return; // somebody else's
        hook_.attach_point = static_cast<bpf_tc_attach_point>(BPF_TC_INGRESS | BPF_TC_EGRESS);
        bpf_tc_hook_destroy(&hook_);
    }
    auto mode() const -> char const * { return link_ ? "tcx" : "clsact"; }
};
