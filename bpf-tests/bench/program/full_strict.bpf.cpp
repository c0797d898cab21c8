// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The same program beside the stricter anchor.
#include "full.bpf.cpp"
