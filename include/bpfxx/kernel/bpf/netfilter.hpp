// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/kernel/bpf/platform.hpp>

BPFXX_KFUNC(int bpf_dynptr_from_skb(::__sk_buff *skb, unsigned long long flags, ::bpf_dynptr *out));

namespace bpfxx::netfilter {
// Of the kernel's structs, what is read of them.
struct net_device {
    int ifindex;
};
struct nf_hook_state {
    u8 hook, pf;
    net_device *in, *out;
};
struct sk_buff {
    u32 len;
};
struct bpf_nf_ctx {
    nf_hook_state const *state;
    sk_buff *skb;
};
using context = bpf_nf_ctx;

[[gnu::always_inline]] inline auto length_of(bpf_nf_ctx *c) -> u32 {
    return *__builtin_preserve_access_index(&c->skb->len);
}
[[gnu::always_inline]] inline auto hook_of(bpf_nf_ctx *c) -> u32 {
    return *__builtin_preserve_access_index(&c->state->hook);
}
[[gnu::always_inline]] inline auto family_of(bpf_nf_ctx *c) -> u32 {
    return *__builtin_preserve_access_index(&c->state->pf);
}
[[gnu::always_inline]] inline auto interface_from(bpf_nf_ctx *c) -> u32 {
    auto *const device = *__builtin_preserve_access_index(&c->state->in);
    return device ? static_cast<u32>(*__builtin_preserve_access_index(&device->ifindex)) : 0;
}
[[gnu::always_inline]] inline auto interface_to(bpf_nf_ctx *c) -> u32 {
    auto *const device = *__builtin_preserve_access_index(&c->state->out);
    return device ? static_cast<u32>(*__builtin_preserve_access_index(&device->ifindex)) : 0;
}
[[gnu::always_inline]] inline auto read_bytes(bpf_nf_ctx *c, u32 offset, void *to, u32 n) -> i64 {
    ::bpf_dynptr all;
    if (auto const why = bpf_dynptr_from_skb(reinterpret_cast<::__sk_buff *>(c->skb), 0, &all); why != 0) return why;
    return helper::dynptr_read(to, n, &all, offset, 0);
}
} // namespace bpfxx::netfilter
