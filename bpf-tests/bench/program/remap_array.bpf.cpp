// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// As remap.bpf.cpp, with an array of ports.
#define ARRAY
#include "remap.bpf.cpp"
