// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/* As remap.bpf.c, but a tag is none where the IP length says that the packet has ended. */
#define STRICT
#include "remap.bpf.c"
