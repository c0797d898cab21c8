// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// What a program needs of a kernel, read from the program itself: its type, its maps, the helpers it calls, the
/// instructions that it consists of. So a test that does not load can tell whether this kernel should have taken it.
#include <algorithm>
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <bpfxx/core/int.hpp>
#include <cstdio>
#include <iterator>
#include <linux/bpf.h>
#include <string>
#include <string_view>
#include <support/helper_release.hpp>
#include <sys/utsname.h>
#include <unistd.h>
#include <vector>

namespace bpfxx::test {
struct release {
    u32 major, minor;
    friend constexpr auto operator<=>(release const &, release const &) = default;
};
inline auto operator+(std::string const &text, release const &r) -> std::string {
    return text + std::to_string(r.major) + '.' + std::to_string(r.minor);
}

/// One feature. Those that not even the newest kernel has without a JIT, or without BTF of its own, say so.
struct requirement {
    std::string kind, name;
    release since;
    bool jit = false, btf = false;
};

/// The kernel at hand: by its version, and not by what it says that it can.
struct kernel_facts {
    release version{};
    bool jit = false, btf = false;
    std::string machine;
};
inline auto this_kernel() -> kernel_facts const & {
    static auto const facts = [] {
        kernel_facts f;
        utsname name{};
        uname(&name);
        std::sscanf(name.release, "%u.%u", &f.version.major, &f.version.minor); // NOLINT(cert-err34-c)
        f.machine = name.machine;
        f.btf = access("/sys/kernel/btf/vmlinux", R_OK) == 0;
        bpf_insn const pass[] = {{BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, 0}, {BPF_JMP | BPF_EXIT, 0, 0, 0, 0}};
        auto const fd =
            bpf_prog_load(BPF_PROG_TYPE_SOCKET_FILTER, "bpfxx_probe", "GPL", pass, std::size(pass), nullptr);
        bpf_prog_info info{};
        u32 size = sizeof info;
        f.jit = fd >= 0 && bpf_obj_get_info_by_fd(fd, &info, &size) == 0 && info.jited_prog_len != 0;
        if (fd >= 0) close(fd);
        return f;
    }();
    return facts;
}

namespace detail {
struct known_since {
    u32 number;
    release since;
};
template <u32 N> constexpr auto since(known_since const (&table)[N], u32 number) -> release {
    for (auto const &known : table)
        if (known.number == number) return known.since;
    return {~0u, 0};
}
// By number where the oldest header to compile with does not name it.
inline constexpr u32 netfilter_program = 32, cgroup_storage_map = 32, arena_map = 33;
inline constexpr known_since program_types[] = {
    {BPF_PROG_TYPE_SOCKET_FILTER, {3, 19}},
    {BPF_PROG_TYPE_KPROBE, {4, 1}},
    {BPF_PROG_TYPE_SCHED_CLS, {4, 1}},
    {BPF_PROG_TYPE_SCHED_ACT, {4, 1}},
    {BPF_PROG_TYPE_TRACEPOINT, {4, 7}},
    {BPF_PROG_TYPE_XDP, {4, 8}},
    {BPF_PROG_TYPE_PERF_EVENT, {4, 9}},
    {BPF_PROG_TYPE_CGROUP_SKB, {4, 10}},
    {BPF_PROG_TYPE_CGROUP_SOCK, {4, 10}},
    {BPF_PROG_TYPE_LWT_IN, {4, 10}},
    {BPF_PROG_TYPE_LWT_OUT, {4, 10}},
    {BPF_PROG_TYPE_LWT_XMIT, {4, 10}},
    {BPF_PROG_TYPE_SOCK_OPS, {4, 13}},
    {BPF_PROG_TYPE_SK_SKB, {4, 14}},
    {BPF_PROG_TYPE_CGROUP_DEVICE, {4, 15}},
    {BPF_PROG_TYPE_SK_MSG, {4, 17}},
    {BPF_PROG_TYPE_RAW_TRACEPOINT, {4, 17}},
    {BPF_PROG_TYPE_CGROUP_SOCK_ADDR, {4, 17}},
    {BPF_PROG_TYPE_LWT_SEG6LOCAL, {4, 18}},
    {BPF_PROG_TYPE_LIRC_MODE2, {4, 18}},
    {BPF_PROG_TYPE_SK_REUSEPORT, {4, 19}},
    {BPF_PROG_TYPE_FLOW_DISSECTOR, {4, 20}},
    {BPF_PROG_TYPE_CGROUP_SYSCTL, {5, 2}},
    {BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE, {5, 2}},
    {BPF_PROG_TYPE_CGROUP_SOCKOPT, {5, 3}},
    {BPF_PROG_TYPE_TRACING, {5, 5}},
    {BPF_PROG_TYPE_STRUCT_OPS, {5, 6}},
    {BPF_PROG_TYPE_EXT, {5, 6}},
    {BPF_PROG_TYPE_LSM, {5, 7}},
    {BPF_PROG_TYPE_SK_LOOKUP, {5, 9}},
    {BPF_PROG_TYPE_SYSCALL, {5, 14}},
    {netfilter_program, {6, 4}},
};
} // namespace detail

/// libbpf's name, or of types newer than the libbpf at hand, ours.
inline auto name_of(bpf_prog_type type) -> std::string {
    if (auto const *const name = libbpf_bpf_prog_type_str(type)) return name;
    return type == detail::netfilter_program ? "netfilter" : "type " + std::to_string(type);
}

namespace detail {
/// Where a program is to be attached, if that is newer than its type.
struct known_attachment {
    u32 number;
    char const *name;
    release since;
};
inline constexpr known_attachment attachments[] = {
    {BPF_TRACE_ITER, "iter", {5, 8}},
    {BPF_CGROUP_INET4_GETPEERNAME, "getpeername4", {5, 8}},
    {BPF_CGROUP_INET6_GETPEERNAME, "getpeername6", {5, 8}},
    {BPF_CGROUP_INET4_GETSOCKNAME, "getsockname4", {5, 8}},
    {BPF_CGROUP_INET6_GETSOCKNAME, "getsockname6", {5, 8}},
    {BPF_CGROUP_INET_SOCK_RELEASE, "sock_release", {5, 9}},
    {BPF_XDP_DEVMAP, "xdp/devmap", {5, 8}},
    {BPF_XDP_CPUMAP, "xdp/cpumap", {5, 9}},
    {BPF_SK_SKB_VERDICT, "sk_skb/verdict", {5, 13}},
    {BPF_SK_REUSEPORT_SELECT_OR_MIGRATE, "sk_reuseport/migrate", {5, 14}},
    {BPF_TRACE_KPROBE_MULTI, "kprobe.multi", {5, 18}},
    {BPF_LSM_CGROUP, "lsm_cgroup", {6, 0}},
    {46, "tcx/ingress", {6, 6}},
    {47, "tcx/egress", {6, 6}},
    {48, "uprobe.multi", {6, 6}},
    {54, "netkit/primary", {6, 7}},
    {55, "netkit/peer", {6, 7}},
};
inline constexpr known_since map_types[] = {
    {BPF_MAP_TYPE_HASH, {3, 19}},
    {BPF_MAP_TYPE_ARRAY, {3, 19}},
    {BPF_MAP_TYPE_PROG_ARRAY, {4, 2}},
    {BPF_MAP_TYPE_PERF_EVENT_ARRAY, {4, 3}},
    {BPF_MAP_TYPE_PERCPU_HASH, {4, 6}},
    {BPF_MAP_TYPE_PERCPU_ARRAY, {4, 6}},
    {BPF_MAP_TYPE_STACK_TRACE, {4, 6}},
    {BPF_MAP_TYPE_CGROUP_ARRAY, {4, 8}},
    {BPF_MAP_TYPE_LRU_HASH, {4, 10}},
    {BPF_MAP_TYPE_LRU_PERCPU_HASH, {4, 10}},
    {BPF_MAP_TYPE_LPM_TRIE, {4, 11}},
    {BPF_MAP_TYPE_ARRAY_OF_MAPS, {4, 12}},
    {BPF_MAP_TYPE_HASH_OF_MAPS, {4, 12}},
    {BPF_MAP_TYPE_DEVMAP, {4, 14}},
    {BPF_MAP_TYPE_SOCKMAP, {4, 14}},
    {BPF_MAP_TYPE_CPUMAP, {4, 15}},
    {BPF_MAP_TYPE_XSKMAP, {4, 18}},
    {BPF_MAP_TYPE_SOCKHASH, {4, 18}},
    {BPF_MAP_TYPE_CGROUP_STORAGE, {4, 19}},
    {BPF_MAP_TYPE_REUSEPORT_SOCKARRAY, {4, 19}},
    {BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE, {4, 20}},
    {BPF_MAP_TYPE_QUEUE, {4, 20}},
    {BPF_MAP_TYPE_STACK, {4, 20}},
    {BPF_MAP_TYPE_SK_STORAGE, {5, 2}},
    {BPF_MAP_TYPE_DEVMAP_HASH, {5, 4}},
    {BPF_MAP_TYPE_STRUCT_OPS, {5, 6}},
    {BPF_MAP_TYPE_RINGBUF, {5, 8}},
    {BPF_MAP_TYPE_INODE_STORAGE, {5, 10}},
    {BPF_MAP_TYPE_TASK_STORAGE, {5, 11}},
    {BPF_MAP_TYPE_BLOOM_FILTER, {5, 16}},
    {BPF_MAP_TYPE_USER_RINGBUF, {6, 1}},
    {cgroup_storage_map, {6, 2}},
    {arena_map, {6, 9}},
};
/// Functions of the kernel that are no helpers.
struct known_function {
    std::string_view name;
    release since;
};
inline constexpr known_function functions[] = {
    {"bpf_xdp_ct_lookup", {5, 18}},       {"bpf_skb_ct_lookup", {5, 18}},
    {"bpf_ct_release", {5, 18}},          {"bpf_cast_to_kern_ctx", {6, 2}},
    {"bpf_rdonly_cast", {6, 2}},          {"bpf_obj_new_impl", {6, 2}},
    {"bpf_obj_drop_impl", {6, 2}},        {"bpf_rcu_read_lock", {6, 2}},
    {"bpf_rcu_read_unlock", {6, 2}},      {"bpf_xdp_metadata_rx_timestamp", {6, 3}},
    {"bpf_xdp_metadata_rx_hash", {6, 3}}, {"bpf_xdp_metadata_rx_vlan_tag", {6, 8}},
    {"bpf_dynptr_from_skb", {6, 4}},      {"bpf_dynptr_from_xdp", {6, 4}},
    {"bpf_dynptr_slice", {6, 4}},         {"bpf_dynptr_slice_rdwr", {6, 4}},
    {"bpf_iter_num_new", {6, 4}},         {"bpf_iter_num_next", {6, 4}},
    {"bpf_iter_num_destroy", {6, 4}},     {"bpf_sock_destroy", {6, 5}},
};

/// Helpers that take or give objects of the kernel by their types, which only BTF of the kernel describes.
inline constexpr std::string_view typed_helpers[] = {
    "skc_to_tcp6_sock",
    "skc_to_tcp_sock",
    "skc_to_tcp_timewait_sock",
    "skc_to_tcp_request_sock",
    "skc_to_udp6_sock",
    "skc_to_unix_sock",
    "skc_to_mptcp_sock",
    "get_current_task_btf",
    "task_pt_regs",
    "sock_from_file",
    "d_path",
    "skb_output",
    "xdp_output",
    "seq_printf",
    "seq_write",
    "seq_printf_btf",
    "snprintf_btf",
    "per_cpu_ptr",
    "this_cpu_ptr",
    "inode_storage_get",
    "task_storage_get",
    "cgrp_storage_get",
    "copy_from_user_task",
    "tcp_send_ack",
};

class collector {
    std::vector<requirement> &all_;
    bool calls_ = false;
    std::vector<std::string> functions_; // of the kernel

