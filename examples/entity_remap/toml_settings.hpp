// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// A TOML file as the JSON that says the same, and where in the file each value stands.
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <toml++/toml.h>

namespace toml_settings {
struct place {
    std::uint32_t line = 1, column = 1;
};
/// By the path of a value, such as /entities/3/port.
using places = std::map<std::string, place>;
/// What is wrong with the text itself, or with a value that JSON has nothing for.
struct error : std::runtime_error {
    place where;
    error(std::string const &what, toml::source_position const &at)
        : std::runtime_error{what}, where{at.line, at.column} {}
};

/// The path of what a value has under this name, as in a JSON pointer: ~1 is a slash in the name.
inline auto below(std::string path, std::string_view name) -> std::string {
    path += '/';
    for (auto const c : name)
        if (c == '~' || c == '/')
            path += c == '~' ? "~0" : "~1";
        else
            path += c;
    return path;
}

namespace detail {
inline auto converted(toml::node const &node, std::string const &path, places &found) -> nlohmann::json {
    auto const &at = node.source().begin;
    found[path] = {at.line, at.column};
    if (auto const *const table = node.as_table()) {
        auto result = nlohmann::json::object();
        for (auto const &[key, value] : *table) {
            auto const name = std::string{key.str()};
            result[name] = converted(value, below(path, name), found);
        }
        return result;
    }
    if (auto const *const array = node.as_array()) {
        auto result = nlohmann::json::array();
        for (auto const &value : *array)
            result.push_back(converted(value, below(path, std::to_string(result.size())), found));
        return result;
    }
    if (auto const *const text = node.as_string()) return text->get();
    if (auto const *const number = node.as_integer()) {
        if (number->get() >= 0) return static_cast<std::uint64_t>(number->get());
        return number->get();
    }
    if (auto const *const number = node.as_floating_point()) return number->get();
    if (auto const *const truth = node.as_boolean()) return truth->get();
    throw error{"a date or time is no setting", at};
}
} // namespace detail

inline auto parsed(std::string_view text, places &found) -> nlohmann::json {
    try {
        return detail::converted(toml::parse(text), "", found);
    } catch (toml::parse_error const &e) {
        throw error{std::string{"no TOML: "} + std::string{e.description()}, e.source().begin};
    }
}
} // namespace toml_settings
