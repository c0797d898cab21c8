// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// The router: reads a stream's first bytes, connects to where they want to go, hands both sockets to the kernel, does
/// what only user space can, and closes when all is said.
#include "kernel_router.hpp"
#include "rules.hpp"
#include <array>
#include <bpfxx/user/signals.hpp>
#include <chrono>
#include <csignal>
#include <fmt/format.h>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <vector>

using bpfxx::u16;
using bpfxx::u32;
using bpfxx::u64;
using bpfxx::user::descriptor;
using bpfxx::user::error;

struct options {
    std::string rules;
    std::vector<std::string> addresses{"0.0.0.0", "::"};
    u16 port = 8080;
    std::optional<u16> metrics; // on the loopback interface
    u64 budget = 512 << 10;
    std::chrono::milliseconds first_bytes{10'000}, connect{5'000}, half_closed{300'000}, grace{10'000};
    u64 half_closed_bytes = u64{1} << 30;
};

/// Of the streams that took a route, those that took none included.
struct figures {
    u64 streams = 0, open = 0, unmatched = 0, refused = 0, down = 0, reset = 0, limited = 0;
    u64 in_kernel = 0, in_user_space = 0; // bytes, in both directions
};

class router {
    using clock = std::chrono::steady_clock;
    enum class phase { reading, connecting, relaying };
    struct side {
        descriptor fd;
        u64 cookie = 0;
        u32 armed = 0;
        bool inlet = false; // the verdict sees what arrives here
        bool ended = false; // its peer has ended its stream
        bool quiet = false; // and all of it has been read here
        bool told = false;  // we have ended ours
        bool reads = false, writes = false;
        std::unique_ptr<std::array<char, 64 << 10>> buffer; // what arrived here, on its way to the other side
        std::size_t begin = 0, end = 0;
        std::optional<u64> caught_up;
    };
    struct pair {
        phase is = phase::reading;
        std::array<side, 2> sides; // the client's, the backend's
        std::shared_ptr<route> to;
        std::shared_ptr<figures> counts;
        wish wanted;
        u64 serial = 0, seen = 0;
        u64 base_bytes = 0; // had come from the other side when one had ended
        clock::time_point since{}, half_closed{};
        std::chrono::milliseconds pause{1};
    };
    struct appointment {
        clock::time_point when;
        u32 number;
        u64 serial;
        auto operator>(appointment const &other) const -> bool { return when > other.when; }
    };
    static constexpr u64 listener_tag = u64{1} << 32, other_tag = u64{2} << 32;
    static constexpr int closed_state = 7; // TCP_CLOSE, which <linux/tcp.h> does not have

    options options_;
    rules rules_;
    tcp::buffers buffers_;
    bpfxx::user::signals signals_;
    sigset_t hang_up_{};
    descriptor reload_, poll_;
    std::optional<kernel_router> kernel_;
    std::vector<tcp::listener> listeners_;
    std::optional<tcp::listener> metrics_;
    std::vector<std::unique_ptr<pair>> pairs_;
    std::vector<u32> free_;
    std::priority_queue<appointment, std::vector<appointment>, std::greater<>> appointments_;
    std::map<std::string, std::shared_ptr<figures>> figures_;
    u64 serials_ = 0, open_ = 0, reloads_ = 0, bad_reloads_ = 0;
    std::optional<clock::time_point> stopping_, accept_again_;
    std::function<void(std::string const &)> tell_;

