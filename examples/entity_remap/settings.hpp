// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// The settings of entity_remap: from a TOML or JSON file, from the command line, or both. What is wrong with them is said with
/// file, line, column and field.
#include "entity_remap.hpp"
#include "toml_settings.hpp"
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

enum class byte_order { big, little };

struct known_entity {
    std::string tag; // its bytes in the packet
    std::string label;
    bpfxx::u16 port;
    std::optional<bpfxx::u32> entry = {}; // of the list that it was given in
};

struct configuration {
    std::vector<bpfxx::u16> watch;
    bool watch_all = false;
    bool udp = true, tcp = true;
    bpfxx::u32 least = 0, most = 65535;
    bool bad_size_drops = true;
    bpfxx::u32 offset = 0, size = 2;
    bool as_bytes = false;
    byte_order order = byte_order::big;
    for_unknown unknown = for_unknown::pass;
    bpfxx::u16 unknown_port = 0;
    bpfxx::u32 capacity = 0; // entities at most, also after reloads; 0: as many as there are, and room for more
    std::vector<known_entity> entities;
};

/// What is wrong with a setting; `path` is where, such as /entities/3/port.
struct bad_setting : std::runtime_error {
    std::string path;
    bad_setting(std::string where, std::string const &what) : std::runtime_error{what}, path{std::move(where)} {}
};

namespace json_settings {
using json = nlohmann::json;

using toml_settings::below;

/// "/entities/3/port" has three; what is no path is one.
inline auto parts_of(std::string const &path) -> std::vector<std::string> {
    if (!path.empty() && path[0] != '/') return {path};
    std::vector<std::string> parts;
    for (json::json_pointer left{path}; !left.empty(); left.pop_back()) parts.push_back(left.back());
    std::reverse(parts.begin(), parts.end());
    return parts;
}
/// "/entities/3/port" as a person writes it: entities[3].port
inline auto field_name(std::string const &path) -> std::string {
    std::string name;
    for (auto const &part : parts_of(path))
        if (part.empty())
            name += name.empty() ? "\"\"" : ".\"\"";
        else if (part.find_first_not_of("0123456789") == part.npos)
            name += "[" + part + "]";
        else
            name += (name.empty() ? "" : ".") + part;
    return name.empty() ? "the settings" : name;
}

/// Where in a text, which is JSON, the value of a path starts.
class locator {
    std::string_view text_;
    std::size_t at_ = 0;

    auto skip_space() -> void {
        while (at_ < text_.size() && std::string_view{" \t\r\n"}.find(text_[at_]) != text_.npos) at_++;
    }
    auto skip_string() -> std::string {
        auto const start = at_++;
        while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
        at_++;
        return json::parse(text_.substr(start, at_ - start)).get<std::string>();
    }
    auto skip_value() -> void {
        skip_space();
        if (text_[at_] == '"') {
            skip_string();
        } else if (text_[at_] == '{' || text_[at_] == '[') {
            for (int depth = 0; at_ < text_.size();) {
                auto const c = text_[at_];
                if (c == '"') {
                    skip_string();
                    continue;
                }
                at_++;
                if (c == '{' || c == '[') depth++;
                if (c == '}' || c == ']')
                    if (--depth == 0) return;
            }
        } else
            while (at_ < text_.size() && std::string_view{",]} \t\r\n"}.find(text_[at_]) == text_.npos) at_++;
    }
    auto enter(std::string const &part) -> bool {
        skip_space();
        bool const object = text_[at_] == '{';
        if (!object && text_[at_] != '[') return false;
        at_++;
        for (std::size_t i = 0;; i++) {
            skip_space();
            if (text_[at_] == '}' || text_[at_] == ']') return false;
            if (object) {
                auto const key = skip_string();
                skip_space();
                at_++; // the colon
                skip_space();
                if (key == part) return true;
            } else if (std::to_string(i) == part)
                return true;
            skip_value();
            skip_space();
            if (text_[at_] == ',') at_++;
        }
    }

