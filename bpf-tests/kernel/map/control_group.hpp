// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// A control group (version 2) of a test's own.
#include <bpfxx/user/descriptor.hpp>
#include <fcntl.h>
#include <fstream>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace bpfxx::test {
/// Where the kernel has its groups of version 2; empty if it has none.
inline auto control_groups() -> std::string {
    std::ifstream mounts{"/proc/self/mounts"};
    for (std::string what, where, kind, rest; mounts >> what >> where >> kind && std::getline(mounts, rest);)
        if (kind == "cgroup2") return where;
    return {};
}
class control_group {
    std::string path_;
    user::descriptor fd_;

  public:
    explicit control_group(std::string const &name)
        : path_{control_groups() + "/bpfxx-" + name + "-" + std::to_string(getpid())} {
        user::check(mkdir(path_.c_str(), 0755) == 0 ? 0 : -errno, "cannot make ", path_);
        fd_.reset(open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    }
    control_group(control_group const &) = delete;
    auto operator=(control_group const &) -> control_group & = delete;
    ~control_group() {
        leave();
        fd_.reset();
        rmdir(path_.c_str());
    }
    auto fd() const -> int { return fd_.get(); }
    /// This process goes there, and back to the root.
    auto enter() const -> void { write(path_); }
    auto leave() const -> void { write(control_groups()); }

  private:
    static auto write(std::string const &path) -> void { std::ofstream{path + "/cgroup.procs"} << getpid(); }
};
} // namespace bpfxx::test
