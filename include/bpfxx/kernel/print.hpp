// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Text from a program, with a format that the compiler checks. BPFXX_PRINT() is for debugging: it ends up in
/// /sys/kernel/tracing/trace_pipe, for all to read, and costs microseconds.
#include <bpfxx/kernel/platform.hpp>

struct seq_file;

namespace bpfxx::detail {
enum class printed : u8 { none, narrow, wide, pointer, text };
template <class T> constexpr auto printed_as() -> printed {
    if constexpr (requires(T t) { static_cast<char const *>(t); })
        return printed::text;
    else if constexpr (requires(T t) { static_cast<void const *>(t); })
        return printed::pointer;
    else if constexpr (requires(T t) { static_cast<u64>(t); })
        return sizeof(T) > 4 ? printed::wide : printed::narrow;
    else
        return printed::none;
}
template <class... A> struct values {
    static constexpr u32 count = sizeof...(A);
    /// Whether a format has a conversion for each value, and of its size: %d %i %u %x %c for up to 32 bits, with ll for 64,
    /// %p for a pointer, %s for a text.
    static constexpr auto fit(char const *format) -> bool {
        constexpr printed kinds[] = {printed_as<A>()..., printed::none};
        u32 n = 0;
        for (; *format != 0; format++) {
            if (*format != '%') continue;
            if (*++format == '%') continue;
            while (*format == '0' || *format == '-') format++;
            while (*format >= '0' && *format <= '9') format++;
            bool is_wide = false;
            if (*format == 'l') {
                if (*++format == 'l') format++;
                is_wide = true;
            }
            if (n >= count) return false;
            auto const is = kinds[n++];
            switch (*format) {
            case 'd':
            case 'i':
            case 'u':
            case 'x':
                if (is != (is_wide ? printed::wide : printed::narrow)) return false;
                break;
            case 'c':
                if (is_wide || is != printed::narrow) return false;
                break;
            case 'p':
                if (is_wide || (is != printed::pointer && is != printed::text)) return false;
                break;
            case 's':
                if (is_wide || is != printed::text) return false;
                break;
            default: return false;
            }
        }
        return n == count;
    }
};
template <class... A> auto values_of(A const &...) -> values<A...>;

template <class T> BPFXX_INLINE auto printed_word(T const &value) -> u64 {
    if constexpr (printed_as<T>() == printed::text || printed_as<T>() == printed::pointer)
        return reinterpret_cast<u64>(static_cast<void const *>(value));
    else
        return static_cast<u64>(value);
}
template <class... A> BPFXX_INLINE auto print(char const *format, u32 size, A const &...a) -> i64 {
    if constexpr (sizeof...(A) <= 3)
        return helper::trace_printk(format, size, printed_word(a)...);
    else {
        u64 const words[] = {printed_word(a)...};
        return helper::trace_vprintk(format, size, words, sizeof words);
    }
}
template <class... A> BPFXX_INLINE auto print_to(::seq_file *to, char const *format, u32 size, A const &...a) -> bool {
    u64 const words[] = {printed_word(a)..., 0};
    return helper::seq_printf(to, format, size, words, sizeof...(A) * sizeof(u64)) == 0;
}
} // namespace bpfxx::detail

// The text has to be constant data of the object: the kernel reads it while the program is verified.
#define BPFXX_CHECKED_FORMAT(text, ...)                                                                                \
    static_assert(decltype(bpfxx::detail::values_of(__VA_ARGS__))::fit(text),                                          \
                  "the format has other conversions than there are values, or for other types: %d %u %x %c up to 32 "  \
                  "bits, %lld %llu %llx for 64, %p, %s");                                                              \
    BPFXX_TEXT(bpfxx_format, text)

/// BPFXX_PRINT("dropped %u bytes to port %d", size, port): up to three values; since Linux 5.16 up to twelve. The negative
/// error of the kernel, or how many characters it has written. GPL only.
#define BPFXX_PRINT(text, ...)                                                                                         \
    __extension__({                                                                                                    \
        BPFXX_CHECKED_FORMAT(text __VA_OPT__(, ) __VA_ARGS__);                                                         \
        bpfxx::detail::print(bpfxx_format, sizeof bpfxx_format __VA_OPT__(, ) __VA_ARGS__);                            \
    })

/// In an iter program: BPFXX_PRINT_TO(out, "%d %s\n", pid, name). Whether there was room. GPL only.
#define BPFXX_PRINT_TO(out, text, ...)                                                                                 \
    __extension__({                                                                                                    \
        BPFXX_CHECKED_FORMAT(text __VA_OPT__(, ) __VA_ARGS__);                                                         \
        bpfxx::detail::print_to((out).raw(), bpfxx_format, sizeof bpfxx_format __VA_OPT__(, ) __VA_ARGS__);            \
    })
