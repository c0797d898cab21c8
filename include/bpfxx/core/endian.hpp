// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Integers and keys as they lie on the wire. The byte order is in the type, so it cannot be forgotten or applied twice.
#include <bpfxx/core/memory.hpp>

namespace bpfxx {
// As constants of their own: a builtin within a signature cannot be mangled.
template <class T> inline constexpr bool is_enum = __is_enum(T);
template <class T> inline constexpr bool is_class = __is_class(T);
template <class A, class B> inline constexpr bool is_same = __is_same(A, B);

template <class T> struct representation { using type = T; };
template <class T>
    requires is_enum<T>
struct representation<T> {
    using type = __underlying_type(T);
};

/// The bytes of an integer in the other order.
template <class T> BPFXX_INLINE constexpr auto reversed(T value) -> T {
    if constexpr (sizeof(T) == 1)
        return value;
    else if constexpr (sizeof(T) == 2)
        return static_cast<T>(__builtin_bswap16(static_cast<u16>(value)));
    else if constexpr (sizeof(T) == 4)
        return static_cast<T>(__builtin_bswap32(static_cast<u32>(value)));
    else
        return static_cast<T>(__builtin_bswap64(static_cast<u64>(value)));
}
/// From this machine's order to network order, or back.
template <class T> BPFXX_INLINE constexpr auto network_order(T value) -> T {
    return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? value : reversed(value);
}
template <class T> BPFXX_INLINE constexpr auto little_order(T value) -> T {
    return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? reversed(value) : value;
}

/// Big-endian T (integer or key). Alignment 1, so a header never has padding; every access is one load or store.
template <class T> struct be {
    using word = typename representation<T>::type;
    u8 raw[sizeof(T)];

    BPFXX_INLINE constexpr be() = default;
    BPFXX_INLINE constexpr explicit be(T host) : raw{} { make(network_order(static_cast<word>(host))); }
    BPFXX_INLINE constexpr be(be const &other) : raw{} { make(other.wire()); } // the default copies byte by byte
    /// A key from the number it is, or the number from the key: be<udp_port>{be16{80}}.
    template <class Other>
        requires(!is_same<T, Other> && (is_same<word, Other> || is_same<T, typename representation<Other>::type>))
    BPFXX_INLINE constexpr explicit be(be<Other> const &other) : raw{} { make(other.wire()); }
    BPFXX_INLINE constexpr auto operator=(be const &other) -> be & {
        put(other.wire());
        return *this;
    }
    template <class I>
        requires(!is_class<I>)
    __attribute__((unavailable("a wire value is not an integer: assign be16{80}"))) auto operator=(I) -> be & {
        return *this;
    }

    /// In this machine's byte order.
    BPFXX_INLINE constexpr auto value() const -> T { return static_cast<T>(network_order(wire())); }

    BPFXX_INLINE friend constexpr auto operator==(be const &a, be const &b) -> bool { return a.wire() == b.wire(); }
    BPFXX_INLINE friend constexpr auto operator==(be const &a, T b) -> bool requires is_enum<T> {
        return a.wire() == network_order(static_cast<word>(b));
    }
    template <class Other>
        requires(is_enum<Other> && !is_same<Other, T>)
    __attribute__((unavailable("a key is compared with a key of its own space"))) //
    friend auto
    operator==(be const &, Other) -> bool {
        return false;
    }
    template <class I>
        requires(!is_class<I> && !is_enum<I>)
    __attribute__((unavailable("a wire value is not an integer: compare .value(), or be16{80}"))) //
    friend auto
    operator==(be const &, I) -> bool {
        return false;
    }

    /// The bits as they lie in memory. Only for code that is itself about byte order, such as checksums.
    BPFXX_INLINE constexpr auto wire() const -> word {
        if (!__builtin_is_constant_evaluated()) return load<word>(raw);
        u64 v = 0;
        for (u32 i = 0; i < sizeof(T); i++) v = v << 8 | raw[i];
        return network_order(static_cast<word>(v));
    }
    BPFXX_INLINE constexpr auto put(word bits) -> void {
        if (!__builtin_is_constant_evaluated()) return store<word>(raw, bits);
        u64 v = network_order(bits);
        for (u32 i = sizeof(T); i-- > 0; v >>= 8) raw[i] = static_cast<u8>(v);
    }

  private:
    BPFXX_INLINE constexpr auto make(word bits) -> void {
        if (!__builtin_is_constant_evaluated()) return bpfxx::make<word>(raw, bits);
        put(bits);
    }
};
using be16 = be<u16>;
using be32 = be<u32>;
using be64 = be<u64>;

/// Little-endian T, for application data: the internet's own protocols have none.
template <class T> struct le {
    u8 raw[sizeof(T)];

    BPFXX_INLINE constexpr le() = default;
    BPFXX_INLINE constexpr explicit le(T host) : raw{} {
        u64 v = host;
        BPFXX_UNROLLED for (u32 i = 0; i < sizeof(T); i++, v >>= 8) raw[i] = static_cast<u8>(v);
    }
    BPFXX_INLINE constexpr auto value() const -> T {
        if (!__builtin_is_constant_evaluated()) return little_order(load<T>(raw));
        u64 v = 0;
        for (u32 i = sizeof(T); i-- > 0;) v = v << 8 | raw[i];
        return static_cast<T>(v);
    }
    BPFXX_INLINE friend constexpr auto operator==(le const &a, le const &b) -> bool { return a.value() == b.value(); }
    template <class I>
        requires(!is_class<I>)
    __attribute__((unavailable("a wire value is not an integer: compare .value(), or le16{80}"))) //
    friend auto
    operator==(le const &, I) -> bool {
        return false;
    }
};
using le16 = le<u16>;
using le32 = le<u32>;
using le64 = le<u64>;
} // namespace bpfxx
