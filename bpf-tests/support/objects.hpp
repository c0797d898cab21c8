// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Where a test's BPF programs are, as each compiler has made them.
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace bpfxx::test {
/// hash, of …/hash.cpp
inline auto stem_of(std::string_view path) -> std::string {
    path.remove_prefix(path.rfind('/') + 1);
    return std::string{path.substr(0, path.find('.'))};
}

/// The object of STEM.bpf.cpp in the test's folder, by default the test's own: one file a compiler.
inline auto object_files(std::string const &stem = stem_of(__BASE_FILE__)) -> std::vector<std::string> {
    std::vector<std::string> all;
    std::istringstream folders{BPFXX_TEST_OBJECTS};
    for (std::string folder; std::getline(folders, folder, ':');) all.push_back(folder + "/" + stem + ".bpf.o");
    return all;
}
} // namespace bpfxx::test
