// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Which stream goes where: a file of rules, and how a stream's first bytes are read.
#include "socket.hpp"
#include <algorithm>
#include <cctype>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

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

/// The Host of a request, without its port.
inline auto of_http(std::string_view bytes) -> std::optional<wish> {
    for (std::size_t at = 0;;) {
        auto const end = bytes.find('\n', at);
        if (end == bytes.npos) return std::nullopt;
        auto line = bytes.substr(at, end - at);
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        if (line.empty()) return wish{};
        if (line.size() > 5 && lower(line.substr(0, 5)) == "host:") {
            auto value = line.substr(5);
            while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
            while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) value.remove_suffix(1);
            auto const bracket = value.find(']');
            auto const colon = value.find(':', bracket == value.npos ? 0 : bracket);
            return wish{wish_kind::host, lower(value.substr(0, colon)), 0};
        }
        at = end + 1;
    }
}

/// Nothing: more bytes are needed.
inline auto read(std::string_view bytes) -> std::optional<wish> {
    constexpr std::string_view word = "ROUTE ";
    constexpr std::string_view methods[] = {"GET ",     "POST ",    "HEAD ",  "PUT ",  "DELETE ",
                                            "CONNECT ", "OPTIONS ", "TRACE ", "PATCH "};
    if (bytes.empty()) return std::nullopt;
    if (bytes.front() == 22) return of_tls(bytes);
    if (bytes.starts_with(word)) {
        auto const end = bytes.find('\n');
        if (end == bytes.npos) return bytes.size() > 512 ? std::optional{wish{}} : std::nullopt;
        auto name = bytes.substr(word.size(), end - word.size());
        if (!name.empty() && name.back() == '\r') name.remove_suffix(1);
        return wish{wish_kind::line, lower(name), end + 1};
    }
    auto begins = word.starts_with(bytes);
    for (auto const m : methods) {
        if (bytes.starts_with(m)) return of_http(bytes);
        begins = begins || m.starts_with(bytes);
    }
    return begins ? std::nullopt : std::optional{wish{}};
}
} // namespace first_bytes

struct route {
    wish_kind kind;
    std::string name, backend;
    sockaddr_storage to;
    socklen_t to_size;

    auto matches(wish const &w) const -> bool {
        if (kind == wish_kind::none) return true;
        if (kind != w.kind) return false;
        if (name.starts_with("*."))
            return w.name.size() > name.size() - 1 && w.name.ends_with(std::string_view{name}.substr(1));
        return w.name == name;
    }
};

/// A file: `host NAME BACKEND`, `sni NAME BACKEND`, `line NAME BACKEND` and `default BACKEND`, one a line; the first that
/// fits is taken, the default last. NAME may start with `*.`.
class rules {
    std::vector<std::shared_ptr<route>> routes_;

  public:
    static auto read(std::string const &path) -> rules {
        std::ifstream in{path};
        if (!in) throw tcp::error{"cannot open " + path, errno};
        rules all;
        std::vector<std::shared_ptr<route>> defaults;
        std::string text;
        for (u32_t number = 1; std::getline(in, text); number++) {
            std::istringstream words{text.substr(0, text.find('#'))};
            std::string kind, name, backend, more;
            if (!(words >> kind)) continue;
            auto const fail = [&](std::string const &what) {
                throw tcp::error{path + ":" + std::to_string(number) + ": " + what};
            };
            auto made = std::make_shared<route>();
            if (kind == "host" || kind == "sni" || kind == "line") {
                made->kind = kind == "host" ? wish_kind::host : kind == "sni" ? wish_kind::sni : wish_kind::line;
                if (!(words >> name >> backend)) fail("'" + kind + "' takes a name and a backend");
                made->name = lower(name);
            } else if (kind == "default") {
                made->kind = wish_kind::none;
                if (!(words >> backend)) fail("'default' takes a backend");
            } else {
                fail("'" + kind + "' is none of host, sni, line, default");
            }
            if (words >> more) fail("'" + more + "' is too much");
            made->backend = backend;
            auto const colon = backend.rfind(':');
            auto host = backend.substr(0, colon == backend.npos ? 0 : colon);
            if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
            addrinfo hints{};
            hints.ai_socktype = SOCK_STREAM;
            hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
            addrinfo *found = nullptr;
            if (host.empty() || getaddrinfo(host.c_str(), backend.c_str() + colon + 1, &hints, &found) != 0)
                fail("'" + backend + "' is no ADDRESS:PORT");
            __builtin_memcpy(&made->to, found->ai_addr, found->ai_addrlen);
            made->to_size = found->ai_addrlen;
            freeaddrinfo(found);
            (made->kind == wish_kind::none ? defaults : all.routes_).push_back(std::move(made));
        }
        if (defaults.size() > 1) throw tcp::error{path + ": there are several lines 'default'"};
        all.routes_.insert(all.routes_.end(), defaults.begin(), defaults.end());
        return all;
    }
    auto all() const -> std::vector<std::shared_ptr<route>> const & { return routes_; }
    auto find(wish const &w) const -> std::shared_ptr<route> {
        for (auto const &r : routes_)
            if (r->matches(w)) return r;
        return nullptr;
    }

  private:
    using u32_t = unsigned;
};
