// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// A MAC address as a value: comparable, usable as a map key, six bytes in memory.
#include <bpfxx/core/memory.hpp>

namespace bpfxx::net {
struct mac_address {
    u8 raw[6];

    BPFXX_INLINE constexpr mac_address() : raw{} {}
    BPFXX_INLINE constexpr mac_address(u8 const (&bytes)[6])
        : raw{bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5]} {}
    // Words, as the default copies bytes; of 16 bits, since the second address of a frame lies where no wider one may be
    // read from a program's stack.
    BPFXX_INLINE constexpr mac_address(mac_address const &other) : raw{} {
        BPFXX_UNROLLED for (u32 i = 0; i < 6; i += 2) {
            if (!__builtin_is_constant_evaluated())
                make(raw + i, load<u16>(other.raw + i));
            else
                raw[i] = other.raw[i], raw[i + 1] = other.raw[i + 1];
        }
    }
    BPFXX_INLINE constexpr auto operator=(mac_address const &other) -> mac_address & {
        BPFXX_UNROLLED for (u32 i = 0; i < 6; i += 2) {
            if (!__builtin_is_constant_evaluated())
                store(raw + i, load<u16>(other.raw + i));
            else
                raw[i] = other.raw[i], raw[i + 1] = other.raw[i + 1];
        }
        return *this;
    }
    BPFXX_INLINE friend constexpr auto operator==(mac_address const &a, mac_address const &b) -> bool {
        return a.number() == b.number();
    }
    /// The group bit: broadcast and multicast.
    BPFXX_INLINE constexpr auto is_group() const -> bool { return (raw[0] & 1) != 0; }

  private:
    BPFXX_INLINE constexpr auto number() const -> u64 {
        if (!__builtin_is_constant_evaluated()) return load<u32>(raw) | u64{load<u16>(raw + 4)} << 32;
        u64 v = 0;
        for (u32 i = 6; i-- > 0;) v = v << 8 | raw[i];
        return v;
    }
};
static_assert(sizeof(mac_address) == 6 && alignof(mac_address) == 1);
static_assert(mac_address{{1, 2, 3, 4, 5, 6}} == mac_address{{1, 2, 3, 4, 5, 6}});
} // namespace bpfxx::net
