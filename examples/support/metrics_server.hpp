// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// As much of HTTP/1.1 as a scraper needs: GET /metrics.
#include <algorithm>
#include <bpfxx/user/descriptor.hpp>
#include <bpfxx/user/error.hpp>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <exception>
#include <fmt/format.h>
#include <functional>
#include <netdb.h>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <thread>
#include <utility>
#include <vector>

/// Answers from a thread of its own, many scrapers at a time: one that dawdles holds up neither the others nor the end.
/// `text` is called in that thread.
class metrics_server {
    using clock = std::chrono::steady_clock;
    using descriptor = bpfxx::user::descriptor;

    static constexpr std::size_t most_peers = 64, longest_request = 8192, most_unsent = 64 << 20;
    static constexpr std::chrono::seconds to_ask{5}, to_read{30}, to_close{1};

    enum class phase { asking, waiting, answered, closing };
    struct peer {
        descriptor fd;
        clock::time_point until;
        phase is = phase::asking;
        std::string request{}, answer{};
        std::size_t sent = 0;
    };

    descriptor listening_, stop_{eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    std::function<std::string()> text_;
    std::vector<peer> peers_{};
    std::thread thread_;

    static auto is_port(std::string_view text) -> bool {
        unsigned number = 0;
        for (auto const c : text) {
            if (c < '0' || c > '9' || number > 65535) return false;
            number = 10 * number + static_cast<unsigned>(c - '0');
        }
        return !text.empty() && number <= 65535;
    }
    static auto opened(std::string const &where) -> descriptor {
        auto const colon = where.rfind(':');
        if (colon == where.npos || !is_port(std::string_view{where}.substr(colon + 1)))
            throw bpfxx::user::error{fmt::format("'{}' is no address and port, such as 127.0.0.1:9123", where)};
        auto host = where.substr(0, colon);
        if (host.size() > 1 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
        addrinfo hints{}, *found = nullptr;
        hints.ai_socktype = SOCK_STREAM;
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
        if (auto const code =
                getaddrinfo(host.empty() ? nullptr : host.c_str(), where.c_str() + colon + 1, &hints, &found))
            throw bpfxx::user::error{fmt::format("'{}' is no address and port: {}", where, gai_strerror(code))};
        descriptor s{socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
        int const yes = 1;
        setsockopt(s.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        bool const good = s && bind(s.get(), found->ai_addr, found->ai_addrlen) == 0 && listen(s.get(), 128) == 0;
        auto const code = errno;
        freeaddrinfo(found);
        if (!good) throw bpfxx::user::error{"cannot listen on " + where, code};
        return s;
    }

    static auto is_whole(std::string const &request) -> bool {
        return request.find("\r\n\r\n") != request.npos || request.find("\n\n") != request.npos;
    }
    auto answer_to(std::string const &request) const -> std::string {
        auto const line = request.substr(0, request.find_first_of("\r\n"));
        bool const head = line.starts_with("HEAD ");
        std::string status = "200 OK", type = "application/openmetrics-text; version=1.0.0; charset=utf-8", body;
        auto const path = line.substr(line.find(' ') + 1);
        if (!is_whole(request) || line.find(" HTTP/1.") == line.npos)
            status = "400 Bad Request";
        else if (!head && !line.starts_with("GET "))
            status = "405 Method Not Allowed";
        else if (!path.starts_with("/metrics ") && !path.starts_with("/metrics?"))
            status = "404 Not Found";
        if (status == "200 OK") {
            try {
                body = text_();
            } catch (std::exception const &) {
                status = "500 Internal Server Error";
            }
        }
        if (status != "200 OK") type = "text/plain", body = status + "\n";
        auto answer = fmt::format("HTTP/1.1 {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                                  status, type, body.size());
        if (!head) answer += body;
        return answer;
    }
    /// Reads until there is nothing, or enough. False at the stream's end.
    static auto hear(peer &p) -> bool {
        char part[1024];
        for (std::size_t all = 0; all < longest_request;) {
            auto const n = recv(p.fd.get(), part, sizeof part, 0);
            if (n < 0 && errno == EINTR) continue;
            if (n <= 0) return n < 0 && errno == EAGAIN;
            if (p.is == phase::asking) p.request.append(part, static_cast<std::size_t>(n));
            all += static_cast<std::size_t>(n);
        }
        return true;
    }
    /// False if it has gone.
    static auto send_to(peer &p) -> bool {
        while (p.sent < p.answer.size()) {
            auto const n = send(p.fd.get(), p.answer.data() + p.sent, p.answer.size() - p.sent, MSG_NOSIGNAL);
            if (n < 0 && errno == EINTR) continue;
            if (n < 0 && errno == EAGAIN) return true;
            if (n <= 0) return false;
            p.sent += static_cast<std::size_t>(n);
        }
        // What it still says is heard, or the reset that it would get could overtake the answer.
        shutdown(p.fd.get(), SHUT_WR);
        p.answer = {};
        p.sent = 0;
        p.is = phase::closing;
        p.until = clock::now() + to_close;
        return true;
    }
    /// Does what can be done for a scraper now. False if it is done with.
    auto attend(peer &p, short events, std::size_t &unsent) -> bool {
        if (events != 0 && (p.is == phase::asking || p.is == phase::closing) && !hear(p)) return false;
        if (p.is == phase::asking && (is_whole(p.request) || p.request.size() >= longest_request))
            p.is = phase::waiting;
        if (p.is == phase::waiting) {
            if (unsent >= most_unsent) return true; // answers to those who do not read take memory
            auto const begun = clock::now();
            p.answer = answer_to(p.request);
            unsent += p.answer.size();
            p.is = phase::answered;
            auto const done = clock::now();
            for (auto &other : peers_) other.until += done - begun; // a long text is not their fault
            p.until = done + to_read;
        }
        if (p.is == phase::answered && !send_to(p)) return false;
        return clock::now() < p.until;
    }
    auto serve() -> void {
        clock::time_point rest{}; // before it nobody is accepted
        std::vector<pollfd> waits;
        for (;;) {
            auto const begun = clock::now();
            bool const accepts = peers_.size() < most_peers && begun >= rest;
            waits.assign({{stop_.get(), POLLIN, 0}, {listening_.get(), static_cast<short>(accepts ? POLLIN : 0), 0}});
            auto next = begun + std::chrono::seconds{60};
            if (begun < rest) next = rest;
            for (auto const &p : peers_) {
                auto const events = static_cast<short>(p.is == phase::waiting    ? 0
                                                       : p.is == phase::answered ? POLLOUT
                                                                                 : POLLIN);
                waits.push_back({p.fd.get(), events, 0});
                if (p.is != phase::waiting) next = std::min(next, p.until);
            }
            auto const pause = std::chrono::ceil<std::chrono::milliseconds>(next - begun).count();
            if (poll(waits.data(), waits.size(), static_cast<int>(std::max<std::int64_t>(pause, 0))) < 0) continue;
            if (waits[0].revents != 0) return;
            std::size_t unsent = 0, kept = 0;
            for (auto const &p : peers_) unsent += p.answer.size() - p.sent;
            for (std::size_t i = 0; i < peers_.size(); i++) {
                auto &p = peers_[i];
                if (attend(p, waits[i + 2].revents, unsent)) std::swap(peers_[kept++], p);
            }
            peers_.resize(kept);
            if (waits[1].revents == 0) continue;
            descriptor fd{accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)};
            if (fd)
                peers_.push_back({std::move(fd), clock::now() + to_ask});
            else if (errno != EINTR && errno != ECONNABORTED && errno != EAGAIN) // no descriptor, no memory
                rest = clock::now() + std::chrono::milliseconds{100};
        }
    }

  public:
    metrics_server(std::string const &where, std::function<std::string()> text)
        : listening_{opened(where)}, text_{std::move(text)} {
        if (!stop_) throw bpfxx::user::error{"cannot make an eventfd", errno};
        thread_ = std::thread{[this] { serve(); }};
    }
    metrics_server(metrics_server const &) = delete;
    metrics_server(metrics_server &&) = delete;
    auto operator=(metrics_server const &) -> metrics_server & = delete;
    auto operator=(metrics_server &&) -> metrics_server & = delete;
    /// As ADDRESS:PORT, also if the kernel has chosen the port.
    auto where() const -> std::string {
        sockaddr_storage at{};
        auto size = static_cast<socklen_t>(sizeof at);
        auto *const to = reinterpret_cast<sockaddr *>(&at);
        char host[NI_MAXHOST]{}, port[NI_MAXSERV]{};
        getsockname(listening_.get(), to, &size);
        getnameinfo(to, size, host, sizeof host, port, sizeof port, NI_NUMERICHOST | NI_NUMERICSERV);
        return fmt::format(fmt::runtime(at.ss_family == AF_INET6 ? "[{}]:{}" : "{}:{}"), host, port);
    }
    ~metrics_server() {
        eventfd_write(stop_.get(), 1);
        thread_.join();
    }
};