  public:
    router(options const &o, std::function<void(std::string const &)> tell)
        : options_{o}, rules_{rules::read(o.rules)}, poll_{epoll_create1(EPOLL_CLOEXEC)}, tell_{std::move(tell)} {
        if (!poll_) throw error{"cannot make an epoll instance", errno};
        sigemptyset(&hang_up_);
        sigaddset(&hang_up_, SIGHUP);
        pthread_sigmask(SIG_BLOCK, &hang_up_, nullptr);
        reload_.reset(signalfd(-1, &hang_up_, SFD_CLOEXEC | SFD_NONBLOCK));
        if (!reload_) throw error{"cannot wait for signals (signalfd)", errno};
        // As in examples/sockmap_echo: the limit of what is received is more than a window and all that is not counted yet.
        auto const b = static_cast<int>(o.budget);
        buffers_ = {12 * b, 4 * b, 4 * b};
        kernel_.emplace(settings{o.budget, o.budget / 4, 3 * o.budget, 24 * o.budget}, [this](u32 n) { called(n); });
        auto port = o.port;
        for (auto const &address : o.addresses) {
            auto made = tcp::listen_on(address, port, buffers_);
            if (!made) continue;
            port = tcp::port_of(made->where);
            guard(made->fd.get());
            watch(made->fd.get(), EPOLLIN, listener_tag + listeners_.size());
            listeners_.push_back(std::move(*made));
        }
        if (listeners_.empty()) throw error{"this machine has none of these addresses"};
        if (o.metrics) {
            metrics_ = tcp::listen_on("127.0.0.1", *o.metrics, {0, 0, 0});
            if (!metrics_) throw error{"cannot listen on 127.0.0.1"};
            watch(metrics_->fd.get(), EPOLLIN, other_tag + 3);
        }
        watch(kernel_->calls().epoll_fd(), EPOLLIN, other_tag);
        watch(signals_.fd(), EPOLLIN, other_tag + 1);
        watch(reload_.get(), EPOLLIN, other_tag + 2);
        pairs_.resize(most_pairs);
        for (u32 i = most_pairs; i > 0;) free_.push_back(--i);
        for (auto const &r : rules_.all()) counts_of(label(*r));
        counts_of("none");
    }
    router(router const &) = delete;
    auto operator=(router const &) -> router & = delete;

    auto listeners() const -> std::vector<tcp::listener> const & { return listeners_; }
    auto metrics() const -> std::optional<tcp::listener> const & { return metrics_; }
    auto open() const -> u64 { return open_; }
    /// By route; what is still open is in it.
    auto table() const -> std::map<std::string, figures> {
        std::map<std::string, figures> all;
        for (auto const &[name, f] : figures_) all[name] = *f;
        for (u32 k = 0; k < pairs_.size() && open_ > 0; k++) {
            if (!pairs_[k] || pairs_[k]->is != phase::relaying) continue;
            for (auto &[name, f] : figures_)
                if (f == pairs_[k]->counts) add_to(all[name], k);
        }
        return all;
    }

    template <class Tick> auto run(Tick const &tick) -> void {
        std::array<epoll_event, 512> events{};
        auto next_tick = clock::now();
        while (!(stopping_ && open_ == 0)) {
            auto const now = clock::now();
            if (now >= next_tick) {
                tick();
                next_tick = now + std::chrono::seconds{1};
            }
            if (stopping_ && now >= *stopping_ + options_.grace) return;
            auto const n = epoll_wait(poll_.get(), events.data(), static_cast<int>(events.size()), patience(next_tick));
            if (n < 0 && errno != EINTR) throw error{"cannot wait for events", errno};
            for (int i = 0; i < n; i++) happened(events[static_cast<std::size_t>(i)]);
            while (!appointments_.empty() && appointments_.top().when <= clock::now()) {
                auto const [when, k, serial] = appointments_.top();
                appointments_.pop();
                if (pairs_[k] && pairs_[k]->serial == serial) attend(k);
            }
            if (accept_again_ && clock::now() >= *accept_again_) {
                accept_again_.reset();
                for (std::size_t i = 0; i < listeners_.size(); i++)
                    rearm(listeners_[i].fd.get(), EPOLLIN, listener_tag + i);
            }
        }
    }

