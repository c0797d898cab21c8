// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Copies of a packet's first bytes, for programs whose bytes are not, or not all, where they can be read directly
/// (Linux 5.12). A copy costs a call of a helper and an atomic exchange, some 35 ns; the chain behind it is the same.
#include <bpfxx/core/chain.hpp>
#include <bpfxx/kernel/counters.hpp>
#include <bpfxx/kernel/map/array.hpp>
#include <bpfxx/kernel/platform.hpp>
#include <bpfxx/kernel/verdict.hpp>

namespace bpfxx {
/// How many bytes of a packet a window shows: what lies behind them is read by load().
inline constexpr u32 window_size = 256;

/// Room for one copy. It is as long as a packet's pointer can move, so that whatever can be read of a packet can be read
/// here: only then has the verifier nothing against it.
struct window {
    u64 taken;
    u8 bytes[0x10000 + 256];
};
namespace detail {
inline constexpr u32 windows = 64, window_tries = 4;
}
} // namespace bpfxx

BPFXX_MAP(bpfxx_windows, bpfxx::spec::array<bpfxx::window, bpfxx::detail::windows>); // 4 MiB

namespace bpfxx {
/// What a program is called with: where its bytes are, and what has to be given back.
struct opened {
    cursor whole;
    window *copy;
};
namespace detail {
/// A window that nobody uses, or null. Programs may interrupt each other, so a CPU has more than one.
BPFXX_INLINE auto take_window() -> window * {
    auto const cpu = helper::get_smp_processor_id();
    window *found = nullptr;
    BPFXX_ROLLED for (u32 i = 0; i < window_tries; i++) {
        bpfxx_windows.lookup((cpu + i * (windows / window_tries)) % windows).then([&](window &w) BPFXX_LAMBDA {
            if (__atomic_exchange_n(&w.taken, 1, __ATOMIC_SEQ_CST) == 0) found = &w;
        });
        if (found) break;
    }
    return found;
}
BPFXX_INLINE auto give_back(window *w) -> void {
    if (w) *static_cast<u64 volatile *>(&w->taken) = 0;
}
/// The first bytes of a packet of `total` bytes, which load(to, n) copies. If that fails, there are none.
template <class Load> BPFXX_INLINE auto copied(u32 total, Load const &load) -> opened {
    auto *const w = take_window();
    if (!w) return {whole_packet(nullptr, nullptr), nullptr};
    auto const wanted = total < window_size ? total : window_size;
    u32 length = 0;
    if (wanted != 0) {
        auto const n = bounded<window_size - 1>(wanted - 1) + 1;
        if (load(w->bytes, n) == 0) length = n;
    }
    // However many there are, to the verifier it is one way on.
    return {whole_packet(w->bytes, w->bytes + bounded<2 * window_size - 1>(detached(length))), w};
}
template <class T, class Load> BPFXX_INLINE auto loaded(Load const &load) -> result<T> {
    static_assert(alignof(T) == 1 && __is_standard_layout(T),
                  "bytes of a packet have no alignment and no byte order: load a be16, le16 or a struct of such");
    static_assert(sizeof(T) <= 256, "a program's memory is small: load at most 256 bytes");
    from_helper<T> copy;
    if (load(copy.at(), static_cast<u32>(sizeof(T))) != 0) return reason::truncated;
    return copy.value();
}
} // namespace detail

/// The part of a packet that chains are about: direct, or a copy.
class viewed {
    cursor whole_;

  public:
    using to_be_given_back = void; // a copy
    BPFXX_INLINE explicit viewed(cursor const &whole) : whole_{whole} {}
    /// The headers that the packet starts with.
    template <class... Steps> BPFXX_INLINE auto parse() const { return packet_chain<Steps...>::at(whole_, start{}); }
    /// The bytes that are in view.
    BPFXX_INLINE auto payload() const -> bytes { return bytes{whole_}; }
    BPFXX_INLINE auto whole() const -> cursor { return whole_; }
};
} // namespace bpfxx

/// As BPFXX_ENTRY, for a kind that opens its packets: it has context, open(), packet and verdict_of. What was copied is
/// given back behind the program, so there must be no tail call in it.
#define BPFXX_VIEW_ENTRY(kind, section, name, ...)                                                                     \
    static_assert(sizeof(#name) <= 16, "the kernel keeps 15 characters of a program's name: " #name);                  \
    struct name##_tag {};                                                                                              \
    using name##_verdict = bpfxx::kind::verdict_of<bpfxx::detail::counted<name##_tag> __VA_OPT__(, ) __VA_ARGS__>;     \
    static auto name##_body(bpfxx::kind::packet)->name##_verdict;                                                      \
    BPFXX_PROGRAM(section, name, bpfxx::kind::context *context) {                                                      \
        auto const view = bpfxx::kind::open(context);                                                                  \
        auto const answer = name##_body(bpfxx::kind::packet{context, view.whole});                                     \
        bpfxx::detail::give_back(view.copy);                                                                           \
        bpfxx::add_to_counters<name##_tag>(answer);                                                                    \
        return answer.code;                                                                                            \
    }                                                                                                                  \
    [[gnu::always_inline]] static inline name##_verdict name##_body