  public:
    struct fault {
        std::size_t at;
        std::string what;
    };
    explicit locator(std::string_view text) : text_{text}, at_{text.starts_with("\xef\xbb\xbf") ? 3u : 0u} {}
    /// A field that its object has twice, of which the parser would take the last; or lists in lists in lists, which nobody
    /// means and which take stack to work on.
    auto first_fault() -> std::optional<fault> {
        struct level {
            bool is_object, key_comes;
            std::unordered_set<std::string> keys;
        };
        constexpr std::size_t deepest = 64;
        for (std::vector<level> open; at_ < text_.size();) {
            auto const start = at_;
            auto const c = text_[at_];
            if (c == '"') {
                auto const said = skip_string();
                if (open.empty() || !open.back().key_comes) continue;
                open.back().key_comes = false;
                if (!open.back().keys.insert(said).second) return fault{start, fmt::format("{} is given twice", said)};
                continue;
            }
            at_++;
            if (c == '{' || c == '[') open.push_back({c == '{', c == '{', {}});
            if (open.size() > deepest) return fault{start, "too many lists and objects in each other"};
            if (c == '}' || c == ']') open.pop_back();
            if (c == ',' && !open.empty()) open.back().key_comes = open.back().is_object;
        }
        return std::nullopt;
    }
    auto find(std::string const &path) -> std::size_t {
        for (auto const &part : parts_of(path))
            if (!enter(part)) break;
        skip_space();
        return at_;
    }
};
inline auto line_and_column(std::string_view text, std::size_t at) -> std::string {
    auto const before = text.substr(0, std::min(at, text.size()));
    auto const line = 1 + std::count(before.begin(), before.end(), '\n');
    auto const start = before.rfind('\n');
    return fmt::format("{}:{}", line, start == before.npos ? before.size() + 1 : before.size() - start);
}

class settings_reader {
    configuration c_;

    static auto type_of(json const &j) -> std::string {
        auto shown = j.dump(-1, ' ', false, json::error_handler_t::replace);
        if (shown.size() <= 40) return shown;
        std::size_t end = 37; // not within a character of several bytes
        while ((shown[end] & 0xc0) == 0x80) end--;
        return shown.substr(0, end) + "...";
    }
    static auto number(json const &j, std::string const &path, bpfxx::u64 least, bpfxx::u64 most, char const *what)
        -> bpfxx::u64 {
        if (!j.is_number_integer() || (j.is_number_integer() && !j.is_number_unsigned()) ||
            j.get<bpfxx::u64>() < least || j.get<bpfxx::u64>() > most)
            throw bad_setting{path, fmt::format("{} is no {}: {} to {}", type_of(j), what, least, most)};
        return j.get<bpfxx::u64>();
    }
    static auto port(json const &j, std::string const &path) -> bpfxx::u16 {
        return static_cast<bpfxx::u16>(number(j, path, 1, 65535, "port"));
    }
    static auto word(json const &j, std::string const &path, std::initializer_list<char const *> words) -> std::string {
        if (j.is_string())
            for (auto const *w : words)
                if (j.get<std::string>() == w) return w;
        throw bad_setting{path, fmt::format("{} is none of: {}", type_of(j), fmt::join(words, ", "))};
    }
    static auto object(json const &j, std::string const &path, std::initializer_list<char const *> known) -> void {
        if (!j.is_object()) throw bad_setting{path, fmt::format("{} is no object with fields", type_of(j))};
        for (auto const &[key, value] : j.items())
            if (std::find(known.begin(), known.end(), key) == known.end())
                throw bad_setting{below(path, key),
                                  fmt::format("there is no such field; there are: {}", fmt::join(known, ", "))};
    }