    auto open_metrics() const -> std::string {
        std::string out;
        auto const all = table();
        auto const family = [&](char const *name, char const *type, char const *help, auto const &value) {
            out += fmt::format("# TYPE {} {}\n# HELP {} {}\n", name, type, name, help);
            auto const *const suffix = std::string_view{type} == "counter" ? "_total" : "";
            for (auto const &[route, f] : all)
                out += fmt::format("{}{}{{route=\"{}\"}} {}\n", name, suffix, route, value(f));
        };
        family("stream_router_streams", "counter", "Streams that took this route.", [](auto &f) { return f.streams; });
        family("stream_router_open", "gauge", "Streams that are open.", [](auto &f) { return f.open; });
        family("stream_router_backend_down", "counter", "Streams whose backend could not be reached.",
               [](auto &f) { return f.down; });
        family("stream_router_refused", "counter", "Streams that no rule fits, or that did not say where to.",
               [](auto &f) { return f.refused; });
        family("stream_router_reset", "counter", "Streams that ended by a reset.", [](auto &f) { return f.reset; });
        family("stream_router_limited", "counter", "Half-closed streams that were cut off.",
               [](auto &f) { return f.limited; });
        family("stream_router_kernel_bytes", "counter", "Bytes that stayed in the kernel.",
               [](auto &f) { return f.in_kernel; });
        family("stream_router_user_bytes", "counter", "Bytes that user space sent on.",
               [](auto &f) { return f.in_user_space; });
        out += fmt::format("# TYPE stream_router_entries gauge\n# HELP stream_router_entries Sockets in the kernel's "
                           "maps.\nstream_router_entries {}\n",
                           kernel_->entries());
        out += fmt::format("# TYPE stream_router_reloads counter\n# HELP stream_router_reloads Rules that were read "
                           "again.\nstream_router_reloads_total{{result=\"ok\"}} {}\n"
                           "stream_router_reloads_total{{result=\"failed\"}} {}\n# EOF\n",
                           reloads_, bad_reloads_);
        return out;
    }

  private:
    static auto label(route const &r) -> std::string {
        return r.kind == wish_kind::none ? "default " + r.backend
                                         : std::string{::name_of(r.kind)} + " " + r.name + " " + r.backend;
    }
    auto counts_of(std::string const &name) -> std::shared_ptr<figures> {
        auto &f = figures_[name];
        if (!f) f = std::make_shared<figures>();
        return f;
    }
    auto guard(int fd) const -> void {
        if (!tcp::set(fd, SOL_SOCKET, SO_ATTACH_BPF, kernel_->guard()))
            throw error{"cannot attach program 'splice_guard' to a socket", errno};
    }
    auto watch(int fd, u32 events, u64 tag) const -> void {
        epoll_event e{events, {.u64 = tag}};
        if (epoll_ctl(poll_.get(), EPOLL_CTL_ADD, fd, &e) != 0) throw error{"cannot watch a descriptor", errno};
    }
    auto rearm(int fd, u32 events, u64 tag) const -> void {
        epoll_event e{events, {.u64 = tag}};
        if (epoll_ctl(poll_.get(), EPOLL_CTL_MOD, fd, &e) != 0) throw error{"cannot watch a descriptor", errno};
    }
    auto arm(u32 k, u32 which) const -> void {
        auto &s = pairs_[k]->sides[which];
        auto const events = (s.reads ? static_cast<u32>(EPOLLIN) : 0) | (s.writes ? static_cast<u32>(EPOLLOUT) : 0);
        if (s.armed == events) return;
        s.armed = events;
        rearm(s.fd.get(), events | EPOLLRDHUP | EPOLLET, 2 * k + which);
    }
    auto patience(clock::time_point next_tick) const -> int {
        auto until = next_tick;
        if (!appointments_.empty()) until = std::min(until, appointments_.top().when);
        if (accept_again_) until = std::min(until, *accept_again_);
        auto const left = std::chrono::ceil<std::chrono::milliseconds>(until - clock::now());
        return static_cast<int>(std::max<std::chrono::milliseconds::rep>(0, left.count()));
    }
    auto look_again(u32 k) -> void {
        auto &p = *pairs_[k];
        appointments_.push({clock::now() + p.pause, k, p.serial});
        p.pause = std::min(p.pause * 2, std::chrono::milliseconds{50});
    }

