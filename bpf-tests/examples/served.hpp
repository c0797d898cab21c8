// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// An example that serves TCP, as a process; and clients that know what they have sent.
#include <array>
#include <atomic>
#include <bpf/bpf.h>
#include <bpfxx/core/int.hpp>
#include <bpfxx/user/descriptor.hpp>
#include <bpfxx/user/error.hpp>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <fstream>
#include <functional>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace bpfxx::test {
using namespace std::chrono_literals;

/// Waits until holds() does; whether it did.
template <class Holds> auto within(std::chrono::milliseconds patience, Holds const &holds) -> bool {
    auto const end = std::chrono::steady_clock::now() + patience;
    while (!holds()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(5ms);
    }
    return true;
}

class served {
    pid_t id_ = -1;
    user::descriptor out_, err_;
    std::string said_, wrote_;

    static auto drain(user::descriptor const &from, std::string &to) -> void {
        char part[4096];
        for (ssize_t n; (n = ::read(from.get(), part, sizeof part)) > 0;) to.append(part, static_cast<std::size_t>(n));
    }

  public:
    /// Starts build/bin/NAME, and waits until it says on which port it serves.
    served(std::string const &name, std::vector<std::string> arguments, bool waits = true) {
        int out[2], err[2];
        if (pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0) throw std::runtime_error{"no pipe"};
        arguments.insert(arguments.begin(), BPFXX_BUILD_DIR "/bin/" + name);
        std::vector<char *> words;
        for (auto &a : arguments) words.push_back(a.data());
        words.push_back(nullptr);
        id_ = fork();
        if (id_ == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            dup2(out[1], 1);
            dup2(err[1], 2);
            execv(words[0], words.data());
            _exit(127);
        }
        close(out[1]);
        close(err[1]);
        out_.reset(out[0]);
        err_.reset(err[0]);
        for (auto const fd : {out[0], err[0]}) fcntl(fd, F_SETFL, O_NONBLOCK);
        if (waits && !within(60s, [&] { return said().find("Ctrl-C") != std::string::npos || !alive(); }))
            throw std::runtime_error{name + " does not start: " + said_};
        if (waits && !alive()) throw std::runtime_error{name + " has ended: " + said()};
    }
    served(served const &) = delete;
    auto operator=(served const &) -> served & = delete;
    ~served() {
        if (id_ > 0) {
            kill(id_, SIGKILL);
            waitpid(id_, nullptr, 0);
        }
    }

