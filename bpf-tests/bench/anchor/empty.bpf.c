// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/* Does nothing: what it takes is what all programs take. */
#include "common.h"

static __always_inline int body(struct xdp_md *ctx) { return XDP_PASS; }
ENTRY(xdp_empty)
char LICENSE[] SEC("license") = "GPL";
