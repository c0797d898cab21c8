// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Asks the program of target_serve.hpp. BPF_PROG_TEST_RUN gives the verdict and sends nothing.
#include <support/both.hpp>

namespace bpfxx::test {
enum what : u8 { send, to_all, to_all_and_back };
inline auto ask(u8 what, u32 to = 0, u8 otherwise = xdp::pass) -> std::vector<u8> {
    request r{what, otherwise, be32{to}, {}};
    auto const *const at = reinterpret_cast<u8 const *>(&r);
    return {at, at + sizeof r};
}
inline auto put(both &run, u32 key, u32 value) -> void {
    run.each_kernel_map("targets", [&](int fd) { CHECK(bpf_map_update_elem(fd, &key, &value, BPF_ANY) == 0); });
    CHECK(run.native_map("targets").update(&key, &value, BPF_ANY) == 0);
}
/// With nothing to send to under these numbers.
inline auto check_otherwise(both &run) -> void {
    for (u32 const to : {0u, 3u, 4u, ~0u}) {
        for (u8 action = 0; action < 4; action++) CHECK(run.step(ask(send, to, action)).verdict == action);
        CHECK(run.step(ask(send, to)).verdict == xdp::pass);
    }
}
} // namespace bpfxx::test
