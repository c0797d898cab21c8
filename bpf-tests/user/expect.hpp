// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// What the tests of user/ ask again and again.
#include <bpfxx/user/error.hpp>
#include <bpfxx/user/feature.hpp>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <support/catch.hpp>
#include <unistd.h>

namespace bpfxx::test {
/// The error that `deed` throws; a failure if it throws none.
template <class Deed> auto failure_of(Deed const &deed) -> user::error {
    try {
        deed();
    } catch (user::error const &e) {
        return e;
    }
    FAIL("no error was thrown");
    throw std::logic_error{"unreachable"};
}

inline auto has(std::string_view text, std::string_view words) -> bool { return text.find(words) != text.npos; }

/// For what cannot be asked of the kernel.
inline auto kernel_has(unsigned major, unsigned minor) -> bool {
    return user::detail::newer_than({"", "", major, minor});
}

/// For the first line of a test that loads programs: `if (cannot_load()) return;`. A failure in CI, elsewhere a warning
/// that says what is missing.
inline auto cannot_load() -> bool {
    try {
        user::require_bpf({user::feature::btf, user::feature::ring_buffer, user::feature::xdp_link});
        return false;
    } catch (std::exception const &missing) {
        auto const *const ci = std::getenv("CI");
        if (ci && std::string_view{ci} == "true") FAIL(missing.what());
        WARN("SKIPPED: " << missing.what());
        return true;
    }
}

/// A folder that is gone with its content when the test is over.
class scratch_folder {
    std::filesystem::path path_;

  public:
    scratch_folder() {
        auto name = (std::filesystem::temp_directory_path() / "bpfxx-XXXXXX").string();
        if (!mkdtemp(name.data())) throw std::runtime_error{"cannot make " + name};
        path_ = name;
    }
    scratch_folder(scratch_folder const &) = delete;
    auto operator=(scratch_folder const &) -> scratch_folder & = delete;
    ~scratch_folder() {
        auto failed = std::error_code{};
        std::filesystem::remove_all(path_, failed);
    }
    auto operator/(std::string const &name) const -> std::string { return (path_ / name).string(); }
    auto count() const -> std::ptrdiff_t {
        return std::distance(std::filesystem::directory_iterator{path_}, std::filesystem::directory_iterator{});
    }
};
} // namespace bpfxx::test
