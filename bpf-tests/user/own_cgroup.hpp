// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// A cgroup of the test's own.
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <user/child.hpp>

namespace bpfxx::test {
class own_cgroup {
    std::string path_;

    static auto mount() -> std::string {
        auto file = std::ifstream{"/proc/self/mounts"};
        for (std::string line; std::getline(file, line);) {
            auto words = std::istringstream{line};
            std::string what, where, type;
            words >> what >> where >> type;
            if (type == "cgroup2") return where;
        }
        return {};
    }

  public:
    own_cgroup() {
        static auto count = 0;
        auto const root = mount();
        if (root.empty()) throw std::runtime_error{"no cgroup2 file system is mounted"};
        path_ = root + "/bpfxx-test-" + std::to_string(getpid()) + "-" + std::to_string(count++);
        std::filesystem::create_directory(path_);
    }
    own_cgroup(own_cgroup const &) = delete;
    auto operator=(own_cgroup const &) -> own_cgroup & = delete;
    ~own_cgroup() {
        for (auto tries = 0; tries < 100 && rmdir(path_.c_str()) != 0 && errno == EBUSY; tries++) usleep(10'000);
    }
    auto path() const -> std::string const & { return path_; }
    /// What `body(say)` says in a process of this cgroup.
    template <class Body> auto said_inside(Body const &body) const -> std::string {
        return child{[&](auto const &say) {
                   std::ofstream{path_ + "/cgroup.procs"} << getpid() << std::flush;
                   body(say);
               }}
            .read();
    }
};
} // namespace bpfxx::test