  public:
    /// The bytes of a tag in the packet.
    static auto tag_bytes(configuration const &c, json const &j, std::string const &path) -> std::string {
        if (c.as_bytes) {
            if (!j.is_string()) throw bad_setting{path, fmt::format("{} is no text: tags are bytes here", type_of(j))};
            auto text = j.get<std::string>();
            if (text.starts_with("0x")) {
                std::string bytes;
                for (std::size_t i = 2; i < text.size(); i += 2) {
                    auto const digits = text.substr(i, 2);
                    if (digits.size() != 2 || digits.find_first_not_of("0123456789abcdefABCDEF") != digits.npos)
                        throw bad_setting{path,
                                          fmt::format("{} are no bytes: two hexadecimal digits each", type_of(j))};
                    bytes += static_cast<char>(std::stoi(digits, nullptr, 16));
                }
                text = bytes;
            }
            if (text.size() != c.size)
                throw bad_setting{path, fmt::format("{} has {} bytes, a tag has {}", type_of(j), text.size(), c.size)};
            return text;
        }
        bpfxx::u64 const most = (bpfxx::u64{1} << (8 * c.size)) - 1;
        auto value = j;
        if (j.is_string()) {
            auto const text = j.get<std::string>();
            std::size_t used = 0;
            try {
                if (!text.empty() && text.find_first_of("+- ") == text.npos) value = std::stoull(text, &used, 0);
            } catch (std::exception const &) {
                used = 0; // told below
            }
            if (used == 0 || used != text.size()) throw bad_setting{path, fmt::format("{} is no number", type_of(j))};
        }
        auto const n =
            number(value, path, 0, most, fmt::format("tag of {} byte{}", c.size, c.size == 1 ? "" : "s").c_str());
        return tag_of(c, n);
    }
    static auto tag_of(configuration const &c, bpfxx::u64 n) -> std::string {
        std::string bytes(c.size, '\0');
        for (bpfxx::u32 i = 0; i < c.size; i++)
            bytes[c.order == byte_order::big ? c.size - 1 - i : i] = static_cast<char>(n >> (8 * i));
        return bytes;
    }
    static auto label_of(configuration const &c, std::string const &tag) -> std::string {
        if (c.as_bytes) {
            bool const printable = std::all_of(tag.begin(), tag.end(), [](char t) { return t >= 0x20 && t < 0x7f; });
            if (printable) return tag;
            std::string hex = "0x";
            for (auto const t : tag) hex += fmt::format("{:02x}", static_cast<unsigned char>(t));
            return hex;
        }
        bpfxx::u64 n = 0;
        for (bpfxx::u32 i = 0; i < c.size; i++)
            n = n << 8 | static_cast<unsigned char>(tag[c.order == byte_order::big ? i : c.size - 1 - i]);
        return std::to_string(n);
    }

    auto read(json const &j) -> configuration {
        object(j, "", {"watch", "protocols", "payload", "tag", "unknown", "entities", "capacity"});
        if (auto const it = j.find("watch"); it != j.end()) {
            if (*it == "all")
                c_.watch_all = true;
            else if (!it->is_array())
                throw bad_setting{"/watch", fmt::format("{} is neither a list of ports nor \"all\"", type_of(*it))};
            else
                for (std::size_t i = 0; i < it->size(); i++)
                    c_.watch.push_back(port((*it)[i], fmt::format("/watch/{}", i)));
        }
        if (auto const it = j.find("protocols"); it != j.end()) {
            if (!it->is_array() || it->empty())
                throw bad_setting{"/protocols", fmt::format("{} is no list of udp, tcp", type_of(*it))};
            c_.udp = c_.tcp = false;
            for (std::size_t i = 0; i < it->size(); i++)
                (word((*it)[i], fmt::format("/protocols/{}", i), {"udp", "tcp"}) == "udp" ? c_.udp : c_.tcp) = true;
        }
        if (auto const it = j.find("payload"); it != j.end()) {
            object(*it, "/payload", {"min", "max", "otherwise"});
            if (it->contains("min"))
                c_.least = static_cast<bpfxx::u32>(number((*it)["min"], "/payload/min", 0, 65535, "size"));
            if (it->contains("max"))
                c_.most = static_cast<bpfxx::u32>(number((*it)["max"], "/payload/max", 0, 65535, "size"));
            if (it->contains("otherwise"))
                c_.bad_size_drops = word((*it)["otherwise"], "/payload/otherwise", {"drop", "pass"}) == "drop";
        }
        if (auto const it = j.find("tag"); it != j.end()) {
            object(*it, "/tag", {"offset", "size", "order", "type"});
            if (it->contains("offset"))
                c_.offset = static_cast<bpfxx::u32>(number((*it)["offset"], "/tag/offset", 0, 16000, "offset"));
            if (it->contains("type")) c_.as_bytes = word((*it)["type"], "/tag/type", {"number", "bytes"}) == "bytes";
            if (it->contains("size"))
                c_.size = static_cast<bpfxx::u32>(number((*it)["size"], "/tag/size", 1, longest_tag, "size"));
            if (it->contains("order"))
                c_.order = word((*it)["order"], "/tag/order", {"big", "little"}) == "big" ? byte_order::big
                                                                                          : byte_order::little;
            check_tag("/tag/size");
        }
        if (auto const it = j.find("unknown"); it != j.end()) {
            if (it->is_number()) {
                c_.unknown = for_unknown::remap;
                c_.unknown_port = port(*it, "/unknown");
            } else if (!it->is_string() || (*it != "pass" && *it != "drop"))
                throw bad_setting{"/unknown", fmt::format("{} is none of: pass, drop, a port", type_of(*it))};
            else
                c_.unknown = *it == "pass" ? for_unknown::pass : for_unknown::drop;
        }
        if (auto const it = j.find("capacity"); it != j.end())
            c_.capacity = static_cast<bpfxx::u32>(number(*it, "/capacity", 1, 16'000'000, "number of entities"));
        if (auto const it = j.find("entities"); it != j.end()) read_entities(*it);
        return c_;
    }
    auto check_tag(std::string const &path) const -> void {
        if (!c_.as_bytes && c_.size != 1 && c_.size != 2 && c_.size != 4)
            throw bad_setting{path, fmt::format("a number has 1, 2 or 4 bytes, not {} (type \"bytes\" has 1 to {})",
                                                c_.size, longest_tag)};
    }

