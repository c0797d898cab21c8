// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Load for a server or a router of TCP, in one thread: clients, and with a router also the backend behind it. Prints how
/// much went through, and how long the CPU was busy meanwhile.
#include <arpa/inet.h>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <sstream>
#include <stdexcept>
#include <string>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace {
using clock_type = std::chrono::steady_clock;
enum class kind { trips, stream, writes };

auto failed(char const *what) -> std::runtime_error {
    return std::runtime_error{std::string{what} + ": " + std::strerror(errno)};
}
auto loopback(int port) -> sockaddr_in {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    where.sin_port = htons(static_cast<std::uint16_t>(port));
    return where;
}
auto no_delay(int fd) -> void {
    int const on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

/// A client's socket and the one at which what it sends comes out: with an echo server the same.
struct lane {
    int near, far;
    std::size_t to_far = 0, to_near = 0; // bytes of this trip that have not arrived
};

class load {
    kind kind_;
    std::size_t size_;
    std::vector<lane> lanes_;
    std::vector<char> buffer_ = std::vector<char>(1 << 18, 'x');
    int poll_ = epoll_create1(0);

    auto send_all(int fd, std::size_t bytes) -> void {
        while (bytes > 0) {
            auto const n = send(fd, buffer_.data(), bytes, MSG_NOSIGNAL);
            if (n < 0) throw failed("send");
            bytes -= static_cast<std::size_t>(n);
        }
    }
    /// What is there, up to so many bytes.
    auto take(int fd, std::size_t most) -> std::size_t {
        auto const n = recv(fd, buffer_.data(), std::min(most, buffer_.size()), MSG_DONTWAIT);
        if (n == 0) throw std::runtime_error{"a stream has ended"};
        if (n < 0 && errno != EAGAIN) throw failed("recv");
        return n < 0 ? 0 : static_cast<std::size_t>(n);
    }
    auto begin_trip(lane &l) -> void {
        l.to_far = l.near == l.far ? 0 : size_;
        l.to_near = size_;
        send_all(l.near, size_);
    }
    auto trip(lane &l, bool at_far) -> void {
        auto &left = at_far ? l.to_far : l.to_near;
        auto const n = take(at_far ? l.far : l.near, left);
        left -= n;
        moved += n;
        if (n == 0 || left > 0) return;
        if (at_far) return send_all(l.far, size_);
        trips++;
        begin_trip(l);
    }
    auto push(int fd) -> void {
        for (auto times = kind_ == kind::writes ? 64 : 1; times > 0; times--) {
            auto const n = send(fd, buffer_.data(), size_, MSG_NOSIGNAL | MSG_DONTWAIT);
            if (n < 0 && errno != EAGAIN) throw failed("send");
            if (n < static_cast<ssize_t>(size_)) return;
        }
    }
    auto watch(int fd, unsigned events, std::uint64_t tag) const -> void {
        epoll_event e{events, {.u64 = tag}};
        if (epoll_ctl(poll_, EPOLL_CTL_ADD, fd, &e) != 0) throw failed("epoll_ctl");
    }

  public:
    std::uint64_t trips = 0, moved = 0;

    load(kind k, std::size_t size, int count, int port, int backend, std::string const &hello) : kind_{k}, size_{size} {
        auto listening = -1;
        if (backend != 0) {
            auto const where = loopback(backend);
            int const on = 1;
            listening = socket(AF_INET, SOCK_STREAM, 0);
            setsockopt(listening, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
            if (bind(listening, reinterpret_cast<sockaddr const *>(&where), sizeof where) != 0) throw failed("bind");
            if (listen(listening, 64) != 0) throw failed("listen");
        }
        auto const where = loopback(port);
        for (auto i = 0; i < count; i++) {
            lane l{socket(AF_INET, SOCK_STREAM, 0), -1};
            if (connect(l.near, reinterpret_cast<sockaddr const *>(&where), sizeof where) != 0) throw failed("connect");
            no_delay(l.near);
            if (!hello.empty() && send(l.near, hello.data(), hello.size(), MSG_NOSIGNAL) < 0) throw failed("send");
            l.far = backend != 0 ? accept(listening, nullptr, nullptr) : l.near;
            if (l.far < 0) throw failed("accept");
            no_delay(l.far);
            lanes_.push_back(l);
        }
        auto const near_events = k == kind::trips ? unsigned{EPOLLIN} : backend != 0 ? EPOLLOUT : EPOLLIN | EPOLLOUT;
        for (std::size_t i = 0; i < lanes_.size(); i++) {
            watch(lanes_[i].near, near_events, 2 * i);
            if (backend != 0) watch(lanes_[i].far, EPOLLIN, 2 * i + 1);
        }
        if (k == kind::trips)
            for (auto &l : lanes_) begin_trip(l);
    }
    auto run_until(clock_type::time_point end) -> void {
        epoll_event events[64];
        while (clock_type::now() < end) {
            auto const n = epoll_wait(poll_, events, 64, 1000);
            if (n == 0) throw std::runtime_error{"nothing has moved for a second"};
            for (auto i = 0; i < n; i++) {
                auto &l = lanes_[events[i].data.u64 / 2];
                auto const at_far = events[i].data.u64 % 2 == 1;
                if (kind_ == kind::trips) {
                    trip(l, at_far);
                    continue;
                }
                if ((events[i].events & EPOLLIN) != 0) moved += take(at_far ? l.far : l.near, buffer_.size());
                if ((events[i].events & EPOLLOUT) != 0) push(l.near);
            }
        }
    }
};

/// How many seconds this CPU has not been idle.
auto busy_seconds() -> double {
    std::ifstream all{"/proc/stat"};
    auto const name = "cpu" + std::to_string(sched_getcpu());
    for (std::string line; std::getline(all, line);) {
        std::istringstream words{line};
        std::string which;
        double user = 0, nice = 0, system = 0, idle = 0, wait = 0, irq = 0, soft = 0;
        words >> which >> user >> nice >> system >> idle >> wait >> irq >> soft;
        if (which == name) return (user + nice + system + irq + soft) / static_cast<double>(sysconf(_SC_CLK_TCK));
    }
    return 0;
}
} // namespace

/// load KIND SIZE LANES SECONDS PORT BACKEND [HELLO]: BACKEND is 0 for an echo server.
auto main(int count, char **words) -> int {
    try {
        if (count < 7) throw std::runtime_error{"load KIND SIZE LANES SECONDS PORT BACKEND [HELLO]"};
        std::map<std::string, kind> const kinds{
            {"trips", kind::trips}, {"stream", kind::stream}, {"writes", kind::writes}};
        std::string hello = count > 7 ? std::string{words[7]} + "\n" : "";
        load l{kinds.at(words[1]),  std::stoul(words[2]), std::stoi(words[3]),
               std::stoi(words[5]), std::stoi(words[6]),  hello};
        l.run_until(clock_type::now() + std::chrono::milliseconds{200}); // until it runs evenly
        auto const trips = l.trips, moved = l.moved;
        auto const busy = busy_seconds();
        auto const start = clock_type::now();
        l.run_until(start + std::chrono::milliseconds{static_cast<long>(std::stod(words[4]) * 1000)});
        auto const seconds = std::chrono::duration<double>(clock_type::now() - start).count();
        std::printf("{\"trips\": %llu, \"bytes\": %llu, \"seconds\": %.4f, \"busy\": %.2f}\n",
                    static_cast<unsigned long long>(l.trips - trips), static_cast<unsigned long long>(l.moved - moved),
                    seconds, busy_seconds() - busy);
        std::fflush(stdout);
        _exit(0);
    } catch (std::exception const &e) {
        std::fprintf(stderr, "load: %s\n", e.what());
        return 1;
    }
}
