// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// The host's side of the seam: what ELF sections are to the kernel, a registry is here.
#include <bpfxx/kernel/host/helper.hpp>
#include <bpfxx/kernel/host/relocation.hpp>

#ifndef BPFXX_OBJECT
#define BPFXX_OBJECT "" // the build gives the stem of the source file
#endif

/// What only some programs need of a side: #include BPFXX_SIDE(netfilter.hpp)
#define BPFXX_SIDE(header) <bpfxx/kernel/host/header>
#define BPFXX_SECTION(name)
#define BPFXX_PROGRAM(section, name, parameter)                                                                        \
    extern "C" int name(parameter);                                                                                    \
    static bpfxx::host::registered const name##_registered{BPFXX_OBJECT, #name, section, &name};                       \
    extern "C" int name(parameter)
#define BPFXX_MAP(name, ...)                                                                                           \
    static_assert(sizeof(#name) <= 16, "the kernel keeps 15 characters of a map's name: " #name);                      \
    static_assert(sizeof(__VA_ARGS__) > 0); /* or nobody would ask whether there can be such a map */                  \
    static decltype(bpfxx::declared(static_cast<__VA_ARGS__ *>(nullptr))) name;                                        \
    static bpfxx::host::registered const name##_registered { BPFXX_OBJECT, #name, &name }
#define BPFXX_CONFIG(type, name)                                                                                       \
    static type name##_given{};                                                                                        \
    [[maybe_unused]] static type const &name = name##_given;                                                           \
    static bpfxx::host::registered const name##_registered { BPFXX_OBJECT, #name, &name##_given, sizeof(type) }
#define BPFXX_GLOBAL(type, name, ...)                                                                                  \
    static type name{__VA_ARGS__};                                                                                     \
    static bpfxx::host::registered const name##_registered { BPFXX_OBJECT, #name, &name, sizeof(type) }
#define BPFXX_TEXT(name, text) static constexpr char name[] = text
// A test that calls the program defines them.
#define BPFXX_KFUNC(...) extern "C" __VA_ARGS__
#define BPFXX_WEAK_KFUNC(...) extern "C" __VA_ARGS__ __attribute__((weak))
#define BPFXX_LICENSE(text)                                                                                            \
    extern "C" {                                                                                                       \
    static_assert(sizeof(text) > 1, "the kernel asks for a licence");                                                  \
    }
