// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// A BPF program: as it lies in an object that is still to be loaded, or as the kernel holds it.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <bpfxx/core/int.hpp>
#include <bpfxx/user/error.hpp>
#include <cstring>
#include <linux/bpf.h>
#include <string>

namespace bpfxx::user {
/// What the kernel says about a loaded program. Sizes need CAP_BPF and are 0 without it.
struct program_info {
    u32 id;
    bpf_prog_type type;
    std::string name; // the kernel keeps 15 characters
    u32 verified;     // instructions that the verifier walked through; 0 before Linux 5.16
    u32 xlated;       // instructions after the verifier's rewriting
    u32 jited;        // bytes of machine code; 0 without a JIT
};

/// A reference: whoever owns the object, skeleton or descriptor that it came from keeps the program alive.
class program {
    bpf_program *handle_ = nullptr;
    int fd_ = -1;

  public:
    explicit program(bpf_program *handle) : handle_{handle} {}
    /// A loaded program, by a descriptor that stays with its owner.
    explicit program(int fd) : fd_{fd} {}

    /// The name in the object, in full; of a program known by its descriptor, the kernel's.
    auto name() const -> std::string { return handle_ ? bpf_program__name(handle_) : info().name; }
    auto type() const -> bpf_prog_type { return handle_ ? bpf_program__type(handle_) : info().type; }
    auto is_loaded() const noexcept -> bool { return handle_ ? bpf_program__fd(handle_) >= 0 : fd_ >= 0; }
    auto fd() const -> int {
        if (!is_loaded())
            throw error{detail::text("program '", handle_ ? bpf_program__name(handle_) : "", "' is not loaded"),
                        0,
                        {},
                        "call load() first, and set_autoload(true) before it if its section starts with '?'"};
        return handle_ ? bpf_program__fd(handle_) : fd_;
    }

    /// For what is not wrapped here; null for a program by descriptor.
    auto handle() const noexcept -> bpf_program * { return handle_; }

    /// Adds BPF_F_* flags such as BPF_F_XDP_HAS_FRAGS; only before the object is loaded.
    auto set_flags(u32 flags) const -> void {
        before_load("set the flags of");
        check(bpf_program__set_flags(handle_, bpf_program__flags(handle_) | flags), "cannot set the flags of program '",
              name(), "'");
    }
    /// Whether load() loads it; a section name that starts with '?' says no.
    auto set_autoload(bool wanted) const -> void {
        before_load("choose whether to load");
        check(bpf_program__set_autoload(handle_, wanted), "cannot choose whether to load program '", name(), "'");
    }

    auto info() const -> program_info {
        auto raw = bpf_prog_info{};
        auto size = u32{sizeof raw};
        check(bpf_obj_get_info_by_fd(fd(), &raw, &size), "cannot ask the kernel about a program");
        auto const kept = strnlen(raw.name, sizeof raw.name);
        return {raw.id,
                static_cast<bpf_prog_type>(raw.type),
                std::string(raw.name, kept),
                raw.verified_insns,
                raw.xlated_prog_len / static_cast<u32>(sizeof(bpf_insn)),
                raw.jited_prog_len};
    }

  private:
    auto before_load(char const *deed) const -> void {
        if (is_loaded())
            throw error{detail::text("cannot ", deed, " program '", name(), "': it is loaded already"),
                        0,
                        {},
                        "do it between open() and load()"};
    }
};
} // namespace bpfxx::user