    auto instruction(bpf_insn const &i) -> void {
        auto const kind = i.code & 0x07;
        if (i.code == (BPF_JMP | BPF_CALL) && i.src_reg == 0 && i.imm > 0) {
            auto const number = static_cast<u32>(i.imm);
            if (number <= std::size(helper_releases)) {
                auto const &h = helper_releases[number - 1];
                bool const typed = std::ranges::find(typed_helpers, h.name) != std::end(typed_helpers);
                add({"helper", std::string{"bpf_"} + h.name, {h.major, h.minor}, false, typed});
            } else
                add({"helper", "number " + std::to_string(number), {~0u, 0}});
        }
        if (i.code == (BPF_JMP | BPF_CALL) && i.src_reg == BPF_PSEUDO_CALL)
            calls_ = true, add({"instruction", "call", {4, 16}});
        if (i.code == (BPF_JMP | BPF_CALL) && i.src_reg == BPF_PSEUDO_KFUNC_CALL)
            add({"instruction", "call of a kernel function", {5, 13}, true, true});
        if (i.code == (BPF_LD | BPF_IMM | BPF_DW) && i.src_reg == BPF_PSEUDO_FUNC)
            add({"instruction", "callback", {5, 13}, true});
        if (kind == BPF_STX && (i.code & 0xe0) == BPF_ATOMIC && i.imm != BPF_ADD)
            add({"instruction", "atomic other than add", {5, 12}});
        if (kind == BPF_JMP32) add({"instruction", "32-bit jump", {5, 1}});
        // What -mcpu=v4 brings, of which the oldest header has no names.
        bool const sign_extended = kind == BPF_LDX && (i.code & 0xe0) == 0x80;
        bool const moved_signed = (kind == BPF_ALU || kind == BPF_ALU64) && (i.code & 0xf0) == BPF_MOV && i.off != 0 &&
                                  i.off != 1; // 1: a cast between address spaces
        bool const swapped = i.code == (BPF_ALU64 | BPF_END);
        bool const divided_signed = (kind == BPF_ALU || kind == BPF_ALU64) &&
                                    ((i.code & 0xf0) == BPF_DIV || (i.code & 0xf0) == BPF_MOD) && i.off == 1;
        bool const long_jump = i.code == (BPF_JMP32 | BPF_JA);
        if (sign_extended || moved_signed || swapped || divided_signed || long_jump)
            add({"instruction", "of cpu v4", {6, 6}});
        if (i.code == 0xe5) add({"instruction", "may_goto", {6, 9}});
    }

