// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/* As nested.bpf.c, with all lengths honoured. */
#define STRICT
#include "nested.bpf.c"