  private:
    auto read_entities(json const &j) -> void {
        std::optional<bpfxx::u32> entry;
        auto const add = [&](std::string tag, bpfxx::u16 to, std::string label) {
            if (label.empty()) label = label_of(c_, tag);
            c_.entities.push_back({std::move(tag), std::move(label), to, entry});
        };
        if (j.is_object()) {
            for (auto const &[key, value] : j.items()) {
                auto const path = below("/entities", key);
                add(tag_bytes(c_, key, path), port(value, path), "");
            }
            return;
        }
        if (!j.is_array()) throw bad_setting{"/entities", fmt::format("{} is no list of entities", type_of(j))};
        for (std::size_t i = 0; i < j.size(); i++) {
            auto const path = fmt::format("/entities/{}", i);
            auto const &e = j[i];
            entry = static_cast<bpfxx::u32>(i);
            object(e, path, {"tag", "tags", "port", "ports", "name"});
            if (e.contains("port") == e.contains("ports"))
                throw bad_setting{path, "an entity needs a port, or with tags also ports [first, last]"};
            if (e.contains("ports") && !e.contains("tags"))
                throw bad_setting{path + "/ports", "ports are for tags: a tag has one port"};
            auto const to = e.contains("port") ? port(e["port"], path + "/port") : bpfxx::u16{0};
            if (e.contains("tag") == e.contains("tags"))
                throw bad_setting{path, "an entity needs a tag, or tags [first, last]"};
            if (e.contains("name") && !e["name"].is_string())
                throw bad_setting{path + "/name", fmt::format("{} is no name", type_of(e["name"]))};
            auto const label = e.contains("name") ? e["name"].get<std::string>() : std::string{};
            if (e.contains("tag")) {
                add(tag_bytes(c_, e["tag"], path + "/tag"), to, label);
                continue;
            }
            auto const &range = e["tags"];
            if (c_.as_bytes || !range.is_array() || range.size() != 2)
                throw bad_setting{path + "/tags",
                                  fmt::format("{} is no range of numbers, [first, last]", type_of(range))};
            bpfxx::u64 const most = (bpfxx::u64{1} << (8 * c_.size)) - 1;
            auto const first = number(range[0], path + "/tags/0", 0, most, "tag");
            auto const last = number(range[1], path + "/tags/1", first, most, "tag that is not before the first");
            if (last - first >= 16'000'000)
                throw bad_setting{path + "/tags", "these are more than 16 million entities"};
            bpfxx::u64 from = to, ports = 65536 - from; // one behind the other, or in turn
            if (e.contains("ports")) {
                auto const &turn = e["ports"];
                if (!turn.is_array() || turn.size() != 2)
                    throw bad_setting{path + "/ports",
                                      fmt::format("{} is no range of ports, [first, last]", type_of(turn))};
                from = port(turn[0], path + "/ports/0");
                ports = number(turn[1], path + "/ports/1", from, 65535, "port that is not before the first") - from + 1;
            } else if (last - first >= ports)
                throw bad_setting{path + "/tags", fmt::format("the last of these would have port {}, which is none: "
                                                              "give ports [first, last] to be taken in turn",
                                                              from + (last - first))};
            c_.entities.reserve(c_.entities.size() + (last - first + 1));
            for (auto n = first; n <= last; n++)
                add(tag_of(c_, n), static_cast<bpfxx::u16>(from + (n - first) % ports),
                    label.empty() ? "" : fmt::format("{}-{}", label, n));
        }
    }
};
} // namespace json_settings

