// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Which stream goes where: a file of rules.
#include "first_bytes.hpp"
#include <algorithm>
#include <bpfxx/user/error.hpp>
#include <cerrno>
#include <fmt/format.h>
#include <fstream>
#include <memory>
#include <netdb.h>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unordered_map>
#include <vector>

struct route {
    wish_kind kind;
    std::string name, backend;
    sockaddr_storage to;
    socklen_t to_size;

    auto label() const -> std::string {
        if (kind == wish_kind::none) return fmt::format("{} {}", name_of(kind), backend);
        return fmt::format("{} {} {}", name_of(kind), name, backend);
    }
};

/// A file: `host NAME BACKEND`, `sni NAME BACKEND`, `line NAME BACKEND` and `default BACKEND`, one a line; the first that
/// fits is taken, the default last. NAME may start with `*.`, for all names that end so, or be `*`.
class rules {
    std::vector<std::shared_ptr<route const>> routes_;
    std::unordered_map<std::string, std::size_t> by_name_; // kind and name to the first such route
    std::shared_ptr<route const> default_;

    /// From 1 to 65535: getaddrinfo() would take others too, and connect to what is left of them in 16 bits.
    static auto is_port(std::string_view text) -> bool {
        unsigned number = 0;
        for (auto const c : text) {
            if (c < '0' || c > '9' || number > 65535) return false;
            number = 10 * number + static_cast<unsigned>(c - '0');
        }
        return number > 0 && number <= 65535;
    }
    static auto key(wish_kind kind, std::string_view name) -> std::string {
        return fmt::format("{} {}", name_of(kind), name);
    }
    /// What this line asks for; nothing for a blank one. `fail(what)` does not return.
    template <class Fail> static auto parsed(std::string const &text, Fail const &fail) -> std::optional<route> {
        std::istringstream words{text.substr(0, text.find('#'))};
        std::string kind, more;
        if (!(words >> kind)) return std::nullopt;
        route made{};
        if (kind == "host" || kind == "sni" || kind == "line") {
            made.kind = kind == "host" ? wish_kind::host : kind == "sni" ? wish_kind::sni : wish_kind::line;
            if (!(words >> made.name >> made.backend)) fail(fmt::format("'{}' takes a name and a backend", kind));
            made.name = lower(made.name);
            if (made.kind == wish_kind::host && made.name.ends_with('.')) made.name.pop_back();
        } else if (kind == "default") {
            made.kind = wish_kind::none;
            if (!(words >> made.backend)) fail("'default' takes a backend");
        } else {
            fail(fmt::format("'{}' is none of host, sni, line, default", kind));
        }
        if (words >> more) fail(fmt::format("'{}' is too much", more));
        auto const colon = made.backend.rfind(':');
        auto host = made.backend.substr(0, colon == std::string::npos ? 0 : colon);
        if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
        addrinfo hints{}, *found = nullptr;
        hints.ai_socktype = SOCK_STREAM;
        hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
        auto const *const port = host.empty() ? "" : made.backend.c_str() + colon + 1;
        if (host.empty() || !is_port(port) || getaddrinfo(host.c_str(), port, &hints, &found) != 0)
            fail(fmt::format("'{}' is no ADDRESS:PORT", made.backend));
        __builtin_memcpy(&made.to, found->ai_addr, found->ai_addrlen);
        made.to_size = found->ai_addrlen;
        freeaddrinfo(found);
        return made;
    }

  public:
    static auto read(std::string const &path) -> rules {
        std::ifstream in{path};
        if (!in) throw bpfxx::user::error{"cannot open " + path, errno};
        rules all;
        std::string text;
        for (unsigned number = 1; std::getline(in, text); number++) {
            auto const fail = [&](std::string const &what) {
                throw bpfxx::user::error{fmt::format("{}:{}: {}", path, number, what)};
            };
            auto const line = parsed(text, fail);
            if (!line) continue;
            auto const made = std::make_shared<route const>(*line);
            if (made->kind == wish_kind::none) {
                if (all.default_) fail("a second 'default'");
                all.default_ = made;
            } else if (!all.by_name_.emplace(key(made->kind, made->name), all.routes_.size()).second) {
                fail(fmt::format("a second rule for '{}'", key(made->kind, made->name)));
            }
            all.routes_.push_back(made);
        }
        if (in.bad()) throw bpfxx::user::error{"cannot read " + path, errno};
        if (all.routes_.empty()) throw bpfxx::user::error{path + ": there is no rule in it"};
        return all;
    }
    auto all() const -> std::vector<std::shared_ptr<route const>> const & { return routes_; }
    auto find(wish const &w) const -> std::shared_ptr<route const> {
        if (w.kind == wish_kind::none) return default_;
        auto best = routes_.size();
        auto const look = [&](std::string_view name) {
            if (auto const at = by_name_.find(key(w.kind, name)); at != by_name_.end())
                best = std::min(best, at->second);
        };
        look(w.name);
        for (auto dot = w.name.find('.'); dot != std::string::npos; dot = w.name.find('.', dot + 1))
            look("*" + w.name.substr(dot));
        look("*");
        return best < routes_.size() ? routes_[best] : default_;
    }
};