    auto id() const -> pid_t { return id_; }
    /// On standard error and on standard output, so far.
    auto said() -> std::string const & {
        drain(err_, said_);
        return said_;
    }
    auto wrote() -> std::string const & {
        drain(out_, wrote_);
        return wrote_;
    }
    /// The port in what it said first.
    auto port() -> u16 {
        auto const &text = said();
        auto const at = text.find(':', text.find(" on ") + 4);
        return static_cast<u16>(std::stoi(text.substr(text[at + 1] == ':' ? text.find("]:") + 2 : at + 1)));
    }
    auto alive() -> bool {
        if (id_ <= 0) return false;
        siginfo_t info{};
        return waitid(P_PID, static_cast<id_t>(id_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == 0;
    }
    auto signal(int which) const -> void { kill(id_, which); }
    /// Its exit status, or 128 + the signal.
    auto ended(std::chrono::milliseconds patience = 60s) -> int {
        if (!within(patience, [&] { return !alive(); })) throw std::runtime_error{"it does not end: " + said()};
        said();
        wrote();
        int status = 0;
        waitpid(std::exchange(id_, -1), &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }

    /// The number behind "name": in the last line that it wrote.
    auto counter(std::string const &name) -> u64 {
        auto const &all = wrote();
        auto const at = all.rfind("\"" + name + "\":");
        if (at == std::string::npos) return 0;
        return std::stoull(all.substr(at + name.size() + 3));
    }

    /// Programs, maps and links that it holds, by their numbers in the kernel.
    struct held {
        std::vector<u32> programs, maps, links;
    };
    auto holds() const -> held {
        held all;
        auto const folder = "/proc/" + std::to_string(id_) + "/fdinfo";
        auto *const d = opendir(folder.c_str());
        if (!d) return all;
        while (auto const *const e = readdir(d)) {
            std::ifstream info{folder + "/" + e->d_name};
            for (std::string word; info >> word;) {
                u32 number = 0;
                if (word == "prog_id:" && info >> number) all.programs.push_back(number);
                if (word == "map_id:" && info >> number) all.maps.push_back(number);
                if (word == "link_id:" && info >> number) all.links.push_back(number);
            }
        }
        closedir(d);
        return all;
    }
    static auto gone(held const &what) -> bool {
        auto const none = [](std::vector<u32> const &ids, int (*open)(u32)) {
            for (auto const id : ids)
                if (auto const fd = user::descriptor{open(id)}) return false;
            return true;
        };
        return none(what.programs, bpf_prog_get_fd_by_id) && none(what.maps, bpf_map_get_fd_by_id) &&
               none(what.links, bpf_link_get_fd_by_id);
    }
};

/// A client. What it sends is a pattern of its own, so that what comes back can be checked byte by byte.
class client {
    user::descriptor fd_;
    u64 seed_;

  public:
    client(u16 port, int family = AF_INET, u64 seed = 1)
        : fd_{socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)}, seed_{seed} {
        sockaddr_storage where{};
        where.ss_family = static_cast<sa_family_t>(family);
        socklen_t size = sizeof(sockaddr_in);
        if (family == AF_INET) {
            reinterpret_cast<sockaddr_in &>(where).sin_addr.s_addr = htonl(INADDR_LOOPBACK);
            reinterpret_cast<sockaddr_in &>(where).sin_port = htons(port);
        } else {
            reinterpret_cast<sockaddr_in6 &>(where).sin6_addr = in6addr_loopback;
            reinterpret_cast<sockaddr_in6 &>(where).sin6_port = htons(port);
            size = sizeof(sockaddr_in6);
        }
        if (connect(fd_.get(), reinterpret_cast<sockaddr *>(&where), size) != 0) throw user::error{"connect", errno};
        auto const on = 1;
        setsockopt(fd_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    /// One that stands already.
    explicit client(user::descriptor fd, u64 seed = 1) : fd_{std::move(fd)}, seed_{seed} {}
    auto fd() const -> int { return fd_.get(); }
    auto close() -> void { fd_.reset(); }
    auto shut() const -> void { shutdown(fd_.get(), SHUT_WR); }
    /// A reset instead of an orderly end.
    auto abort() -> void {
        linger const at_once{1, 0};
        setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        fd_.reset();
    }

    auto say(std::string_view text) const -> void {
        while (!text.empty()) {
            auto const n = send(fd_.get(), text.data(), text.size(), MSG_NOSIGNAL);
            if (n < 0) throw user::error{"send", errno};
            text.remove_prefix(static_cast<std::size_t>(n));
        }
    }
    /// So many bytes, or fewer if the stream ends, or nothing has come for a while.
    auto hear(std::size_t wanted, std::chrono::milliseconds patience = 60s) const -> std::string {
        std::string all(wanted, '\0');
        std::size_t have = 0;
        while (have < wanted) {
            pollfd p{fd_.get(), POLLIN, 0};
            if (poll(&p, 1, static_cast<int>(patience.count())) <= 0) break;
            auto const n = recv(fd_.get(), all.data() + have, wanted - have, 0);
            if (n <= 0) break;
            have += static_cast<std::size_t>(n);
        }
        all.resize(have);
        return all;
    }
    /// Whether the stream ends now, in order and without a further byte.
    auto hears_end(std::chrono::milliseconds patience = 60s) const -> bool {
        pollfd p{fd_.get(), POLLIN, 0};
        char more = 0;
        return poll(&p, 1, static_cast<int>(patience.count())) > 0 && recv(fd_.get(), &more, 1, 0) == 0;
    }

    /// The pattern's 8 bytes at a place that is a multiple of 8.
    auto word(u64 at) const -> u64 {
        auto x = (at + seed_) * 0x9e3779b97f4a7c15u;
        x ^= x >> 29;
        return x * 0xbf58476d1ce4e5b9u;
    }
    auto fill(std::vector<char> &to, u64 at) const -> void {
        for (std::size_t i = 0; i < to.size(); i += 8) {
            auto const w = word(at + i);
            std::memcpy(to.data() + i, &w, 8);
        }
    }
    /// Sends the pattern from `from` to `to`, multiples of 64 KiB.
    auto send_pattern(u64 from, u64 to) const -> void {
        std::vector<char> part(1 << 16);
        for (auto at = from; at < to; at += part.size()) {
            fill(part, at);
            say({part.data(), part.size()});
        }
    }
    /// As much as goes without waiting until nothing has gone for a while, or until there is `most`. How many bytes went, with
    /// those before.
    auto push_pattern(u64 most, std::chrono::milliseconds patience, u64 sent = 0) const -> u64 {
        std::vector<char> part(1 << 16);
        auto last = std::chrono::steady_clock::now();
        while (sent < most && std::chrono::steady_clock::now() - last < patience) {
            fill(part, sent & ~u64{0xffff});
            auto const skip = sent & 0xffff;
            auto const n = send(fd_.get(), part.data() + skip, part.size() - skip, MSG_NOSIGNAL | MSG_DONTWAIT);
            if (n > 0) {
                sent += static_cast<u64>(n);
                last = std::chrono::steady_clock::now();
            } else {
                std::this_thread::sleep_for(1ms);
            }
        }
        return sent;
    }
    /// Whether its kernel waits for a window to open, with more to send: not for a time to send something again.
    auto is_held_up() const -> bool {
        tcp_info info{};
        socklen_t size = sizeof info;
        int unsent = 0;
        return getsockopt(fd_.get(), IPPROTO_TCP, TCP_INFO, &info, &size) == 0 && info.tcpi_unacked == 0 &&
               ioctl(fd_.get(), SIOCOUTQNSD, &unsent) == 0 && unsent > 0;
    }
    /// How many bytes of the pattern come before the stream ends, something else comes, or nothing for a while; between two
    /// reads it waits.
    auto hear_pattern(u64 wanted, std::chrono::microseconds pause = 0us, u64 from = 0) const -> u64 {
        std::vector<char> part(1 << 16), expected(1 << 16);
        u64 at = from;
        while (at < from + wanted) {
            pollfd p{fd_.get(), POLLIN, 0};
            if (poll(&p, 1, 60'000) <= 0) break;
            auto const skip = at & 0xffff;
            fill(expected, at - skip);
            auto const n = recv(fd_.get(), part.data(), std::min(part.size() - skip, from + wanted - at), 0);
            if (n <= 0) break;
            if (std::memcmp(part.data(), expected.data() + skip, static_cast<std::size_t>(n)) != 0) return at - from;
            at += static_cast<u64>(n);
            if (pause.count() > 0) std::this_thread::sleep_for(pause);
        }
        return at - from;
    }
    /// Sends so much, ends its stream, and hears meanwhile. Whether all came back, and then the end.
    auto echoed(u64 bytes, std::chrono::microseconds pause = 0us) const -> bool {
        std::thread sender{[&] {
            try {
                send_pattern(0, bytes);
                shut();
            } catch (user::error const &) { // what did not go does not come back
            }
        }};
        auto const heard = hear_pattern(bytes, pause);
        if (heard != bytes) shutdown(fd_.get(), SHUT_RDWR);
        sender.join();
        return heard == bytes && hears_end();
    }
};

inline auto run_command(std::string const &command) -> bool { return std::system(command.c_str()) == 0; }
} // namespace bpfxx::test
