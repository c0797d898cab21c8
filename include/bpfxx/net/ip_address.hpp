// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// IP addresses as values: comparable, usable as map keys, their bytes in wire order.
#include <bpfxx/core/endian.hpp>

namespace bpfxx::net {
/// An IPv6 address; an IPv4 address as ::ffff:a.b.c.d (RFC 4291 section 2.5.5.2). One type where a program takes both.
struct ip_address {
    u8 raw[16];

    BPFXX_INLINE constexpr ip_address() : raw{} {}
    BPFXX_INLINE constexpr ip_address(ip_address const &other) : raw{} {
        if (__builtin_is_constant_evaluated()) {
            *this = other;
        } else {
            make(raw, load<u64>(other.raw));
            make(raw + 8, load<u64>(other.raw + 8));
        }
    }
    BPFXX_INLINE constexpr auto operator=(ip_address const &other) -> ip_address & {
        if (__builtin_is_constant_evaluated()) {
            for (u32 i = 0; i < 16; i++) raw[i] = other.raw[i];
        } else { // two words: the default copies byte by byte
            store(raw, load<u64>(other.raw));
            store(raw + 8, load<u64>(other.raw + 8));
        }
        return *this;
    }
    BPFXX_INLINE constexpr explicit ip_address(be32 v4) : raw{} {
        raw[10] = raw[11] = 0xff;
        if (!__builtin_is_constant_evaluated())
            make(raw + 12, v4.wire());
        else
            for (u32 i = 0; i < 4; i++) raw[12 + i] = v4.raw[i];
    }

    /// The IPv4 address that it is, if it is one.
    BPFXX_INLINE constexpr explicit operator be32() const {
        be32 v4{};
        if (!__builtin_is_constant_evaluated())
            v4.put(load<u32>(raw + 12));
        else
            for (u32 i = 0; i < 4; i++) v4.raw[i] = raw[12 + i];
        return v4;
    }

    BPFXX_INLINE constexpr auto is_v4() const -> bool {
        u32 others = 0;
        BPFXX_UNROLLED for (u32 i = 0; i < 10; i++) others |= raw[i];
        return others == 0 && raw[10] == 0xff && raw[11] == 0xff;
    }
    /// The IPv4 address that it is, if is_v4().
    BPFXX_INLINE constexpr auto v4() const -> be32 {
        be32 address{};
        if (!__builtin_is_constant_evaluated())
            address.put(load<u32>(raw + 12));
        else
            for (u32 i = 0; i < 4; i++) address.raw[i] = raw[12 + i];
        return address;
    }
    BPFXX_INLINE friend constexpr auto operator==(ip_address const &a, ip_address const &b) -> bool {
        if (!__builtin_is_constant_evaluated())
            return load<u64>(a.raw) == load<u64>(b.raw) && load<u64>(a.raw + 8) == load<u64>(b.raw + 8);
        for (u32 i = 0; i < 16; i++)
            if (a.raw[i] != b.raw[i]) return false;
        return true;
    }
};
static_assert(sizeof(ip_address) == 16 && alignof(ip_address) == 1);
static_assert(ip_address{be32{0x7f00'0001}}.v4() == be32{0x7f00'0001});
static_assert(ip_address{be32{0x7f00'0001}}.is_v4() && !ip_address{}.is_v4());
} // namespace bpfxx::net
