// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// The router: accepts, reads a stream's first bytes, connects to where they want to go, has both connections relayed, and
/// closes them when all is said.
#include "../support/metrics_server.hpp"
#include "relay.hpp"
#include <bpfxx/user/signals.hpp>
#include <functional>
#include <future>
#include <linux/membarrier.h>
#include <mutex>
#include <string>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

struct options {
    std::string rules;
    std::vector<std::string> addresses{"0.0.0.0", "::"};
    u16 port = 8080;
    std::string metrics; // an address and a port
    mode how = mode::stream_verdict;
    u64 budget = 2 << 20;
    std::chrono::milliseconds first_bytes{10'000}, connect{5'000}, grace{10'000};
    half_closed_limits half_closed;
};

class router {
    static constexpr u64 listener_tag = other_tag + 8;

    options options_;
    rules rules_;
    std::function<void(std::string const &)> tell_;
    tcp::buffers buffers_{};
    bpfxx::user::signals signals_, hang_up_{SIGHUP};
    poller poll_;
    std::optional<kernel_router> kernel_;
    std::vector<tcp::listener> listeners_;
    std::vector<std::unique_ptr<pair>> pairs_;
    std::vector<u32> free_;
    std::vector<char> scratch_ = std::vector<char>(256 << 10); // with a fourth of it streams are a tenth slower
    std::map<std::string, std::shared_ptr<figures>> figures_;
    totals totals_;
    u64 serials_ = 0, open_ = 0;
    std::optional<clock_type::time_point> stopping_, accept_again_;
    clock_type::time_point last_wait_{}; // when the last wait for the kernel's work began
    // Metrics are asked for by a thread of their own, and written down by this one.
    descriptor asks_{eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    std::mutex asking_;
    std::optional<std::promise<std::string>> asked_;
    std::optional<metrics_server> metrics_;

  public:
    router(options const &o, std::function<void(std::string const &)> tell)
        : options_{o}, rules_{rules::read(o.rules)}, tell_{std::move(tell)} {
        // As in examples/sockmap_echo: the limit of what is received is more than a window and all that is not counted yet.
        auto const b = [&](u64 times) { return tcp::buffer_size(times * o.budget); };
        if (o.how != mode::epoll) buffers_ = {b(12), b(4), b(4)};
        settings const limits{o.budget, o.budget / 16, 3 * o.budget, 24 * o.budget, most_pieces(o.budget)};
        kernel_.emplace(o.how, limits, [this](u32 number) { called(number); });
        auto port = o.port;
        for (auto const &address : o.addresses) {
            auto made = tcp::listen_on(address, port, buffers_);
            if (!made) continue;
            port = tcp::port_of(made->where); // the same for all, also if the kernel has chosen it
            kernel_->guard(made->fd.get());
            tcp::set_reset(made->fd.get(), true); // connections inherit this
            poll_.watch(made->fd.get(), EPOLLIN, listener_tag + listeners_.size());
            listeners_.push_back(std::move(*made));
        }
        if (listeners_.empty()) throw error{"this machine has none of these addresses"};
        if (kernel_->is_loaded()) poll_.watch(kernel_->calls().epoll_fd(), EPOLLIN, other_tag);
        poll_.watch(signals_.fd(), EPOLLIN, other_tag + 1);
        poll_.watch(hang_up_.fd(), EPOLLIN, other_tag + 2);
        pairs_.resize(most_pairs);
        for (u32 i = room(); i > 0;) free_.push_back(--i);
        for (auto const &r : rules_.all()) counts_of(*r);
        if (!asks_) throw error{"cannot make an eventfd", errno};
        poll_.watch(asks_.get(), EPOLLIN, other_tag + 3);
        if (!o.metrics.empty()) metrics_.emplace(o.metrics, [this] { return asked_for_metrics(); });
    }
    router(router const &) = delete;
    router(router &&) = delete;
    auto operator=(router const &) -> router & = delete;
    auto operator=(router &&) -> router & = delete;
    ~router() = default;

    auto listeners() const -> std::vector<tcp::listener> const & { return listeners_; }
    auto metrics() const -> std::optional<metrics_server> const & { return metrics_; }
    auto open() const -> u64 { return open_; }
    auto count() const -> totals {
        auto all = totals_;
        std::map<figures const *, figures> live;
        for (u32 k = 0, left = static_cast<u32>(open_); left > 0 && k < pairs_.size(); k++) {
            if (!pairs_[k]) continue;
            left--;
            if (pairs_[k]->is == phase::relaying)
                at(k).add_to(live.try_emplace(pairs_[k]->counts.get(), *pairs_[k]->counts).first->second);
            else if (pairs_[k]->is != phase::refusing)
                all.waiting++;
        }
        for (auto const &[name, f] : figures_) {
            auto const found = live.find(f.get());
            all.routes[name] = found == live.end() ? *f : found->second;
        }
        return all;
    }

    /// Until a signal comes and all streams are finished. Calls tick() now and then.
    template <class Tick> auto run(Tick const &tick) -> void {
        auto next_tick = clock_type::now();
        while (!(stopping_ && open_ == 0)) {
            auto const now = clock_type::now();
            if (now >= next_tick) {
                tick();
                next_tick = now + 1s;
            }
            if (stopping_ && now >= *stopping_ + options_.grace) return;
            auto const n = poll_.wait(accept_again_ ? std::min(next_tick, *accept_again_) : next_tick);
            for (std::size_t i = 0; i < n; i++) happened(poll_.event(i));
            poll_.keep_appointments([this](u32 k, u64 serial) {
                if (!pairs_[k] || pairs_[k]->serial != serial) return;
                if (pairs_[k]->next <= clock_type::now()) pairs_[k]->next = clock_type::time_point::max();
                attend(k);
            });
            if (accept_again_ && clock_type::now() >= *accept_again_) listen(true);
        }
    }

  private:
    auto at(u32 k) const -> relay {
        auto &self = const_cast<router &>(*this);
        return {*self.kernel_, self.poll_, self.scratch_, k, *pairs_[k]};
    }
    auto counts_of(route const &r) -> std::shared_ptr<figures> {
        auto &f = figures_[r.label()];
        if (!f) f = std::make_shared<figures>();
        return f;
    }
    /// How many streams there are descriptors for: two each, and some for everything else.
    auto room() const -> u32 {
        rlimit limit{};
        getrlimit(RLIMIT_NOFILE, &limit);
        constexpr rlim_t others = 64;
        if (limit.rlim_cur < others + 2)
            throw error{fmt::format("{} open files are too few (ulimit -n)", limit.rlim_cur)};
        auto const most = std::min<rlim_t>(most_pairs, (limit.rlim_cur - others) / 2);
        if (most < most_pairs)
            tell_(fmt::format("{} streams at a time, as the limit of open files is {}", most, limit.rlim_cur));
        return static_cast<u32>(most);
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
            write_metrics();
        } else if (tag >= listener_tag) {
            accept_from(tag - listener_tag);
        } else {
            auto const k = static_cast<u32>(tag >> 1) & (most_pairs - 1);
            if (pairs_[k] && pairs_[k]->serial == tag >> 16) happened(k, tag & 1, e.events);
        }
    }
    static_assert(most_pairs <= 1 << 15, "what a tag has room for");
    auto happened(u32 k, u32 i, u32 events) -> void {
        auto &p = *pairs_[k];
        auto &s = p.sides[i];
        if ((events & EPOLLRDHUP) != 0 && !s.ended) {
            s.ended = true;
            p.pause = 1ms;
        }
        if ((events & EPOLLOUT) != 0 && s.full) {
            s.full = false;
            p.pause = 1ms;
        }
        if (p.is == phase::connecting && i == 1) return connected(k);
        if (p.is == phase::refusing) return linger_on(k);
        auto const over =
            (events & EPOLLHUP) != 0 && !(s.told && s.ended) && tcp::info_of(s.fd.get()).tcpi_state == closed_state;
        if ((events & EPOLLERR) != 0 || over) return cut(k);
        attend(k);
    }

