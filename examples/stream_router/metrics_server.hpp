// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// As much of HTTP/1.1 as a scraper needs: GET /metrics.
#include "socket.hpp"
#include <bpfxx/user/descriptor.hpp>
#include <bpfxx/user/error.hpp>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <functional>
#include <netdb.h>
#include <string>
#include <sys/socket.h>
#include <sys/time.h>
#include <thread>
#include <unistd.h>

/// Answers from a thread of its own, one scraper at a time. `text` is called there.
class metrics_server {
    bpfxx::user::descriptor listening_;
    std::function<std::string()> text_;
    std::string address_;
    std::thread thread_;

    static auto opened(std::string const &where) -> bpfxx::user::descriptor {
        auto const colon = where.rfind(':');
        if (colon == where.npos)
            throw bpfxx::user::error{fmt::format("'{}' is no address and port, such as 127.0.0.1:9123", where)};
        auto host = where.substr(0, colon);
        if (host.size() > 1 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
        addrinfo hints{}, *found = nullptr;
        hints.ai_socktype = SOCK_STREAM;
        hints.ai_flags = AI_PASSIVE;
        if (auto const code =
                getaddrinfo(host.empty() ? nullptr : host.c_str(), where.c_str() + colon + 1, &hints, &found))
            throw bpfxx::user::error{fmt::format("'{}' is no address and port: {}", where, gai_strerror(code))};
        bpfxx::user::descriptor s{socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0)};
        int const yes = 1;
        setsockopt(s.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        bool const good = s && bind(s.get(), found->ai_addr, found->ai_addrlen) == 0 && listen(s.get(), 16) == 0;
        auto const code = errno;
        freeaddrinfo(found);
        if (!good) throw bpfxx::user::error{"cannot listen on " + where, code};
        return s;
    }
    auto serve(int peer) const -> void {
        timeval const patience{1, 0};
        setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        setsockopt(peer, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
        std::string request;
        char part[1024];
        while (request.find("\r\n\r\n") == request.npos && request.size() < 8192) {
            auto const n = recv(peer, part, sizeof part, 0);
            if (n <= 0) return;
            request.append(part, static_cast<std::size_t>(n));
        }
        auto const line = request.substr(0, request.find("\r\n"));
        bool const head = line.starts_with("HEAD ");
        std::string status = "200 OK", type = "application/openmetrics-text; version=1.0.0; charset=utf-8", body;
        auto const path = line.substr(line.find(' ') + 1);
        if (!head && !line.starts_with("GET "))
            status = "405 Method Not Allowed";
        else if (!path.starts_with("/metrics ") && !path.starts_with("/metrics?"))
            status = "404 Not Found";
        if (status == "200 OK")
            body = text_();
        else
            type = "text/plain", body = status + "\n";
        auto answer = fmt::format("HTTP/1.1 {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                                  status, type, body.size());
        if (!head) answer += body;
        for (std::size_t sent = 0; sent < answer.size();) {
            auto const n = send(peer, answer.data() + sent, answer.size() - sent, MSG_NOSIGNAL);
            if (n <= 0) return;
            sent += static_cast<std::size_t>(n);
        }
    }

  public:
    metrics_server(std::string const &where, std::function<std::string()> text)
        : listening_{opened(where)}, text_{std::move(text)}, address_{tcp::name_of(listening_.get())}, thread_{[this] {
              for (;;) {
                  bpfxx::user::descriptor const peer{accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC)};
                  if (peer)
                      serve(peer.get());
                  else if (errno != EINTR && errno != ECONNABORTED && errno != EMFILE)
                      return;
              }
          }} {}
    metrics_server(metrics_server const &) = delete;
    metrics_server(metrics_server &&) = delete;
    auto operator=(metrics_server const &) -> metrics_server & = delete;
    auto operator=(metrics_server &&) -> metrics_server & = delete;
    /// As ADDRESS:PORT, also if the kernel has chosen the port.
    auto where() const -> std::string { return address_; }
    ~metrics_server() {
        shutdown(listening_.get(), SHUT_RDWR);
        thread_.join();
    }
};
