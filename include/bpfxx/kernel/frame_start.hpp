// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// What stands at the start of a frame, and before it: addresses and type, tags, metadata.
#include <bpfxx/core/header.hpp>
#include <bpfxx/core/result.hpp>

namespace bpfxx::detail {
/// No packet grows or shrinks by more: a number that wraps around must not turn the one into the other.
inline constexpr u32 most_resized = 0x1ffff;

/// Two addresses and a type, as the kernel itself takes them for granted where it inserts a tag.
struct link {
    static constexpr u32 size = 14;
    u64 first;
    u32 second;
    u16 type; // as it lies in memory

    BPFXX_INLINE explicit link(u8 const *at)
        : first{load<u64>(at)}, second{load<u32>(at + 8)}, type{load<u16>(at + 12)} {}
    BPFXX_INLINE auto write(u8 *at, u16 other_type) const -> void {
        store(at, first);
        store(at + 8, second);
        store(at + 12, other_type);
    }
};

/// The first of a tag's keys.
template <class Id> BPFXX_INLINE constexpr auto first_key(Id const &id) {
    if constexpr (requires { id.key; })
        return id.key;
    else
        return id;
}
template <class Tag> using key_of_tag = decltype(first_key(Tag::id));

/// A value before the packet. The kernel takes whole words of 4 bytes; up to Linux 6.8, eight of them.
template <class T> constexpr auto require_metadata() -> void {
    static_assert(__is_standard_layout(T) && alignof(T) <= 4 && sizeof(T) % 4 == 0 && sizeof(T) <= 32,
                  "metadata have up to 32 bytes, in whole words of 4 bytes, and no stricter alignment");
}
template <class T> BPFXX_INLINE auto write_metadata(u8 *at, T const &value) -> void {
    require_metadata<T>();
#if defined(__bpf__)
    *reinterpret_cast<T *>(at) = value;
#else
    __builtin_memcpy(at, &value, sizeof value);
#endif
}
template <class T> BPFXX_INLINE auto metadata_of(u8 const *at, u8 const *packet) -> result<T> {
    require_metadata<T>();
    if (at + sizeof(T) > packet) return reason::not_found;
#if defined(__bpf__)
    return *reinterpret_cast<T const *>(at);
#else
    T value{};
    __builtin_memcpy(static_cast<void *>(&value), at, sizeof value);
    return value;
#endif
}
} // namespace bpfxx::detail
