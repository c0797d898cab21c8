// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Programs at places in the kernel: each compiler's, told which process is the test's (own_process.hpp).
#include <support/each_object.hpp>
#include <support/observe.hpp>
#include <unistd.h>

namespace bpfxx::test {
/// Calls use(object) with this program of each object loaded, and no other.
template <class Use> auto each_traced(std::string const &program, Use const &use) -> void {
    each_object([&](user::object &object) {
        INFO(program);
        for (auto const &p : object.programs()) p.set_autoload(p.name() == program);
        configure(object, "own_process", static_cast<u32>(getpid()));
        object.load();
        use(object);
    });
}
inline auto left_by(user::object const &object) -> observation { return value_at<observation>(object, "seen"); }
} // namespace bpfxx::test
