// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/core/verifier.hpp>
#include <bpfxx/net/keys.hpp>

namespace bpfxx::net {
/// Radiotap header (radiotap.org): what a Wi-Fi interface in monitor mode puts before each frame. Little-endian. Its fields
/// lie behind the struct; more than 4095 bytes of them are malformed here.
struct radiotap {
    static constexpr auto id = link_type{127};
    u8 version, padding;
    le16 length;
    le32 present; // which fields there are

    BPFXX_INLINE constexpr auto valid() const -> bool { return version == 0 && length.value() <= 0xfff; }
    BPFXX_INLINE constexpr auto size() const -> u64 { return bounded<0xfff>(length.value()); }
    BPFXX_INLINE constexpr auto next() const { return link_type{105}; }
};
static_assert(header<radiotap> && sizeof(radiotap) == 8);
} // namespace bpfxx::net
