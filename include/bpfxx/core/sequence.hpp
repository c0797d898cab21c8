// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// 0, 1 … N - 1 as template arguments.
#include <bpfxx/core/int.hpp>

namespace bpfxx::detail {
template <class T, T... I> struct sequence {};
#if defined(__clang__)
template <u32 N> using first = __make_integer_seq<sequence, u32, N>;
#else
template <u32 N> using first = sequence<u32, __integer_pack(N)...>;
#endif
} // namespace bpfxx::detail
