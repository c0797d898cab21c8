// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Programs at the start and the end of a kernel function (Linux 5.5, with BTF). Their arguments are the function's:
/// pointers may be followed with BPFXX_FIELD().
#include <bpfxx/kernel/trace.hpp>

/// BPFXX_FENTRY(name, tcp_connect, sock *sk) { … }: when the function is called. The program has the function's parameters,
/// or as many of the first ones as it needs.
#define BPFXX_FENTRY(name, function, ...)                                                                              \
    BPFXX_TRACE_ENTRY("fentry/" #function, name, bpfxx::trace::detail::in_order __VA_OPT__(, ) __VA_ARGS__)
/// BPFXX_FEXIT(name, tcp_connect, sock *sk, int result) { … }: when it returns. All parameters of the function, then its
/// result.
#define BPFXX_FEXIT(name, function, ...)                                                                               \
    BPFXX_TRACE_ENTRY("fexit/" #function, name, bpfxx::trace::detail::in_order __VA_OPT__(, ) __VA_ARGS__)
