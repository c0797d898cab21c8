// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Whether a struct has bytes that belong to no member. Nobody writes them, and the kernel compares them in a map's key.
#include <bpfxx/core/sequence.hpp>

namespace bpfxx::detail {
template <class T> struct padding;

// Stand for the values of members where a struct's members are asked for, and are never converted in fact.
struct anything {
    template <class T> operator T() const;
};
/// Of a member that has so many bytes, and is all made of them.
template <u32 Size> struct anything_of {
    template <class T>
        requires(sizeof(T) == Size && !padding<T>::is_there)
    operator T() const;
};
template <u32> using any_member = anything;

/// Whether T has as many members, or elements of members that are arrays.
template <class T, u32... I> constexpr auto has_members(sequence<u32, I...> /*count*/) -> bool {
    return requires { T{any_member<I>{}...}; };
}
template <class T, u32 Size, u32... Before, u32... Behind>
constexpr auto has_member_of(sequence<u32, Before...> /*before*/, sequence<u32, Behind...> /*behind*/) -> bool {
    return requires { T{any_member<Before>{}..., anything_of<Size>{}, any_member<Behind>{}...}; };
}
template <class T, u32 N = 1> constexpr auto members_of() -> u32 {
    if constexpr (N <= 24 && has_members<T>(first<N>{}))
        return members_of<T, N + 1>();
    else
        return N - 1;
}
/// The largest size that fits: a struct's is that of its first member too.
template <class T, u32 N, u32 At, u32 Size = sizeof(T)> constexpr auto size_of_member() -> u32 {
    if constexpr (Size == 0 || has_member_of<T, Size>(first<At>{}, first<N - At - 1>{}))
        return Size;
    else
        return size_of_member<T, N, At, Size - 1>();
}
template <class T, u32 N, u32... At> constexpr auto size_of_members(sequence<u32, At...> /*all*/) -> u64 {
    return (u64{0} + ... + size_of_member<T, N, At>());
}
/// What cannot be told, of more members than one would want to ask for, counts as none.
template <class T> constexpr auto has_padding() -> bool {
    if constexpr (alignof(T) == 1 || (!__is_class(T) && !__is_union(T)) || __has_unique_object_representations(T)) {
        return false;
    } else if constexpr (!__is_aggregate(T) || __is_union(T) || sizeof(T) > 256 || members_of<T>() == 0 ||
                         members_of<T>() > 23) {
        return __is_trivially_copyable(T) && !__is_union(T);
    } else {
        constexpr auto members = members_of<T>();
        return size_of_members<T, members>(first<members>{}) < sizeof(T);
    }
}
template <class T> struct padding { static constexpr bool is_there = has_padding<T>(); };
template <> struct padding<void> { static constexpr bool is_there = false; };

template <u32 Size> struct raw_bytes { u8 at[Size]; };
template <auto> struct constant {};
/// Whether a byte of T belongs to no member: it is the one thing that no constant can be made of. Where nothing can be told,
/// as of unions and of what is not copied byte by byte, no byte is.
template <class T>
concept told_apart = __is_trivially_copyable(T) && requires {
    typename constant<(__builtin_bit_cast(raw_bytes<sizeof(T)>, T{}), 0)>;
};
template <class T, u32 I>
concept padded_at = told_apart<T> && !requires {
    typename constant<__builtin_bit_cast(raw_bytes<sizeof(T)>, T{}).at[I]>;
};
template <class T, u32 At> constexpr auto padding_from() -> u32 {
    if constexpr (At < sizeof(T) && padded_at<T, At>)
        return 1 + padding_from<T, At + 1>();
    else
        return 0;
}
/// The widest word at this place that has no more bytes.
constexpr auto widest_word(u32 at, u32 bytes) -> u32 {
    u32 size = 8;
    while (size > bytes || at % size != 0) size /= 2;
    return size;
}
/// Zeros where a T at this address, aligned as a word of 8 bytes, has padding.
template <class T, u32 At = 0> BPFXX_INLINE auto clear_padding(u8 *at) -> void {
    if constexpr (At < sizeof(T)) {
        constexpr auto bytes = padding_from<T, At>();
        if constexpr (bytes == 0) {
            clear_padding<T, At + 1>(at);
        } else {
            constexpr auto word = widest_word(At, bytes);
            __builtin_memset(at + At, 0, word);
            clear_padding<T, At + word>(at);
        }
    }
}
} // namespace bpfxx::detail
