// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// As http.bpf.cpp, but the payload ends where the IP length says: Ethernet padding is no payload.
#define STRICT
#include "http.bpf.cpp"
