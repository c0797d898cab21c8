// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Words in a packet: one load or store each, whatever the address.
#include <bpfxx/core/int.hpp>

namespace bpfxx {
namespace detail {
#if defined(__bpf__)
// BPF reads unaligned words where the machine can; with less than the natural alignment clang would read byte by byte.
template <class T> struct word_at { using type [[gnu::may_alias]] = T; };
#else
template <class T> struct word_at { using type [[gnu::may_alias, gnu::aligned(1)]] = T; };
#endif
} // namespace detail

/// T from the bytes at this address.
template <class T> BPFXX_INLINE auto load(void const *at) -> T {
    // NOLINTNEXTLINE(clang-analyzer-core.uninitialized.UndefReturn): whose bytes these are is the caller's business
    return *static_cast<typename detail::word_at<T>::type const *>(at);
}
namespace detail {
/// Whether an address is of a variable of the program's own, on the stack or global. Clang knows how such a one is aligned,
/// and the verifier refuses words of the stack that are not.
BPFXX_INLINE auto is_own([[maybe_unused]] void const *at) -> bool {
#if defined(__bpf__)
    return __builtin_object_size(at, 0) != ~0ul;
#else
    return false;
#endif
}
} // namespace detail
/// T to the bytes at this address.
template <class T> BPFXX_INLINE auto store(void *at, T value) -> void {
    if (detail::is_own(at))
        __builtin_memcpy(at, &value, sizeof value);
    else
        *static_cast<typename detail::word_at<T>::type *>(at) = value;
}

/// A T that a helper fills in, on the stack. The verifier refuses words of the stack that are not aligned, wherever
/// words of a packet may lie, so what is read here is a copy of it, of words only where they are aligned.
template <class T> class from_helper {
    alignas(8) u8 bytes_[sizeof(T)];

  public:
    BPFXX_INLINE auto at() -> void * { return bytes_; }
    BPFXX_INLINE auto value() const -> T {
        T copy;
        __builtin_memcpy(static_cast<void *>(&copy), bytes_, sizeof copy);
        return copy;
    }
};
/// T to an object that is being made. Of that clang shall not take the alignment for granted: then it sees to it, if the
/// object is to be on the stack, where the verifier takes no other.
template <class T> BPFXX_INLINE auto make(void *at, T value) -> void {
    using word [[gnu::may_alias, gnu::aligned(1)]] = T;
    *static_cast<word *>(at) = value;
}

/// Bytes compared with a text in as few words as possible; both are Size bytes long.
template <u32 Size> BPFXX_INLINE auto equal_bytes(u8 const *at, char const *text) -> bool {
    if constexpr (Size == 0)
        return true;
    else {
        using widest = decltype([] {
            if constexpr (Size >= 8)
                return u64{};
            else if constexpr (Size >= 4)
                return u32{};
            else if constexpr (Size >= 2)
                return u16{};
            else
                return u8{};
        }());
        widest expected;
        __builtin_memcpy(&expected, text, sizeof expected); // of a literal: a constant
        return load<widest>(at) == expected &&
               equal_bytes<Size - sizeof(widest)>(at + sizeof(widest), text + sizeof(widest));
    }
}
} // namespace bpfxx
