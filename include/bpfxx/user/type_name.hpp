// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// The name of a C++ type, whole for people and bare as BTF has it: no namespace and no template arguments.
#include <string_view>

namespace bpfxx::user {
namespace detail {
template <class Named> consteval auto signature() {
    return std::string_view{__PRETTY_FUNCTION__}; // "… [with Named = a::b<c>]" by gcc, "… [Named = a::b<c>]" by clang
}
} // namespace detail

/// `bpfxx::be<unsigned short>`
template <class T> consteval auto type_name() -> std::string_view {
    auto const whole = detail::signature<T>();
    auto const key = std::string_view{"Named = "};
    auto const begin = whole.find(key) + key.size();
    return whole.substr(begin, whole.rfind(']') - begin);
}

/// `be`
template <class T> consteval auto bare_type_name() -> std::string_view {
    auto const whole = type_name<T>();
    auto begin = std::size_t{0};
    auto end = whole.size();
    auto depth = 0;
    for (auto i = std::size_t{0}; i < whole.size(); i++) {
        auto const c = whole[i];
        if (c == '<' && depth == 0) end = i;
        if (c == '<' || c == '(' || c == '{') depth++;
        if (c == '>' || c == ')' || c == '}') depth--;
        if (depth == 0 && c == ':') {
            begin = i + 1;
            end = whole.size();
        }
    }
    return whole.substr(begin, end - begin);
}
} // namespace bpfxx::user
