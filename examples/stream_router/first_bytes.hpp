// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// What a stream's first bytes say: a routing line, an HTTP request's Host, the server's name in a TLS client hello.
#include <cctype>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// What a stream's first bytes say about where it wants to go.
enum class wish_kind { line, host, sni, none };
inline auto name_of(wish_kind k) -> char const * {
    constexpr char const *names[] = {"line", "host", "sni", "default"};
    return names[static_cast<int>(k)];
}
struct wish {
    wish_kind kind = wish_kind::none;
    std::string name;         // in lower case
    std::size_t consumed = 0; // bytes that are for the router only
};

inline constexpr std::size_t most_first_bytes = 16 << 10;

inline auto starts_tls(std::string_view bytes) -> bool { return !bytes.empty() && bytes.front() == 22; }
inline auto lower(std::string_view text) -> std::string {
    std::string out{text};
    for (auto &c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return out;
}

namespace first_bytes {
/// Numbers of TLS, each checked against what is there.
class reader {
    std::string_view rest_;
    bool short_ = false;

  public:
    explicit reader(std::string_view bytes) : rest_{bytes} {}
    auto number(std::size_t bytes) -> std::size_t {
        auto const part = take(bytes);
        std::size_t n = 0;
        for (auto const c : part) n = n << 8 | static_cast<unsigned char>(c);
        return n;
    }
    auto take(std::size_t bytes) -> std::string_view {
        if (bytes > rest_.size()) {
            short_ = true;
            bytes = rest_.size();
        }
        auto const part = rest_.substr(0, bytes);
        rest_.remove_prefix(bytes);
        return part;
    }
    auto empty() const -> bool { return rest_.empty(); }
    auto is_short() const -> bool { return short_; }
};

/// The server's name in a client hello, which may be spread over several records. Nothing: more bytes are needed.
inline auto of_tls(std::string_view bytes) -> std::optional<wish> {
    std::string hello;
    for (reader records{bytes}; !records.empty();) {
        auto const type = records.number(1);
        records.take(2);
        auto const part = records.take(records.number(2));
        if (type != 22) break;
        hello += part;
        if (records.is_short()) break;
    }
    reader in{hello};
    if (in.number(1) != 1 && !in.is_short()) return wish{}; // no client hello
    auto const length = in.number(3);
    if (in.is_short() || hello.size() < 4 + length) return std::nullopt;
    reader body{in.take(length)};
    body.take(2 + 32);
    body.take(body.number(1));
    body.take(body.number(2));
    body.take(body.number(1));
    reader extensions{body.take(body.number(2))};
    while (!extensions.empty() && !extensions.is_short()) {
        auto const type = extensions.number(2);
        reader extension{extensions.take(extensions.number(2))};
        if (type != 0) continue;
        reader names{extension.take(extension.number(2))};
        while (!names.empty() && !names.is_short()) {
            auto const kind = names.number(1);
            auto const name = names.take(names.number(2));
            if (kind == 0 && !name.empty()) return wish{wish_kind::sni, lower(name), 0};
        }
    }
    return wish{};
}

/// A name without the port, and without the dot of a name that is complete.
inline auto host_of(std::string_view authority) -> wish {
    auto const bracket = authority.find(']');
    auto host = authority.substr(0, authority.find(':', bracket == authority.npos ? 0 : bracket));
    if (host.ends_with('.')) host.remove_suffix(1);
    return wish{wish_kind::host, lower(host), 0};
}
/// The host that is in the request's own line, if it is: it then takes precedence over the header.
inline auto host_of_target(std::string_view line) -> std::optional<wish> {
    auto target = line.substr(line.find(' ') + 1);
    target = target.substr(0, target.find(' '));
    if (line.starts_with("CONNECT ")) return host_of(target);
    auto const scheme = target.find("://");
    if (scheme == target.npos || target.front() == '/') return std::nullopt;
    target.remove_prefix(scheme + 3);
    target = target.substr(0, target.find_first_of("/?#"));
    return host_of(target.substr(target.rfind('@') + 1));
}
/// The Host of a request.
inline auto of_http(std::string_view bytes) -> std::optional<wish> {
    for (std::size_t at = 0;;) {
        auto const end = bytes.find('\n', at);
        if (end == bytes.npos) return std::nullopt;
        auto line = bytes.substr(at, end - at);
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        if (line.empty()) return wish{};
        if (at == 0 && line.find(" HTTP/1.") == line.npos) return wish{};
        if (at == 0) {
            if (auto const named = host_of_target(line)) return named;
        } else if (line.size() > 5 && lower(line.substr(0, 5)) == "host:") {
            auto value = line.substr(5);
            while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
            while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) value.remove_suffix(1);
            return host_of(value);
        }
        at = end + 1;
    }
}
/// Whether a request of HTTP begins so: a method of any name, and then a target. Nothing: more bytes are needed.
inline auto is_http(std::string_view bytes) -> std::optional<bool> {
    constexpr std::size_t longest_method = 32;
    auto const is_of_method = [](char c) { return (c >= 'A' && c <= 'Z') || c == '-' || c == '_'; };
    std::size_t length = 0;
    while (length < bytes.size() && length <= longest_method && is_of_method(bytes[length])) length++;
    if (length == 0 || length > longest_method) return false;
    if (length + 1 >= bytes.size())
        return length == bytes.size() || bytes[length] == ' ' ? std::nullopt : std::optional{false};
    if (bytes[length] != ' ') return false;
    auto const next = std::tolower(static_cast<unsigned char>(bytes[length + 1]));
    return next == '/' || next == '*' || next == 'h' || bytes.starts_with("CONNECT ");
}

/// Nothing: more bytes are needed.
inline auto read(std::string_view bytes) -> std::optional<wish> {
    constexpr std::string_view word = "ROUTE ";
    if (bytes.empty()) return std::nullopt;
    if (starts_tls(bytes)) return of_tls(bytes);
    if (bytes.starts_with(word)) {
        auto const end = bytes.find('\n');
        if (end == bytes.npos) return bytes.size() > 512 ? std::optional{wish{}} : std::nullopt;
        auto name = bytes.substr(word.size(), end - word.size());
        if (!name.empty() && name.back() == '\r') name.remove_suffix(1);
        return wish{wish_kind::line, lower(name), end + 1};
    }
    auto request = bytes; // which may have an empty line before it
    while (request.starts_with("\r\n")) request.remove_prefix(2);
    if (request.empty() || request == "\r") return std::nullopt;
    auto const http = is_http(request);
    if (!http) return std::nullopt;
    return *http ? of_http(request) : wish{};
}
} // namespace first_bytes