  public:
    explicit collector(std::vector<requirement> &all) : all_{all} {}

    auto add(requirement r) -> void {
        auto const same = [&](requirement const &other) { return other.kind == r.kind && other.name == r.name; };
        if (std::none_of(all_.begin(), all_.end(), same)) all_.push_back(std::move(r));
    }
    auto program(bpf_program const *p) -> void {
        auto const type = bpf_program__type(p);
        auto const attached = static_cast<u32>(bpf_program__expected_attach_type(p));
        // fentry and the like stand on trampolines, which only a JIT makes; tp_btf and iterators need none.
        bool const trampoline =
            (type == BPF_PROG_TYPE_TRACING && attached != BPF_TRACE_RAW_TP && attached != BPF_TRACE_ITER) ||
            type == BPF_PROG_TYPE_LSM || type == BPF_PROG_TYPE_STRUCT_OPS || type == BPF_PROG_TYPE_EXT;
        bool const typed = trampoline || type == BPF_PROG_TYPE_TRACING;
        add({"program", name_of(type), since(program_types, type), trampoline, typed});
        for (auto const &known : attachments)
            if (known.number == attached) add({"program", known.name, known.since});
        if (type == BPF_PROG_TYPE_XDP && (bpf_program__flags(p) & BPF_F_XDP_HAS_FRAGS) != 0)
            add({"program", "xdp.frags", {5, 18}});
        if (type == BPF_PROG_TYPE_KPROBE || type == BPF_PROG_TYPE_XDP || type == BPF_PROG_TYPE_TRACING ||
            type == BPF_PROG_TYPE_LSM)
            if ((bpf_program__flags(p) & BPF_F_SLEEPABLE) != 0) add({"program", "sleepable", {5, 10}});
        auto const *const code = bpf_program__insns(p);
        bool calls = false, goes_on = false;
        bool const binds = attached == BPF_CGROUP_INET4_BIND || attached == BPF_CGROUP_INET6_BIND;
        for (std::size_t i = 0; i < bpf_program__insn_cnt(p); i++) {
            instruction(code[i]);
            bool const is_call = code[i].code == (BPF_JMP | BPF_CALL);
            calls |= is_call && code[i].src_reg == BPF_PSEUDO_CALL;
            goes_on |= is_call && code[i].src_reg == 0 && code[i].imm == BPF_FUNC_tail_call;
            bool const moves =
                code[i].code == (BPF_ALU | BPF_MOV | BPF_K) || code[i].code == (BPF_ALU64 | BPF_MOV | BPF_K);
            if (binds && moves && code[i].dst_reg == 0 && (code[i].imm & ~1) == 2) // the answer allow_any_port
                add({"program", "bind to any port", {5, 12}});
            if (code[i].code == (BPF_LD | BPF_IMM | BPF_DW)) i++; // its second half is no instruction
        }
        if (calls && goes_on) add({"instruction", "call in a program that goes on in another one", {5, 10}, true});
    }
    auto maps(bpf_object const *o) -> void {
        bpf_map *m = nullptr;
        bpf_object__for_each_map(m, o) {
            if (!bpf_map__autocreate(m)) continue;
            auto const type = bpf_map__type(m);
            auto const *const name = libbpf_bpf_map_type_str(type);
            auto const told = bpf_map__name(m);
            if (std::string_view{told}.find('.') != std::string_view::npos)
                add({"map", "global data", {5, 2}});
            else
                add({"map", name ? name : "type " + std::to_string(type), since(map_types, type)});
        }
    }
    /// Of a global function the verifier knows the context by its type's name, which it looks up in the kernel's BTF.
    auto global_functions(bpf_object const *o) -> void {
        auto const *const types = bpf_object__btf(o);
        if (!calls_ || !types) return;
        for (u32 i = 1; i < btf__type_cnt(types); i++) {
            auto const *const one = btf__type_by_id(types, i);
            if (!btf_is_func(one) || btf_vlen(one) != BTF_FUNC_GLOBAL) continue;
            auto const *const name = btf__name_by_offset(types, one->name_off);
            if (!bpf_object__find_program_by_name(o, name) && std::ranges::find(functions_, name) == functions_.end())
                add({"instruction", "call of a global function", {5, 6}, false, true});
        }
    }
    /// From the file: libbpf makes variables of the functions in its own copy of the types.
    auto kernel_functions(btf const *types) -> void {
        auto const section = types ? btf__find_by_name_kind(types, ".ksyms", BTF_KIND_DATASEC) : -1;
        if (section < 0) return;
        auto const *const all = btf__type_by_id(types, static_cast<u32>(section));
        auto const *const members = btf_var_secinfos(all);
        for (u32 i = 0; i < btf_vlen(all); i++) {
            auto const *const one = btf__type_by_id(types, members[i].type);
            std::string_view const name = btf__name_by_offset(types, one->name_off);
            release from{5, 13};
            for (auto const &known : functions)
                if (known.name == name) from = known.since;
            functions_.emplace_back(name);
            if (name.starts_with("bpfxx_")) continue; // none of the kernel's: a test asks whether it is there
            add({btf_is_func(one) ? "kernel function" : "kernel variable", std::string{name}, from, btf_is_func(one),
                 true});
        }
    }
};
} // namespace detail

/// What these programs of an object need, which was read from this file; asked after an attempt to load it, when calls
/// and callbacks are in the code. Without a program: those that are to be loaded.
inline auto requirements_of(std::string const &path, bpf_object const *object, bpf_program const *program = nullptr)
    -> std::vector<requirement> {
    std::vector<requirement> all;
    detail::collector collect{all};
    bpf_program *p = nullptr;
    bpf_object__for_each_program(p, object) {
        if (program ? p == program : bpf_program__autoload(p)) collect.program(p);
    }
    collect.maps(object);
    auto *const types = btf__parse(path.c_str(), nullptr);
    collect.kernel_functions(types);
    btf__free(types);
    collect.global_functions(object);
    return all;
}

/// Which of these the kernel need not have, as a sentence; empty if it should have all. That relocations of fields need
/// types of the kernel shows only in what libbpf has said.
inline auto lacking(std::vector<requirement> const &all, std::string const &said,
                    kernel_facts const &kernel = this_kernel()) -> std::string {
    std::string text;
    for (auto const &r : all) {
        std::string why;
        if (r.since.major != ~0u && kernel.version < r.since)
            why = std::string{"Linux "} + r.since;
        else if (r.jit && !kernel.jit)
            why = "a JIT";
        else if (r.btf && !kernel.btf)
            why = "BTF of the kernel";
        if (!why.empty()) text += (text.empty() ? "" : ", ") + r.kind + ' ' + r.name + " needs " + why;
    }
    if (text.empty() && !kernel.btf && said.find("kernel BTF") != std::string::npos)
        text = "relocations need BTF of the kernel";
    return text;
}
} // namespace bpfxx::test
