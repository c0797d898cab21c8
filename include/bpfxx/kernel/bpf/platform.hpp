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
/// An entry point: what the kernel calls. Its parameter has a name, or the kernel refuses the BTF of the object.
#define BPFXX_PROGRAM(section, name, parameter) extern "C" BPFXX_SECTION(section) int name(parameter)
/// A map, under its own name also inside a namespace.
#define BPFXX_MAP(name, ...)                                                                                           \
    static_assert(sizeof(#name) <= 16, "the kernel keeps 15 characters of a map's name: " #name);                      \
    static_assert(sizeof(__VA_ARGS__) > 0); /* or nobody would ask whether there can be such a map */                  \
    extern "C" {                                                                                                       \
    BPFXX_SECTION(".maps") decltype(bpfxx::declared(static_cast<__VA_ARGS__ *>(nullptr))) name;                        \
    }
/// Settings that user space gives before loading: constants to the verifier, which drops the branches they rule out. To the
/// compiler they must be none. A struct of them is weak for that, and can be copied and referred to as any other; of a
/// number the compiler would know all the same, unless it is volatile.
#define BPFXX_CONFIG(type, name)                                                                                       \
    extern "C" {                                                                                                       \
    extern bpfxx::detail::setting<type>::seen name;                                                                    \
    [[gnu::section(".rodata"), gnu::used, gnu::weak]] bpfxx::detail::setting<type>::seen name{};                       \
    }
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
template <class T> struct setting { using seen = T const volatile; };
template <class T>
    requires(__is_class(T))
struct setting<T> {
    using seen = T const;
};

/// A pointer that the context has in 32 bits. By clang's own load it would be a number of 32 bits, and what is copied is
/// only these at times: the verifier takes that for a number too.
BPFXX_INLINE auto pointer_in(u32 const &place) -> u8 * {
    u8 *pointer;
    asm("%0 = *(u32 *)%1" : "=r"(pointer) : "m"(place));
    return pointer;
}
} // namespace bpfxx::detail
namespace bpfxx::xdp {
using context = ::xdp_md;
BPFXX_INLINE auto begin(context const &c) -> u8 * { return detail::pointer_in(c.data); }
BPFXX_INLINE auto end(context const &c) -> u8 * { return detail::pointer_in(c.data_end); }
/// Bytes before the packet, for who sees it next.
BPFXX_INLINE auto meta(context const &c) -> u8 * { return detail::pointer_in(c.data_meta); }
} // namespace bpfxx::xdp
namespace bpfxx::skb {
BPFXX_INLINE auto begin(context const &c) -> u8 * { return detail::pointer_in(c.data); }
BPFXX_INLINE auto end(context const &c) -> u8 * { return detail::pointer_in(c.data_end); }
BPFXX_INLINE auto meta(context const &c) -> u8 * { return detail::pointer_in(c.data_meta); }
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