    auto listen(bool wanted) -> void {
        accept_again_.reset();
        if (!wanted) accept_again_ = clock_type::now() + 100ms;
        for (std::size_t i = 0; i < listeners_.size(); i++)
            poll_.rearm(listeners_[i].fd.get(), wanted ? static_cast<u32>(EPOLLIN) : 0, listener_tag + i);
    }
    auto accept_from(std::size_t which) -> void {
        while (true) {
            // Where there is no room for a further stream, those that wait do so a little longer.
            if (free_.empty()) return listen(false);
            auto fd = descriptor{accept4(listeners_[which].fd.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)};
            if (!fd) {
                if (errno == ECONNABORTED || errno == EINTR || errno == EPROTO) continue;
                if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) listen(false);
                return;
            }
            auto const k = free_.back();
            free_.pop_back();
            auto &p = *(pairs_[k] = std::make_unique<pair>());
            p.sides[0].fd = std::move(fd);
            p.serial = ++serials_ & 0x7fffffffffff;
            p.since = clock_type::now();
            open_++;
            totals_.accepted++;
            at(k).watch(0, EPOLLIN);
            poll_.meet(p.since + options_.first_bytes, k, p.serial);
            attend(k);
        }
    }

    /// Until the first bytes say where to. A client that waits for the other side to speak takes the default route.
    auto read_first(u32 k) -> void {
        auto &p = *pairs_[k];
        auto &s = p.sides[0];
        std::optional<wish> said;
        while (!said) {
            auto const n = recv(s.fd.get(), scratch_.data(), most_first_bytes - s.held.size(), MSG_DONTWAIT);
            if (n < 0 && errno == EINTR) continue;
            if (n < 0 && errno != EAGAIN) return give_up(k);
            if (n == 0) s.quiet = true;
            if (n == 0 && s.held.empty()) return give_up(k);
            if (n > 0) s.held.insert(s.held.end(), scratch_.begin(), scratch_.begin() + n);
            said = first_bytes::read({s.held.data(), s.held.size()});
            if (n < 0 && !said && clock_type::now() < p.since + options_.first_bytes) {
                if (stopping_ && s.held.empty()) return give_up(k);
                if (stopping_) at(k).look_again();
                return;
            }
            if (n <= 0 || s.held.size() == most_first_bytes) break;
        }
        p.wanted = said.value_or(wish{});
        p.to = rules_.find(p.wanted);
        if (!p.to) {
            totals_.refused++;
            auto const too_long = !said && s.held.size() == most_first_bytes;
            return refuse(k, too_long ? "431 Request Header Fields Too Large" : "404 Not Found",
                          112); // unrecognized_name
        }
        p.counts = counts_of(*p.to);
        connect_to(k);
    }
    auto give_up(u32 k) -> void {
        totals_.silent++;
        close(k);
    }
    /// In words that the client knows, as far as there are any: an answer of HTTP, or an alert of TLS.
    auto refuse(u32 k, char const *status, char alert) -> void {
        auto &p = *pairs_[k];
        auto &s = p.sides[0];
        std::string_view const said{s.held.data(), s.held.size()};
        std::string answer;
        if (starts_tls(said))
            answer = std::string{"\x15\x03\x01\x00\x02\x02", 6} + alert; // fatal
        else if (said.find(" HTTP/1.") != said.npos)
            answer = fmt::format("HTTP/1.1 {}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", status);
        [[maybe_unused]] auto const sent = send(s.fd.get(), answer.data(), answer.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        shutdown(s.fd.get(), SHUT_WR);
        p.sides[1].fd.reset();
        p.is = phase::refusing;
        p.since = clock_type::now();
        poll_.meet(p.since + 2s, k, p.serial);
        linger_on(k);
    }
    /// What comes and is not read would make a reset of this end, which overtakes the answer.
    auto linger_on(u32 k) -> void {
        auto &p = *pairs_[k];
        for (u32 rounds = 0; clock_type::now() < p.since + 2s; rounds++) {
            if (rounds == 64) return poll_.meet(clock_type::now(), k, p.serial); // others wait too
            auto const n = recv(p.sides[0].fd.get(), scratch_.data(), scratch_.size(), MSG_DONTWAIT);
            if (n < 0 && errno == EAGAIN) return;
            if (n == 0 || (n < 0 && errno != EINTR)) break;
        }
        close(k);
    }

    auto connect_to(u32 k) -> void {
        auto &p = *pairs_[k];
        auto &s = p.sides[1];
        s.fd.reset(socket(p.to->to.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
        if (!s.fd) return down(k);
        tcp::set(s.fd.get(), IPPROTO_TCP, TCP_NODELAY, 1);
        tcp::set(s.fd.get(), SOL_SOCKET, SO_KEEPALIVE, 1);
        tcp::set_reset(s.fd.get(), true);
        tcp::set_buffers(s.fd.get(), buffers_);
        kernel_->guard(s.fd.get());
        p.is = phase::connecting;
        p.since = clock_type::now();
        auto const result = connect(s.fd.get(), reinterpret_cast<sockaddr const *>(&p.to->to), p.to->to_size);
        if (result != 0 && errno != EINPROGRESS) return down(k);
        at(k).watch(1, EPOLLOUT);
        poll_.meet(p.since + options_.connect, k, p.serial);
    }
    auto down(u32 k) -> void {
        pairs_[k]->counts->down++;
        refuse(k, "502 Bad Gateway", 80); // internal_error
    }
    auto connected(u32 k) -> void {
        auto &p = *pairs_[k];
        if (tcp::failure_of(p.sides[1].fd.get()) != 0) return down(k);
        p.is = phase::greeting;
        p.sides[0].held.erase(p.sides[0].held.begin(),
                              p.sides[0].held.begin() + static_cast<std::ptrdiff_t>(p.wanted.consumed));
        at(k).begin();
        greet(k);
    }
    auto greet(u32 k) -> void {
        auto &p = *pairs_[k];
        auto const done = at(k).greet();
        if (!done) return down(k);
        if (!*done) return;
        p.is = phase::relaying;
        p.since = clock_type::now();
        p.counts->streams++;
        p.counts->open++;
        at(k).splice();
        attend(k);
    }

    auto called(u32 number) -> void {
        auto const k = number >> 1;
        if (!pairs_[k] || pairs_[k]->is != phase::relaying) return;
        if (kernel_->at(number).broken != 0) return cut(k);
        attend(k);
    }
    /// Does what is to be done for a stream now.
    auto attend(u32 k) -> void {
        auto &p = *pairs_[k];
        switch (p.is) {
        case phase::reading: return read_first(k);
        case phase::connecting:
        case phase::greeting:
            if (clock_type::now() >= p.since + options_.connect) return down(k);
            return p.is == phase::greeting ? greet(k) : void();
        case phase::refusing: return linger_on(k);
        case phase::relaying: break;
        }
        auto const both = at(k);
        for (u32 i : {0u, 1u})
            if (both.is_shut(i) && all_are_out(k) && !both.take_over(i)) return cut(k);
        for (u32 i : {0u, 1u})
            if (both.is_needed(i) && !both.pump(i)) return cut(k);
        both.pass_ends_on();
        if (both.is_over()) return close(k);
        if (both.exceeds(options_.half_closed)) {
            p.counts->limited++;
            return cut(k);
        }
        auto const told = p.sides[0].told || p.sides[1].told;
        if (stopping_) see_off(k);
        if (p.sides[0].ended || p.sides[1].ended || told || stopping_)
            both.look_again(told && !stopping_ ? 250ms : 20ms);
    }
    /// Whether every segment that had passed a guard when this direction was shut is where it went.
    auto all_are_out(u32 k) -> bool {
        auto &p = *pairs_[k];
        auto const now = clock_type::now();
        if (!p.shut) {
            p.shut = now;
            at(k).look_at(now + 20ms); // others that are shut by then share the wait
            return false;
        }
        if (last_wait_ > *p.shut) return true;
        if (now < *p.shut + 20ms) return false;
        last_wait_ = now;
        // The kernel waits until all of its work that began before is done. That takes some milliseconds.
        if (syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0) != 0 && now < *p.shut + 1s) return false;
        return true;
    }
    /// The router stops: a stream on which nothing happens any more is ended.
    auto see_off(u32 k) -> void {
        auto &p = *pairs_[k];
        auto const both = at(k);
        if (both.idle() < 1s || clock_type::now() < *stopping_ + 1s) return;
        for (u32 i : {0u, 1u})
            if (!p.sides[1 - i].told && both.all_sent(i)) both.end_stream(1 - i);
    }

    /// One side has reset its connection, or the kernel could not send: the other side is told in the same way.
    auto cut(u32 k) -> void {
        auto &p = *pairs_[k];
        if (p.is == phase::reading) return give_up(k);
        p.counts->reset++;
        close(k, true);
    }
    auto close(u32 k, bool resets = false) -> void {
        auto &p = *pairs_[k];
        for (auto const &s : p.sides)
            if (s.fd && !resets) tcp::set_reset(s.fd.get(), false);
        if (p.is == phase::relaying) {
            at(k).add_to(*p.counts);
            p.counts->open--;
        }
        for (auto &s : p.sides) s.fd.reset(); // out of the maps of sockets
        for (auto const &s : p.sides)
            if (s.cookie != 0) kernel_->forget(s.cookie);
        pairs_[k].reset();
        free_.push_back(k);
        open_--;
    }

    /// Called by the thread that serves them.
    auto asked_for_metrics() -> std::string {
        std::future<std::string> answer;
        {
            std::lock_guard const lock{asking_};
            answer = asked_.emplace().get_future();
        }
        eventfd_write(asks_.get(), 1);
        if (answer.wait_for(1s) != std::future_status::ready) throw error{"the router is too busy for metrics"};
        return answer.get();
    }
    auto write_metrics() -> void {
        eventfd_t times = 0;
        eventfd_read(asks_.get(), &times);
        auto text = open_metrics(count());
        std::lock_guard const lock{asking_};
        if (asked_) asked_->set_value(std::move(text));
        asked_.reset();
    }

    auto reload() -> void {
        hang_up_.stop_requested();
        try {
            rules_ = rules::read(options_.rules);
            totals_.reloads++;
            for (auto const &r : rules_.all()) counts_of(*r);
            tell_(fmt::format("read {} again: {} rules", options_.rules, rules_.all().size()));
        } catch (error const &e) {
            totals_.bad_reloads++;
            tell_(fmt::format("the rules stay as they are: {}", e.what()));
        }
    }
    auto stop() -> void {
        if (stopping_) throw error{"a second signal: streams are cut off"};
        stopping_ = clock_type::now();
        for (std::size_t i = 0; i < listeners_.size(); i++) accept_from(i); // those that wait already
        listeners_.clear();
        accept_again_.reset();
        for (u32 k = 0; k < pairs_.size(); k++)
            if (pairs_[k]) at(k).look_again();
    }
};