/// What holds of all settings together.
inline auto check(configuration const &c) -> void {
    if (c.watch.empty() && !c.watch_all) throw bad_setting{"/watch", "no port is watched"};
    if (c.least > c.most)
        throw bad_setting{
            "/payload", fmt::format("the smallest good payload, {}, is larger than the largest, {}", c.least, c.most)};
    if (c.most < c.offset + c.size)
        throw bad_setting{"/payload", fmt::format("no payload of {} bytes has a tag of {} bytes at offset {}", c.most,
                                                  c.size, c.offset)};
    std::unordered_set<std::string_view> seen;
    for (auto const &e : c.entities)
        if (!seen.insert(e.tag).second)
            throw bad_setting{e.entry ? fmt::format("/entities/{}", *e.entry) : "/entities",
                              fmt::format("tag {} is given twice", json_settings::settings_reader::label_of(c, e.tag))};
    if (c.capacity != 0 && c.entities.size() > c.capacity)
        throw bad_setting{"/capacity",
                          fmt::format("there are {} entities, more than {}", c.entities.size(), c.capacity)};
}

/// A text of this name that has settings, TOML if the name says so, else JSON.
class settings_text {
    std::string text_, name_;
    bool is_toml_;
    nlohmann::json values_;
    toml_settings::places places_;

  public:
    settings_text(std::string text, std::string name)
        : text_{std::move(text)}, name_{std::move(name)}, is_toml_{name_.ends_with(".toml")} {
        try {
            values_ = is_toml_ ? toml_settings::parsed(text_, places_) : nlohmann::json::parse(text_);
            if (is_toml_) return;
            if (auto const wrong = json_settings::locator{text_}.first_fault())
                throw std::runtime_error{
                    fmt::format("{}:{}: {}", name_, json_settings::line_and_column(text_, wrong->at), wrong->what)};
        } catch (toml_settings::error const &e) {
            throw std::runtime_error{fmt::format("{}:{}:{}: {}", name_, e.where.line, e.where.column, e.what())};
        } catch (nlohmann::json::parse_error const &e) {
            std::string why = e.what();
            if (auto const colon = why.find(": "); colon != why.npos) why = why.substr(colon + 2);
            throw std::runtime_error{fmt::format(
                "{}:{}: no JSON: {}", name_, json_settings::line_and_column(text_, e.byte > 0 ? e.byte - 1 : 0), why)};
        }
    }
    auto values() const -> nlohmann::json const & { return values_; }
    /// Name, line and column of the value at a path, or of what it would be in.
    auto place_of(std::string path) const -> std::string {
        if (!is_toml_)
            return fmt::format("{}:{}", name_,
                               json_settings::line_and_column(text_, json_settings::locator{text_}.find(path)));
        while (!path.empty() && !places_.contains(path))
            path.resize(path.rfind('/') == path.npos ? 0 : path.rfind('/'));
        auto const at = places_.find(path);
        auto const where = at == places_.end() ? toml_settings::place{} : at->second;
        return fmt::format("{}:{}:{}", name_, where.line, where.column);
    }
    /// The settings, not yet checked together.
    auto read() const -> configuration {
        try {
            return json_settings::settings_reader{}.read(values_);
        } catch (bad_setting const &e) {
            throw std::runtime_error{
                fmt::format("{}: {}: {}", place_of(e.path), json_settings::field_name(e.path), e.what())};
        }
    }
};
inline auto read_settings(std::string const &text, std::string const &name) -> configuration {
    return settings_text{text, name}.read();
}
inline auto read_file(std::string const &path) -> std::string {
    std::ifstream file{path};
    if (std::error_code unknown; std::filesystem::is_directory(path, unknown))
        throw std::runtime_error{fmt::format("{}: cannot be read: {}", path, std::strerror(EISDIR))};
    std::ostringstream text;
    if (file) text << file.rdbuf();
    if (!file || file.bad())
        throw std::runtime_error{fmt::format("{}: cannot be read: {}", path, std::strerror(errno))};
    return text.str();
}

inline auto rules_of(configuration const &c) -> rules {
    rules r{};
    r.least = std::max(c.least, c.offset + c.size); // a payload without a tag is too small
    r.most = c.most;
    r.offset = c.offset;
    r.size = c.size;
    r.udp = c.udp;
    r.tcp = c.tcp;
    r.bad_size_drops = c.bad_size_drops;
    r.unknown = static_cast<bpfxx::u32>(c.unknown);
    r.unknown_port = bpfxx::be16{c.unknown_port};
    return r;
}
