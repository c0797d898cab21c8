// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// What this kernel can do and this process may do, asked of the kernel itself rather than of its version.
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <bpfxx/core/int.hpp>
#include <bpfxx/user/descriptor.hpp>
#include <bpfxx/user/error.hpp>
#include <bpfxx/user/libbpf_log.hpp>
#include <bpfxx/user/options.hpp>
#include <bpfxx/user/program.hpp>
#include <cerrno>
#include <cstdio>
#include <initializer_list>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/if_link.h>
#include <memory>
#include <string>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

namespace bpfxx::user {
/// btf: types of maps and programs; kernel_btf: the kernel's own, which CO-RE and fentry read.
enum class feature { btf, kernel_btf, ring_buffer, xdp_link, xdp_frags };

inline auto kernel_release() -> std::string {
    auto name = utsname{};
    uname(&name);
    return name.release;
}

/// Whether this process holds a CAP_* of <linux/capability.h>. A container may hold it and the kernel still refuse.
inline auto has_capability(unsigned capability) -> bool {
    auto header = __user_cap_header_struct{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = {};
    if (syscall(SYS_capget, &header, sets) != 0) throw error{"cannot read the capabilities of this process", errno};
    return capability / 32 < _LINUX_CAPABILITY_U32S_3 && (sets[capability / 32].effective >> capability % 32 & 1) != 0;
}

namespace detail {
struct feature_facts {
    char const *name, *since;
    unsigned major, minor;
};
inline auto facts_of(feature f) -> feature_facts {
    switch (f) {
    case feature::btf: return {"BTF for programs and maps", "Linux 4.18", 4, 18};
    case feature::kernel_btf:
        return {"BTF of its own in /sys/kernel/btf/vmlinux", "Linux 5.4 with CONFIG_DEBUG_INFO_BTF=y", 5, 4};
    case feature::ring_buffer: return {"BPF ring buffers", "Linux 5.8", 5, 8};
    case feature::xdp_link: return {"XDP links", "Linux 5.9", 5, 9};
    case feature::xdp_frags: return {"XDP on fragmented packets", "Linux 5.18", 5, 18};
    }
    return {"an unknown feature", "no version", ~0u, 0};
}

/// The smallest XDP program, which passes; an empty descriptor and errno if the kernel refuses it.
inline auto load_probe(u32 flags = 0) -> descriptor {
    bpf_insn const pass[] = {{BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, XDP_PASS},
                             {BPF_JMP | BPF_EXIT, 0, 0, 0, 0}};
    auto o = options<bpf_prog_load_opts>{};
    o.prog_flags = flags;
    auto const log = libbpf_log{};
    auto const fd =
        bpf_prog_load(BPF_PROG_TYPE_XDP, "bpfxx_probe", "Dual BSD/GPL", pass, sizeof pass / sizeof *pass, &o);
    errno = fd < 0 ? -fd : 0;
    return descriptor{fd};
}
inline auto newer_than(feature_facts const &f) -> bool {
    unsigned major = 0, minor = 0;
    return std::sscanf(kernel_release().c_str(), "%u.%u", &major, &minor) == 2 && // NOLINT(cert-err34-c)
           (major > f.major || (major == f.major && minor >= f.minor));
}
/// What an attempt tells: the kernel does not know what was asked for, or it cannot at the moment, and its version tells.
inline auto tells(feature f, int result) -> bool {
    return result >= 0 || (result != -EINVAL && newer_than(facts_of(f)));
}
inline auto probe(feature f, descriptor const &loaded) -> bool {
    auto const log = libbpf_log{};
    switch (f) {
    case feature::kernel_btf: return access("/sys/kernel/btf/vmlinux", R_OK) == 0;
    case feature::ring_buffer: {
        auto const page = static_cast<u32>(sysconf(_SC_PAGESIZE));
        auto const made = descriptor{bpf_map_create(BPF_MAP_TYPE_RINGBUF, "bpfxx_probe", 0, 0, page, nullptr)};
        return tells(f, made ? 0 : -errno);
    }
    case feature::xdp_frags: {
        auto const made = load_probe(BPF_F_XDP_HAS_FRAGS);
        return tells(f, made ? 0 : -errno);
    }
    case feature::btf: {
        struct free {
            auto operator()(btf *b) const -> void { btf__free(b); }
        };
        auto const types = std::unique_ptr<btf, free>{btf__new_empty()};
        return types && btf__add_int(types.get(), "int", 4, BTF_INT_SIGNED) > 0 &&
               tells(f, btf__load_into_kernel(types.get()));
    }
    case feature::xdp_link: {
        // The loopback interface cannot offload. A kernel with XDP links gets as far as saying so; an older one does
        // not know what to do with the program.
        auto o = options<bpf_link_create_opts>{};
        o.flags = XDP_FLAGS_HW_MODE;
        auto const made = descriptor{bpf_link_create(loaded.get(), 1, BPF_XDP, &o)};
        return made || errno != EINVAL;
    }
    }
    return false;
}
/// By the kernel's version if this process may not load the program that would tell. `loaded`: what load_probe() gave.
inline auto likely(feature f, descriptor const &loaded) -> bool {
    return loaded || f == feature::kernel_btf ? probe(f, loaded) : newer_than(facts_of(f));
}
} // namespace detail

/// Throws if this process may not load programs, and so cannot find out.
inline auto has(feature f) -> bool {
    auto const loaded = f == feature::kernel_btf ? descriptor{} : detail::load_probe();
    if (!loaded && f != feature::kernel_btf)
        throw error{"cannot load a BPF program to see what the kernel can do", errno};
    return detail::probe(f, loaded);
}

/// Whether programs become machine code. Not needed, but without it they are many times slower.
inline auto has_jit() -> bool {
    auto const loaded = detail::load_probe();
    if (!loaded) throw error{"cannot load a BPF program to see whether the kernel has a JIT", errno};
    return program{loaded.get()}.info().jited != 0;
}

/// Throws an error that lists all that is missing here for XDP programs that use these features, if anything is.
/// Without the right to load programs, features are judged by the kernel's version.
inline auto require_bpf(std::initializer_list<feature> features = {}) -> void {
    auto missing = std::string{};
    auto const lacks = [&](std::string const &what) {
        missing += detail::text(missing.empty() ? "" : "\n", "- ", what);
    };
    auto const loaded = detail::load_probe();
    auto const code = loaded ? 0 : errno;
    auto const all = has_capability(CAP_SYS_ADMIN);
    // Without it the smallest program loads, but none that adds a header's variable length to a packet's address.
    auto const may_add = all || has_capability(CAP_PERFMON);
    if (!may_add && (loaded || code == EPERM)) lacks("the capability CAP_PERFMON (before Linux 5.8: CAP_SYS_ADMIN)");
    if (code == EPERM) {
        if (!all && !has_capability(CAP_BPF)) lacks("the capability CAP_BPF (before Linux 5.8: CAP_SYS_ADMIN)");
        if (!all && !has_capability(CAP_NET_ADMIN)) lacks("the capability CAP_NET_ADMIN");
        if (missing.empty())
            lacks("the kernel's permission: this process holds the capabilities, but in a user namespace, behind a "
                  "seccomp "
                  "filter, or on a locked-down kernel");
    } else if (code == ENOSYS) {
        lacks("bpf(): this kernel was built without CONFIG_BPF_SYSCALL, or a container or an emulator hides it");
    } else if (code != 0) {
        lacks("XDP: the kernel refuses the smallest program: " + detail::reason_of(code));
    }
    for (auto const f : features) {
        if (detail::likely(f, loaded)) continue;
        auto const facts = detail::facts_of(f);
        lacks(detail::text(facts.name, ": this kernel, ", kernel_release(), ", has none; ", facts.since, " has"));
    }
    if (!missing.empty())
        throw error{"BPF programs cannot run here; missing:", 0, missing,
                    code == EPERM || !may_add ? detail::permission_hint() : detail::hint_for(code, {})};
}
} // namespace bpfxx::user
