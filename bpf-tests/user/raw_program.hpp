// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Programs and maps from raw instructions, so that a test needs no compiler for BPF.
#include <bpf/bpf.h>
#include <bpfxx/core/int.hpp>
#include <bpfxx/user/descriptor.hpp>
#include <bpfxx/user/error.hpp>
#include <bpfxx/user/options.hpp>
#include <linux/bpf.h>
#include <vector>

namespace bpfxx::test {
namespace insn {
inline auto move(u8 to, i32 value) -> bpf_insn { return {BPF_ALU64 | BPF_MOV | BPF_K, to, 0, 0, value}; }
inline auto copy(u8 to, u8 from) -> bpf_insn { return {BPF_ALU64 | BPF_MOV | BPF_X, to, from, 0, 0}; }
inline auto add(u8 to, i32 value) -> bpf_insn { return {BPF_ALU64 | BPF_ADD | BPF_K, to, 0, 0, value}; }
inline auto load(u8 to, u8 from, i16 offset) -> bpf_insn { return {BPF_LDX | BPF_MEM | BPF_W, to, from, offset, 0}; }
inline auto store(u8 to, i16 offset, i32 value) -> bpf_insn {
    return {BPF_ST | BPF_MEM | BPF_DW, to, 0, offset, value};
}
inline auto skip_if_greater(u8 a, u8 b, i16 count) -> bpf_insn { return {BPF_JMP | BPF_JGT | BPF_X, a, b, count, 0}; }
inline auto call(i32 helper) -> bpf_insn { return {BPF_JMP | BPF_CALL, 0, 0, 0, helper}; }
inline auto exit() -> bpf_insn { return {BPF_JMP | BPF_EXIT, 0, 0, 0, 0}; }
} // namespace insn

inline auto load_raw(std::vector<bpf_insn> const &code, char const *name = "raw",
                     bpf_prog_type type = BPF_PROG_TYPE_XDP, bpf_attach_type hook = {}) -> user::descriptor {
    auto how = user::options<bpf_prog_load_opts>{};
    how.expected_attach_type = hook;
    return user::descriptor{
        user::check(bpf_prog_load(type, name, "Dual BSD/GPL", code.data(), code.size(), &how), "load ", name)};
}
/// An XDP program that always answers the same.
inline auto answer_always(i32 verdict, char const *name = "raw") -> user::descriptor {
    return load_raw({insn::move(BPF_REG_0, verdict), insn::exit()}, name);
}
/// An XDP program that sends a record of 8 bytes holding `number` to a ring buffer.
inline auto report_always(int ring_buffer, i32 number) -> user::descriptor {
    return load_raw({insn::store(BPF_REG_10, -8, number),
                     {BPF_LD | BPF_DW | BPF_IMM, BPF_REG_1, BPF_PSEUDO_MAP_FD, 0, ring_buffer},
                     {0, 0, 0, 0, 0},
                     insn::copy(BPF_REG_2, BPF_REG_10),
                     insn::add(BPF_REG_2, -8),
                     insn::move(BPF_REG_3, 8),
                     insn::move(BPF_REG_4, 0),
                     insn::call(BPF_FUNC_ringbuf_output),
                     insn::move(BPF_REG_0, XDP_PASS),
                     insn::exit()});
}

inline auto make_map(bpf_map_type type, u32 key, u32 value, u32 capacity, char const *name = "raw")
    -> user::descriptor {
    return user::descriptor{user::check(bpf_map_create(type, name, key, value, capacity, nullptr), "create ", name)};
}
} // namespace bpfxx::test
