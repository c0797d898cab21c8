// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// The kernel's side of the seam: ELF sections, and the context as the kernel lays it out.
#include <bpfxx/core/flow_keys.hpp>
#include <bpfxx/kernel/bpf/helper.hpp>
#include <bpfxx/kernel/bpf/relocation.hpp>
#include <bpfxx/kernel/bpf/stream.hpp>
#include <linux/bpf.h>

/// What only some programs need of a side: #include BPFXX_SIDE(netfilter.hpp)
#define BPFXX_SIDE(header) <bpfxx/kernel/bpf/header>
#define BPFXX_SECTION(name) [[gnu::section(name), gnu::used]]
/// An entry point: what the kernel calls. Its parameter needs no name, but the kernel's BTF wants one: so one calls the other.
#define BPFXX_PROGRAM(section, name, parameter)                                                                        \
    static int name##_entered(parameter);                                                                              \
    extern "C" BPFXX_SECTION(section) int name(decltype(bpfxx::detail::parameter_of(&name##_entered)) context) {       \
        return name##_entered(context);                                                                                \
    }                                                                                                                  \
    [[gnu::always_inline]] static inline int name##_entered(parameter)
/// A map, under its own name also inside a namespace.
#define BPFXX_MAP(name, ...)                                                                                           \
    static_assert(sizeof(#name) <= 16, "the kernel keeps 15 characters of a map's name: " #name);                      \
    static_assert(sizeof(__VA_ARGS__) > 0); /* or nobody would ask whether there can be such a map */                  \
    extern "C" {                                                                                                       \
    BPFXX_SECTION(".maps") decltype(bpfxx::declared(static_cast<__VA_ARGS__ *>(nullptr))) name;                        \
    }
/// Settings that user space gives before loading: constants to the verifier, which drops the branches they rule out. The
/// compiler must not know that they are zeros yet. Were they volatile, as in C, nothing of a class type could be read: the
/// program sees them under another symbol, of which the compiler knows no value.
#define BPFXX_CONFIG(type, name)                                                                                       \
    extern "C" {                                                                                                       \
    extern const volatile type name##_given __asm__(#name);                                                            \
    BPFXX_SECTION(".rodata") const volatile type name##_given{};                                                       \
    extern const type name __asm__(".L" #name "_seen");                                                                \
    }                                                                                                                  \
    __asm__(".set .L" #name "_seen, " #name)
/// A variable of all CPUs and runs that user space sees: in .bss, or in .data if it starts with something.
#define BPFXX_GLOBAL(type, name, ...)                                                                                  \
    extern "C" {                                                                                                       \
    extern type name;                                                                                                  \
    [[gnu::used]] type name{__VA_ARGS__};                                                                              \
    }
/// Constant text inside a function, in the object's constant data.
#define BPFXX_TEXT(name, text) [[gnu::section(".rodata")]] static constexpr char name[] = text
/// A function of the kernel's that is no helper: BPFXX_KFUNC(void bpf_rcu_read_lock()). It is not called from BPFXX_INLINE
/// functions, which the loader does not see into.
#define BPFXX_KFUNC(...) extern "C" __VA_ARGS__ __attribute__((section(".ksyms")))
/// The same where an older kernel may not have it: `if (name) name(…)`.
#define BPFXX_WEAK_KFUNC(...) extern "C" __VA_ARGS__ __attribute__((section(".ksyms"), weak))
#define BPFXX_LICENSE(text)                                                                                            \
    extern "C" {                                                                                                       \
    BPFXX_SECTION("license") char bpfxx_license[] = text;                                                              \
    }

namespace bpfxx::detail {
template <class Parameter> auto parameter_of(int (*)(Parameter)) -> Parameter; // declared only
/// A pointer that the context has in 32 bits. By clang's own load it would be a number of 32 bits, and what is copied is
/// only these at times: the verifier takes that for a number too.
/// Seen from the context, and not from a place in it that some register may hold, for that is refused as well; `place` only
/// tells the compiler what is read.
template <u32 Offset, class Context> BPFXX_INLINE auto pointer_in(Context const &context, u32 const &place) -> u8 * {
    u8 *pointer;
    asm("%0 = *(u32 *)(%1 + %2)" : "=r"(pointer) : "r"(&context), "i"(Offset), "m"(place));
    return pointer;
}
} // namespace bpfxx::detail
namespace bpfxx::xdp {
using context = ::xdp_md;
BPFXX_INLINE auto begin(context const &c) -> u8 * {
    return detail::pointer_in<__builtin_offsetof(context, data)>(c, c.data);
}
BPFXX_INLINE auto end(context const &c) -> u8 * {
    return detail::pointer_in<__builtin_offsetof(context, data_end)>(c, c.data_end);
}
/// Bytes before the packet, for who sees it next.
BPFXX_INLINE auto meta(context const &c) -> u8 * {
    return detail::pointer_in<__builtin_offsetof(context, data_meta)>(c, c.data_meta);
}
} // namespace bpfxx::xdp
namespace bpfxx::skb {
BPFXX_INLINE auto begin(context const &c) -> u8 * {
    return detail::pointer_in<__builtin_offsetof(context, data)>(c, c.data);
}
BPFXX_INLINE auto end(context const &c) -> u8 * {
    return detail::pointer_in<__builtin_offsetof(context, data_end)>(c, c.data_end);
}
BPFXX_INLINE auto meta(context const &c) -> u8 * {
    return detail::pointer_in<__builtin_offsetof(context, data_meta)>(c, c.data_meta);
}
} // namespace bpfxx::skb
namespace bpfxx::flow_dissector {
using context = ::__sk_buff; // of which it sees the bytes and the keys
using skb::begin, skb::end;
BPFXX_INLINE auto keys_of(context &c) -> keys & { return *reinterpret_cast<keys *>(c.flow_keys); }
} // namespace bpfxx::flow_dissector
namespace bpfxx::sk_msg {
using context = ::sk_msg_md;
BPFXX_INLINE auto begin(context const &c) -> u8 * { return static_cast<u8 *>(c.data); }
BPFXX_INLINE auto end(context const &c) -> u8 * { return static_cast<u8 *>(c.data_end); }
} // namespace bpfxx::sk_msg
