// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// The program of http.bpf.cpp: its payload ends where the IP length says, as in http_strict's anchor.
#include "http.bpf.cpp"
