// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// As full.bpf.cpp, but nothing is there where the IP length says that nothing is.
#define STRICT
#include "full.bpf.cpp"
