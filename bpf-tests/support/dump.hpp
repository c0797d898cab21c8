// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// What bpftool makes of a map: it prints names where the kernel has the BTF of key and value, and bytes where it has not.
#include <bpf/bpf.h>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

namespace bpfxx::test {
/// The entries of a map, as `bpftool --json map dump` prints them.
inline auto dump(int map) -> nlohmann::json {
    bpf_map_info info{};
    auto size = static_cast<__u32>(sizeof info);
    if (bpf_obj_get_info_by_fd(map, &info, &size) != 0) throw std::runtime_error("dump: the kernel knows no such map");
    auto const command = "PATH=$PATH:/usr/sbin:/sbin bpftool --json map dump id " + std::to_string(info.id) + " 2>&1";
    auto *const pipe = popen(command.c_str(), "r");
    std::string out;
    char part[4096];
    while (auto const n = std::fread(part, 1, sizeof part, pipe)) out.append(part, n);
    if (pclose(pipe) != 0) throw std::runtime_error(command + ": " + out);
    return nlohmann::json::parse(out);
}
} // namespace bpfxx::test
