// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Maps in maps of the kernel.
#include <support/both.hpp>
#include <unistd.h>

namespace bpfxx::test {
struct inner {
    bpf_map_type type;
    u32 key_size, value_size, capacity;
};
/// Puts a fresh map into an outer one, for each kernel program: the outer map keeps it.
template <class Key> auto put_inner(both &run, char const *outer, Key const &key, inner const &what) -> void {
    run.each_kernel_map(outer, [&](int fd) {
        auto const made = bpf_map_create(what.type, "inner", what.key_size, what.value_size, what.capacity, nullptr);
        REQUIRE(made >= 0);
        CHECK(bpf_map_update_elem(fd, &key, &made, BPF_ANY) == 0);
        close(made);
    });
}
} // namespace bpfxx::test
