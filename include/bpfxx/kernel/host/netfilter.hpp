// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/kernel/host/platform.hpp>

namespace bpfxx::netfilter {
struct context {
    u8 *data, *data_end;
    u32 hook = 1, family = 2, from = 1, to = 0; // what arrives for this machine
};
inline auto length_of(context *c) -> u32 { return static_cast<u32>(c->data_end - c->data); }
inline auto hook_of(context *c) -> u32 { return c->hook; }
inline auto family_of(context *c) -> u32 { return c->family; }
inline auto interface_from(context *c) -> u32 { return c->from; }
inline auto interface_to(context *c) -> u32 { return c->to; }
inline auto read_bytes(context *c, u32 offset, void *to, u32 n) -> i64 {
    if (u64{offset} + n > length_of(c)) return -E2BIG;
    std::memcpy(to, c->data + offset, n);
    return 0;
}
} // namespace bpfxx::netfilter