    auto happened(epoll_event const &e) -> void {
        auto const tag = e.data.u64;
        if (tag == other_tag) {
            kernel_->calls().consume();
        } else if (tag == other_tag + 1) {
            if (signals_.stop_requested()) stop();
        } else if (tag == other_tag + 2) {
            reload();
        } else if (tag == other_tag + 3) {
            answer_metrics();
        } else if (tag >= listener_tag) {
            accept_from(tag - listener_tag);
        } else if (auto const k = static_cast<u32>(tag >> 1); pairs_[k]) {
            auto &p = *pairs_[k];
            auto &s = p.sides[tag & 1];
            if (!s.fd) return;
            if (p.is == phase::connecting && (tag & 1) == 1) return connected(k);
            if ((e.events & EPOLLRDHUP) != 0 && !s.ended) {
                s.ended = true;
                p.pause = std::chrono::milliseconds{1};
            }
            auto const over = (e.events & EPOLLHUP) != 0 && !(s.told && s.ended) &&
                              tcp::info_of(s.fd.get()).tcpi_state == closed_state;
            if ((e.events & EPOLLERR) != 0 || over) return cut(k);
            attend(k);
        }
    }

    auto accept_from(std::size_t which) -> void {
        while (true) {
            auto fd = descriptor{accept4(listeners_[which].fd.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)};
            if (!fd) {
                if (errno == ECONNABORTED || errno == EINTR || errno == EPROTO) continue;
                if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) rest();
                return;
            }
            if (free_.empty()) return rest();
            auto const k = free_.back();
            free_.pop_back();
            auto &p = *(pairs_[k] = std::make_unique<pair>());
            p.sides[0].fd = std::move(fd);
            p.sides[0].reads = true;
            p.sides[0].armed = EPOLLIN;
            p.serial = ++serials_;
            p.since = clock::now();
            p.counts = counts_of("none");
            open_++;
            watch(p.sides[0].fd.get(), EPOLLIN | EPOLLRDHUP | EPOLLET, 2 * k);
            appointments_.push({p.since + options_.first_bytes, k, p.serial});
            attend(k);
        }
    }
    /// There is no room for a further connection: those that wait do so a little longer.
    auto rest() -> void {
        accept_again_ = clock::now() + std::chrono::milliseconds{100};
        for (std::size_t i = 0; i < listeners_.size(); i++) rearm(listeners_[i].fd.get(), 0, listener_tag + i);
    }

    /// Until the first bytes say where to.
    auto read_first(u32 k) -> void {
        auto &p = *pairs_[k];
        auto &s = p.sides[0];
        if (!s.buffer) s.buffer = std::make_unique<std::array<char, 64 << 10>>();
        std::optional<wish> said;
        while (true) {
            auto const n = recv(s.fd.get(), s.buffer->data() + s.end, most_first_bytes - s.end, MSG_DONTWAIT);
            if (n < 0 && errno == EINTR) continue;
            if (n < 0 && errno != EAGAIN) return cut(k);
            if (n > 0) s.end += static_cast<std::size_t>(n);
            said = first_bytes::read({s.buffer->data(), s.end});
            if (said) break;
            if (n == 0) {
                s.quiet = true;
                if (s.end == 0) return close(k); // nothing was said
                break;
            }
            if (s.end == most_first_bytes) break;
            if (n < 0) {
                if (clock::now() < p.since + options_.first_bytes) return;
                break;
            }
        }
        p.wanted = said.value_or(wish{});
        p.to = rules_.find(p.wanted);
        if (!p.to) {
            p.counts->refused++;
            return refuse(k, "404 Not Found");
        }
        p.counts = counts_of(label(*p.to));
        s.begin = p.wanted.consumed;
        connect_to(k);
    }
    /// In words that the client knows, as far as there are any.
    auto refuse(u32 k, char const *status) -> void {
        auto &s = pairs_[k]->sides[0];
        if (pairs_[k]->wanted.kind == wish_kind::host ||
            (s.buffer && std::string_view{s.buffer->data(), s.end}.find(" HTTP/1.") != std::string_view::npos)) {
            auto const text = fmt::format("HTTP/1.1 {}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", status);
            [[maybe_unused]] auto const sent = send(s.fd.get(), text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        }
        // What has come and was not read would make a reset of this, which overtakes the answer.
        shutdown(s.fd.get(), SHUT_WR);
        char rest[4096];
        while (recv(s.fd.get(), rest, sizeof rest, MSG_DONTWAIT) > 0) {
        }
        close(k);
    }
    auto connect_to(u32 k) -> void {
        auto &p = *pairs_[k];
        auto &s = p.sides[1];
        s.fd.reset(socket(p.to->to.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
        if (!s.fd) return down(k);
        tcp::set(s.fd.get(), IPPROTO_TCP, TCP_NODELAY, 1);
        tcp::set_buffers(s.fd.get(), buffers_);
        guard(s.fd.get());
        p.is = phase::connecting;
        p.since = clock::now();
        auto const result = connect(s.fd.get(), reinterpret_cast<sockaddr const *>(&p.to->to), p.to->to_size);
        if (result != 0 && errno != EINPROGRESS) return down(k);
        s.writes = true;
        s.armed = EPOLLOUT;
        watch(s.fd.get(), EPOLLOUT | EPOLLRDHUP | EPOLLET, 2 * k + 1);
        appointments_.push({p.since + options_.connect, k, p.serial});
    }
    auto down(u32 k) -> void {
        pairs_[k]->counts->down++;
        refuse(k, "502 Bad Gateway");
    }
    auto connected(u32 k) -> void {
        auto &p = *pairs_[k];
        if (tcp::failure_of(p.sides[1].fd.get()) != 0) return down(k);
        p.is = phase::relaying;
        p.counts->streams++;
        p.counts->open++;
        for (u32 i : {0u, 1u}) {
            auto &s = p.sides[i];
            direction d{};
            d.base = tcp::info_of(p.sides[1 - i].fd.get()).tcpi_bytes_acked;
            d.acknowledged = d.base;
            d.skipped = s.begin;
            d.passed = s.end - s.begin; // user space has these, and the kernel waits until they are written
            d.slow = d.passed > 0;
            kernel_->reset(2 * k + i, d);
            s.cookie = tcp::cookie_of(s.fd.get());
            s.writes = false;
        }
        for (u32 i : {0u, 1u}) kernel_->set_end(p.sides[i].cookie, 2 * k + i, p.sides[1 - i].cookie);
        // If one of them cannot be sent to by the kernel, the other needs no verdict: user space serves both.
        auto both = true;
        for (auto &s : p.sides) both = both && kernel_->add_destination(s.cookie, s.fd.get());
        for (u32 i : {0u, 1u}) {
            auto &s = p.sides[i];
            s.inlet = both && kernel_->add_inlet(2 * k + i, s.fd.get());
            s.reads = !s.inlet || s.end > s.begin;
            arm(k, i);
            if (s.inlet) wake(s);
        }
        p.since = clock::now();
        attend(k);
    }
    /// What came before the socket was in the map is looked at with the next byte only, unless somebody says so.
    static auto wake(side const &s) -> void { tcp::set(s.fd.get(), SOL_SOCKET, SO_RCVLOWAT, 1); }

    auto called(u32 number) -> void {
        auto const k = number >> 1;
        if (!pairs_[k] || pairs_[k]->is != phase::relaying) return;
        if (kernel_->at(number).broken != 0) return cut(k);
        attend(k);
    }
    /// One side has reset its connection, or the verdict could not send: the other side is told in the same way.
    auto cut(u32 k) -> void {
        auto &p = *pairs_[k];
        p.counts->reset++;
        linger const at_once{1, 0};
        for (auto const &s : p.sides)
            if (s.fd) setsockopt(s.fd.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        close(k);
    }

    /// Whether all that was redirected is in the destination's send queue: until then nothing may be written behind it.
    auto in_order(u32 k, u32 i) const -> bool {
        auto &s = pairs_[k]->sides[i];
        auto const to = pairs_[k]->sides[1 - i].fd.get();
        auto const &d = kernel_->at(2 * k + i);
        auto const redirected = d.redirected;
        if (s.caught_up == redirected) return true;
        auto const acknowledged = tcp::info_of(to).tcpi_bytes_acked - d.base; // before the queue's length
        if (acknowledged + tcp::unacknowledged(to) < redirected + d.written) return false;
        s.caught_up = redirected;
        return true;
    }
    auto unread(u32 number) const -> u64 {
        auto const &d = kernel_->at(number);
        auto const written = d.written; // before what it is compared with
        return d.passed - written;
    }
    /// Reads on one side and writes to the other as far as it goes. False if the stream has failed.
    auto pump(u32 k, u32 i) -> bool {
        auto &p = *pairs_[k];
        auto &from = p.sides[i];
        auto &to = p.sides[1 - i];
        auto &d = kernel_->at(2 * k + i);
        while (true) {
            if (from.begin < from.end) {
                if (!in_order(k, i)) {
                    look_again(k);
                    return true;
                }
                auto const n = send(to.fd.get(), from.buffer->data() + from.begin, from.end - from.begin,
                                    MSG_NOSIGNAL | MSG_DONTWAIT);
                if (n < 0 && errno == EINTR) continue;
                if (n < 0 && errno != EAGAIN) return false;
                to.writes = n < 0;
                arm(k, 1 - i);
                if (n < 0) return true;
                from.begin += static_cast<std::size_t>(n);
                d.written = d.written + static_cast<u64>(n);
                continue;
            }
            if (from.quiet) return true;
            if (!from.buffer) from.buffer = std::make_unique<std::array<char, 64 << 10>>();
            auto const n = recv(from.fd.get(), from.buffer->data(), from.buffer->size(), MSG_DONTWAIT);
            if (n < 0 && errno == EINTR) continue;
            if (n < 0 && errno != EAGAIN) return false;
            if (n > 0) {
                from.begin = 0;
                from.end = static_cast<std::size_t>(n);
                if (!from.inlet) d.passed = d.passed + static_cast<u64>(n);
                continue;
            }
            if (n == 0) from.quiet = true;
            from.buffer.reset();
            from.reads = !from.quiet && (!from.inlet || d.slow != 0 || unread(2 * k + i) > 0);
            arm(k, i);
            return true;
        }
    }
    /// Whether everything that this side's peer has sent is on its way to the other side.
    auto all_sent(u32 k, u32 i) const -> bool {
        auto const &s = pairs_[k]->sides[i];
        auto const &d = kernel_->at(2 * k + i);
        if (!s.inlet) return s.quiet && s.begin == s.end && in_order(k, i);
        auto const received = tcp::info_of(s.fd.get()).tcpi_bytes_received - (s.ended ? 1 : 0) - d.skipped;
        if (d.redirected + d.passed < received) {
            wake(s);
            return false;
        }
        return d.redirected + d.written >= received && in_order(k, i);
    }
    /// Ends our stream to side `to`. What its socket holds for user space would be gone as soon as its peer answers with an
    /// end of its own, so from here on the verdict passes none.
    auto end_stream(u32 k, u32 to) -> bool {
        auto &s = pairs_[k]->sides[to];
        auto &back = kernel_->at(2 * k + to);
        if (s.inlet && !s.ended) {
            back.never_slow = 1;
            tcp::info_of(s.fd.get()); // it takes the lock under which the verdict runs: none has seen the old value
            if (unread(2 * k + to) > 0) return false;
        }
        shutdown(s.fd.get(), SHUT_WR);
        s.told = true;
        return true;
    }

    auto attend(u32 k) -> void {
        auto &p = *pairs_[k];
        if (p.is == phase::reading) return read_first(k);
        if (p.is == phase::connecting) {
            if (clock::now() >= p.since + options_.connect) down(k);
            return;
        }
        for (u32 i : {0u, 1u}) {
            auto const &s = p.sides[i];
            auto const &d = kernel_->at(2 * k + i);
            auto const needed = !s.inlet || s.begin < s.end || unread(2 * k + i) > 0 || d.slow != 0 || s.reads;
            if (needed && !pump(k, i)) return cut(k);
        }
        for (u32 i : {0u, 1u})
            if (p.sides[i].ended && !p.sides[1 - i].told && all_sent(k, i) && end_stream(k, 1 - i)) {
                p.half_closed = clock::now();
                p.base_bytes = tcp::info_of(p.sides[1 - i].fd.get()).tcpi_bytes_received;
                p.pause = std::chrono::milliseconds{1};
            }
        auto const told = p.sides[0].told + p.sides[1].told;
        if (told == 2) {
            auto const over = [](side const &s) {
                return tcp::info_of(s.fd.get()).tcpi_state == closed_state || tcp::unacknowledged(s.fd.get()) == 0;
            };
            if (p.sides[0].ended && p.sides[1].ended && over(p.sides[0]) && over(p.sides[1])) return close(k);
        }
        if (told == 1) {
            auto const &talks = p.sides[p.sides[0].told ? 0 : 1];
            auto const bytes = tcp::info_of(talks.fd.get()).tcpi_bytes_received - p.base_bytes;
            if (clock::now() - p.half_closed > options_.half_closed || bytes > options_.half_closed_bytes) {
                p.counts->limited++;
                return cut(k);
            }
        }
        if (stopping_ && told < 2) see_off(k);
        if (p.sides[0].ended || p.sides[1].ended || told > 0 || stopping_) look_again(k);
    }
    /// The router stops: a stream on which nothing happens any more is ended.
    auto see_off(u32 k) -> void {
        auto &p = *pairs_[k];
        auto const now = clock::now();
        u64 received = 0;
        for (auto const &s : p.sides) received += tcp::info_of(s.fd.get()).tcpi_bytes_received;
        if (received != p.seen) {
            p.seen = received;
            p.since = now;
        }
        if (now - std::max(p.since, *stopping_) < std::chrono::milliseconds{1000}) return;
        for (u32 i : {0u, 1u})
            if (!p.sides[1 - i].told && all_sent(k, i)) end_stream(k, 1 - i);
    }

    auto add_to(figures &f, u32 k) const -> void {
        for (u32 i : {0u, 1u}) {
            auto const &d = kernel_->at(2 * k + i);
            f.in_kernel += d.redirected;
            f.in_user_space += d.written;
        }
    }
    auto close(u32 k) -> void {
        auto &p = *pairs_[k];
        if (p.is == phase::relaying) {
            add_to(*p.counts, k);
            p.counts->open--;
        }
        for (auto &s : p.sides) s.fd.reset(); // out of the maps of sockets
        for (auto const &s : p.sides)
            if (s.cookie != 0) kernel_->forget(s.cookie);
        pairs_[k].reset();
        free_.push_back(k);
        open_--;
    }

    auto reload() -> void {
        for (signalfd_siginfo info{}; ::read(reload_.get(), &info, sizeof info) == sizeof info;) {
        }
        try {
            rules_ = rules::read(options_.rules);
            reloads_++;
            for (auto const &r : rules_.all()) counts_of(label(*r));
            tell_(fmt::format("read {} again: {} rules", options_.rules, rules_.all().size()));
        } catch (error const &e) {
            bad_reloads_++;
            tell_(fmt::format("the rules stay as they are: {}", e.what()));
        }
    }
    auto answer_metrics() -> void {
        while (true) {
            auto const fd = descriptor{accept4(metrics_->fd.get(), nullptr, nullptr, SOCK_CLOEXEC)};
            if (!fd) return;
            timeval const soon{0, 200'000};
            setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof soon);
            setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &soon, sizeof soon);
            char request[4096];
            if (recv(fd.get(), request, sizeof request, 0) <= 0) continue;
            auto const body = open_metrics();
            auto const text = fmt::format("HTTP/1.1 200 OK\r\nContent-Type: application/openmetrics-text; "
                                          "version=1.0.0; charset=utf-8\r\nContent-Length: {}\r\nConnection: "
                                          "close\r\n\r\n{}",
                                          body.size(), body);
            [[maybe_unused]] auto const sent = send(fd.get(), text.data(), text.size(), MSG_NOSIGNAL);
        }
    }
    auto stop() -> void {
        if (stopping_) throw error{"a second signal: streams are cut off"};
        stopping_ = clock::now();
        for (std::size_t i = 0; i < listeners_.size(); i++) accept_from(i); // those that wait already
        listeners_.clear();
        accept_again_.reset();
        for (u32 k = 0; k < pairs_.size(); k++)
            if (pairs_[k]) look_again(k);
    }
};
