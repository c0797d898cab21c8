// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// What a user sees when something fails: what was attempted, on what, why, the last verifier lines, and what to do.
#include <bpf/libbpf.h>
#include <cerrno>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <type_traits>
#include <unistd.h>

namespace bpfxx::user {
namespace detail {
template <class Part> auto append(std::string &to, Part const &part) -> void {
    if constexpr (std::is_arithmetic_v<Part>)
        to += std::to_string(part);
    else
        to += part;
}
/// Strings and numbers, one after the other.
template <class... Parts> auto text(Parts const &...parts) -> std::string {
    auto result = std::string{};
    (append(result, parts), ...);
    return result;
}

/// The words for an errno or for one of libbpf's own codes.
inline auto reason_of(int code) -> std::string {
    char words[128];
    libbpf_strerror(code, words, sizeof words);
    return words;
}

inline auto permission_hint() -> std::string {
    return geteuid() == 0
               ? "root lacks it here: a container without CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN, a seccomp filter, or "
                 "a locked-down kernel"
               : "run it as root, or give it CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN "
                 "(setcap cap_bpf,cap_perfmon,cap_net_admin+ep FILE)";
}

/// The limit of open files, if that is so low that loading an object may reach it; else 0.
inline auto few_open_files() -> unsigned {
    constexpr rlim_t enough = 64;
    auto limit = rlimit{};
    return getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < enough ? static_cast<unsigned>(limit.rlim_cur) : 0;
}

/// What can be done about a failure, as far as code and log tell; else nothing.
inline auto hint_for(int code, std::string_view log) -> std::string {
    struct words {
        std::string_view said, todo;
    };
    static constexpr words known[] = {
        {"DATASEC '.maps' not found", "the object has no BTF: compile it with -g"},
        {"BTF is required, but is missing", "the object has no BTF: compile it with -g"},
        {"failed to find valid kernel BTF",
         "the kernel has no /sys/kernel/btf/vmlinux: it needs CONFIG_DEBUG_INFO_BTF=y"},
        {"is referenced but wasn't created",
         "libbpf found no global data in this kernel, which Linux 5.2 has, or could not find out: try again"},
        {"cannot use helper bpf_probe_read", "libbpf found no bpf_probe_read_kernel() in this kernel, which Linux 5.5 "
                                             "has, or could not find out: try again"},
        {"BPF program is too large",
         "the verifier gave up at its limit of instructions: bound the loops lower, or move "
         "their body into a function that is verified once"},
        {"-- BEGIN BTF LOAD LOG", "compile the object with the flags of bpfxx_add_program(), or name its types simply"},
        {"is not a proper ELF object", "this takes the .bpf.o that clang -target bpf writes"},
        {"is not a valid eBPF object file", "this takes the .bpf.o that clang -target bpf writes"},
        {"as ELF file: invalid file descriptor", "this takes the .bpf.o that clang -target bpf writes, not a folder"},
        {"legacy map definitions", "declare its maps as libbpf 1.0 has them, in section .maps, and compile it with -g"},
    };
    for (auto const &[said, todo] : known)
        if (log.find(said) != log.npos) {
            // libbpf takes a probe that fails for a feature that is missing.
            if (auto const files = few_open_files(); files != 0 && todo.ends_with("try again"))
                return text("libbpf could not find out what this kernel has: ", files,
                            " open files are too few, raise the limit with ulimit -n");
            return std::string{todo};
        }
    switch (code) {
    case EPERM: return permission_hint();
    case ENOSYS: return "this kernel has no bpf(), or an emulator or a container hides it";
    case ENOMEM:
        return "a limit of the container, perhaps; kernels before 5.11 count it against RLIMIT_MEMLOCK: ulimit -l "
               "unlimited raises that";
    case EBUSY: return "something else holds it: bpftool link show and bpftool net show say what is attached";
    case ENOSPC:
        return "a limit of the kernel or of a container is reached: bpftool map show and bpftool prog show say what is "
               "there";
    case EINTR:
    case EAGAIN: return "something came in between: try again";
    case ENODEV: return "the interface has vanished, or the kernel has no such device";
    case EADDRINUSE: return "another process listens there: ss -ltnp says which";
    case EMFILE: return "too many open files: raise the limit with ulimit -n";
    case EOPNOTSUPP: return "this kernel, or this driver, cannot do it";
    default: return {};
    }
}

/// The same for a file that cannot be written: its codes have other causes than those of the calls for BPF.
inline auto hint_for_file(int code) -> std::string {
    switch (code) {
    case ENOSPC:
    case EDQUOT: return "the disk is full: df says which";
    case ENOENT:
    case ENOTDIR: return "its folder has to be there: mkdir -p makes one";
    case EISDIR: return "a folder has this name: name a file in it";
    case EACCES:
    case EPERM:
    case EROFS: return "this user may not write there: choose another folder";
    default: return hint_for(code, {});
    }
}

inline auto message(std::string_view attempted, int code, std::string_view log, std::string hint) -> std::string {
    auto said = std::string{attempted};
    if (code != 0) said += ": " + reason_of(code);
    for (auto rest = log; !rest.empty();) {
        auto const end = rest.find('\n');
        said += text("\n  ", rest.substr(0, end));
        rest = end == rest.npos ? std::string_view{} : rest.substr(end + 1);
    }
    if (hint.empty()) hint = attempted.starts_with("cannot write") ? hint_for_file(code) : hint_for(code, log);
    if (!hint.empty()) said += "\nhint: " + hint;
    return said;
}
} // namespace detail

class error : public std::runtime_error {
    int code_;
    std::shared_ptr<std::string const> log_; // shared, because copying an exception must not throw

    error(error const &first, std::string_view more)
        : std::runtime_error{detail::text(first.what(), "\n", more)}, code_{first.code_}, log_{first.log_} {}

  public:
    /// `attempted` names the deed and the file, map or interface; `code` is an errno, or 0 where no call failed.
    /// Without a hint there is the usual one for the code and the log.
    explicit error(std::string_view attempted, int code = 0, std::string log = {}, std::string hint = {})
        : std::runtime_error{detail::message(attempted, code, log, std::move(hint))},
          code_{code},
          log_{std::make_shared<std::string const>(std::move(log))} {}

    auto code() const noexcept -> int { return code_; }
    /// The last lines of the verifier's log, or what else libbpf said; what() has them too.
    auto log() const noexcept -> std::string const & { return *log_; }
    /// The same error, and what has come of it: a line more.
    auto with(std::string_view more) const -> error { return {*this, more}; }
};

namespace detail {
/// What takes something away must not give up because of a moment's lack of memory: tried a few times. -ENOENT and
/// -ENODEV: it is gone already.
template <class Deed> auto insist(Deed const &deed) -> int {
    auto result = 0;
    for (auto tries = 0; tries < 5; tries++)
        if (result = deed(); result >= 0 || result == -ENOENT || result == -ENODEV) break;
    return result;
}
} // namespace detail

/// Passes a result on, or throws if it is a negative errno; `attempted` are strings and numbers.
template <class... Parts> auto check(int result, Parts const &...attempted) -> int {
    if (result < 0) throw error{detail::text(attempted...), -result};
    return result;
}
} // namespace bpfxx::user
