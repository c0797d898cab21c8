// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// The server: accepts, hands connections to the kernel, does what only user space can, and closes when all is said.
#include "../support/socket.hpp"
#include "kernel_echo.hpp"
#include <array>
#include <bpfxx/user/signals.hpp>
#include <chrono>
#include <linux/membarrier.h>
#include <memory>
#include <optional>
#include <queue>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <vector>

using bpfxx::u16;
using bpfxx::u32;
using bpfxx::u64;
using bpfxx::user::descriptor;
using bpfxx::user::error;

struct options {
    mode how = mode::stream_verdict;
    std::vector<std::string> addresses{"0.0.0.0", "::"};
    u16 port = 7777;
    u64 budget = 512 << 10;
    std::chrono::milliseconds grace{10'000};
};

struct totals {
    u64 accepted = 0, closed = 0, reset = 0, broken = 0;
    u64 outside = 0; // connections that never were in the map, mostly since their peers had ended the stream before
    u64 in_kernel = 0, in_user_space = 0, trimmed = 0; // bytes
    u64 switches = 0, pieces = 0, refused = 0;
    u64 most = 0; // bytes under way of one connection
};

class server {
    using clock = std::chrono::steady_clock;
    enum class phase {
        open,
        draining, // the peer has ended its stream; not all is on its way back
        ending,   // this end is told too; not all of it is acknowledged
    };
    struct connection {
        descriptor fd;
        u64 cookie = 0, serial = 0;
        phase is = phase::open;
        bool mapped = false;   // in the map of sockets
        bool recorded = false; // it is, or was: what it sends is counted in its record
        bool ended = false, quiet = false;
        u32 armed = 0;
        std::optional<u64> caught_up; // with so many redirected bytes: all of them are in the send queue
        std::unique_ptr<std::array<char, 64 << 10>> buffer;
        std::size_t begin = 0, end = 0;        // of what has been read and not been written
        u64 echoed = 0;                        // without a record
        u32 calm = 0;                          // as in a record, since it was taken out of the map
        std::optional<clock::time_point> shut; // when it was seen that nothing is received any more
        u64 seen = 0;                          // bytes received, when somebody last looked
        clock::time_point since{};             // when that number last changed
        std::chrono::milliseconds pause{1};
        clock::time_point next = clock::time_point::max(); // when it is looked at again
    };
    struct appointment {
        clock::time_point when;
        u32 slot;
        u64 serial;
        auto operator>(appointment const &other) const -> bool { return when > other.when; }
    };
    static constexpr u64 other_tag = u64{1} << 63, listener_tag = other_tag + 8;
    static constexpr std::size_t most_listeners = 64;

    options options_;
    tcp::buffers buffers_;
    bpfxx::user::signals signals_;
    descriptor poll_;
    std::optional<kernel_echo> kernel_;
    std::vector<tcp::listener> listeners_;
    std::vector<std::unique_ptr<connection>> connections_;
    std::vector<u32> free_;
    std::priority_queue<appointment, std::vector<appointment>, std::greater<>> appointments_;
    totals done_;
    u64 serials_ = 0;
    std::optional<clock::time_point> stopping_, accept_again_;
    clock::time_point last_wait_{}; // when the last wait for the kernel's work began

  public:
    explicit server(options const &o) : options_{o}, buffers_{}, poll_{epoll_create1(EPOLL_CLOEXEC)} {
        if (!poll_) throw error{"cannot make an epoll instance", errno};
        if (o.how != mode::epoll) {
            // What user space writes must not wait behind what is redirected, hence 4. A socket that has received more than
            // its limit closes its window, and then does not even see acknowledgements: so the limit is more than a window
            // and all that may not have been counted yet. Behind a parser, the budget, a window and a piece have to find
            // room in the send queue, or the socket could not leave the map before its peer reads.
            auto const b = [&](u64 times) { return tcp::buffer_size(times * o.budget); };
            buffers_ = o.how == mode::parser ? tcp::buffers{b(4), b(6), b(2)} : tcp::buffers{b(12), b(4), b(4)};
            settings const limits{o.budget, o.budget / 16, 3 * o.budget, 24 * o.budget, most_pieces(o.budget)};
            kernel_.emplace(o.how, limits, [this](u32 slot) { called(slot); });
            watch(kernel_->calls().epoll_fd(), EPOLLIN, other_tag);
        }
        auto port = o.port;
        for (auto const &address : o.addresses) {
            auto made = tcp::listen_on(address, port, buffers_);
            if (!made) continue;
            port = tcp::port_of(made->where); // the same for all, also if the kernel has chosen it
            if (kernel_ && !tcp::set(made->fd.get(), SOL_SOCKET, SO_ATTACH_BPF, kernel_->guard(o.how)))
                throw error{"cannot attach a program to a socket", errno};
            tcp::set_reset(made->fd.get(), true); // connections inherit it
            watch(made->fd.get(), EPOLLIN, listener_tag + listeners_.size());
            listeners_.push_back(std::move(*made));
        }
        if (listeners_.empty()) throw error{"this machine has none of these addresses"};
        watch(signals_.fd(), EPOLLIN, other_tag + 1);
        connections_.resize(most_streams);
        for (u32 i = most_streams; i > 0;) free_.push_back(--i);
    }

    auto listeners() const -> std::vector<tcp::listener> const & { return listeners_; }
    auto open() const -> u64 { return done_.accepted - done_.closed; }
    auto count() const -> totals {
        auto all = done_;
        for (u32 i = 0; i < connections_.size() && open() > 0; i++)
            if (connections_[i]) add_to(all, i);
        return all;
    }

    /// Until a signal comes and all connections are finished. Calls tick() now and then.
    template <class Tick> auto run(Tick const &tick) -> void {
        std::array<epoll_event, 512> events{};
        auto next_tick = clock::now();
        while (!(stopping_ && open() == 0)) {
            auto const now = clock::now();
            if (now >= next_tick) {
                tick();
                next_tick = now + std::chrono::seconds{1};
            }
            if (stopping_ && now >= *stopping_ + options_.grace) return;
            auto const n = epoll_wait(poll_.get(), events.data(), static_cast<int>(events.size()), patience(next_tick));
            if (n < 0 && errno != EINTR) throw error{"cannot wait for events", errno};
            for (int i = 0; i < n; i++) happened(events[static_cast<std::size_t>(i)]);
            keep_appointments();
            if (accept_again_ && clock::now() >= *accept_again_) {
                accept_again_.reset();
                for (std::size_t i = 0; i < listeners_.size(); i++)
                    rearm(listeners_[i].fd.get(), EPOLLIN, listener_tag + i);
            }
        }
    }

  private:
    auto watch(int fd, u32 events, u64 tag) const -> void {
        epoll_event e{events, {.u64 = tag}};
        if (epoll_ctl(poll_.get(), EPOLL_CTL_ADD, fd, &e) != 0) throw error{"cannot watch a descriptor", errno};
    }
    auto rearm(int fd, u32 events, u64 tag) const -> void {
        epoll_event e{events, {.u64 = tag}};
        if (epoll_ctl(poll_.get(), EPOLL_CTL_MOD, fd, &e) != 0) throw error{"cannot watch a descriptor", errno};
    }
    /// The serial number tells apart who had this slot before: an event may be on its way when a slot changes hands.
    auto tag(u32 slot) const -> u64 { return connections_[slot]->serial << 16 | slot; }
    static_assert(most_streams <= 1 << 16, "what a tag has room for");
    auto arm(u32 slot, u32 events) const -> void {
        auto &c = *connections_[slot];
        if (c.armed == events) return;
        c.armed = events;
        rearm(c.fd.get(), events | EPOLLRDHUP | EPOLLET, tag(slot));
    }
    auto patience(clock::time_point next_tick) const -> int {
        auto until = next_tick;
        if (!appointments_.empty()) until = std::min(until, appointments_.top().when);
        if (accept_again_) until = std::min(until, *accept_again_);
        auto const left = std::chrono::ceil<std::chrono::milliseconds>(until - clock::now());
        return static_cast<int>(std::max<std::chrono::milliseconds::rep>(0, left.count()));
    }
    /// Looks at the connection again soon, and then less and less often.
    auto look_again(u32 slot) -> void {
        auto &c = *connections_[slot];
        auto const when = clock::now() + c.pause;
        if (c.next > when) { // each look may ask for another: only the first counts
            c.next = when;
            appointments_.push({when, slot, c.serial});
        }
        c.pause = std::min(c.pause * 2, std::chrono::milliseconds{stopping_ ? 20 : 50});
    }
    auto keep_appointments() -> void {
        while (!appointments_.empty() && appointments_.top().when <= clock::now()) {
            auto const [when, slot, serial] = appointments_.top();
            appointments_.pop();
            if (!connections_[slot] || connections_[slot]->serial != serial) continue;
            if (connections_[slot]->next <= when) connections_[slot]->next = clock::time_point::max();
            attend(slot);
        }
    }

    auto happened(epoll_event const &e) -> void {
        auto const tag = e.data.u64;
        if (tag == other_tag) {
            kernel_->calls().consume();
        } else if (tag == other_tag + 1) {
            if (signals_.stop_requested()) stop();
        } else if (tag >= listener_tag) {
            accept_from(tag - listener_tag);
        } else if (auto const slot = static_cast<u32>(tag) & 0xffff;
                   connections_[slot] && connections_[slot]->serial == tag >> 16) {
            auto &c = *connections_[slot];
            auto const over = (e.events & EPOLLHUP) != 0 && c.is != phase::ending &&
                              tcp::info_of(c.fd.get()).tcpi_state == closed_state;
            if ((e.events & EPOLLERR) != 0 || over) {
                done_.reset++;
                return close(slot);
            }
            if ((e.events & EPOLLRDHUP) != 0 && !c.ended) {
                c.ended = true;
                if (c.is == phase::open) c.is = phase::draining;
                c.pause = std::chrono::milliseconds{1};
            }
            attend(slot);
        }
    }
    static constexpr int closed_state = 7; // TCP_CLOSE, which <linux/tcp.h> does not have

    auto accept_from(std::size_t which) -> void {
        while (true) {
            if (free_.empty()) return rest();
            auto fd = descriptor{accept4(listeners_[which].fd.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)};
            if (!fd) {
                if (errno == ECONNABORTED || errno == EINTR || errno == EPROTO) continue;
                if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) rest();
                return;
            }
            take(std::move(fd));
        }
    }
    /// There is no room for a further connection: those that wait do so a little longer.
    auto rest() -> void {
        accept_again_ = clock::now() + std::chrono::milliseconds{100};
        for (std::size_t i = 0; i < listeners_.size(); i++) rearm(listeners_[i].fd.get(), 0, listener_tag + i);
    }

    auto take(descriptor fd) -> void {
        auto const slot = free_.back();
        free_.pop_back();
        auto &c = *(connections_[slot] = std::make_unique<connection>());
        c.fd = std::move(fd);
        c.serial = ++serials_ & 0x7fffffffffff;
        c.since = clock::now();
        done_.accepted++;
        if (kernel_) {
            c.cookie = tcp::cookie_of(c.fd.get());
            c.mapped = kernel_->add(slot, c.cookie, c.fd.get(), tcp::info_of(c.fd.get()).tcpi_bytes_acked);
            c.recorded = c.mapped;
            if (!c.mapped) done_.outside++;
        }
        c.armed = c.mapped ? 0 : static_cast<u32>(EPOLLIN);
        watch(c.fd.get(), c.armed | EPOLLRDHUP | EPOLLET, tag(slot));
        if (c.mapped) wake(c);
        if (stopping_) look_again(slot);
    }
    /// What came before the socket was in the map is looked at with the next byte only, unless somebody says so.
    static auto wake(connection const &c) -> void { tcp::set(c.fd.get(), SOL_SOCKET, SO_RCVLOWAT, 1); }

    auto called(u32 slot) -> void {
        if (!connections_[slot] || !connections_[slot]->mapped) return;
        if (kernel_->at(slot).broken != 0) {
            // The verdict cannot send into a connection that is over; else bytes are lost, and the peer has to know.
            done_.broken++;
            close(slot, true);
            return;
        }
        attend(slot);
    }

    /// Whether all that was redirected is in the send queue: until then nothing may be written behind it.
    auto in_order(connection &c, u32 slot) const -> bool {
        auto const &s = kernel_->at(slot);
        auto const redirected = s.redirected;
        if (c.caught_up == redirected) return true;
        auto const acknowledged = tcp::info_of(c.fd.get()).tcpi_bytes_acked - s.base; // before the queue's length
        if (acknowledged + tcp::unacknowledged(c.fd.get()) < redirected + s.written) return false;
        c.caught_up = redirected;
        return true;
    }

    /// Reads and writes as far as it goes. False if the connection has failed.
    auto pump(connection &c, u32 slot) -> bool {
        auto drained = false; // by a short read; an end that comes later is an event of its own
        while (true) {
            if (c.begin < c.end) {
                if (c.mapped && !in_order(c, slot)) {
                    look_again(slot);
                    return true;
                }
                auto const n = send(c.fd.get(), c.buffer->data() + c.begin, c.end - c.begin, MSG_NOSIGNAL);
                if (n < 0 && errno == EAGAIN) {
                    arm(slot, EPOLLOUT);
                    return true;
                }
                if (n < 0 && errno == EINTR) continue;
                if (n < 0) return false;
                c.begin += static_cast<std::size_t>(n);
                if (c.recorded)
                    kernel_->at(slot).written = kernel_->at(slot).written + static_cast<u64>(n);
                else
                    c.echoed += static_cast<u64>(n);
                continue;
            }
            if (!c.buffer) c.buffer = std::make_unique_for_overwrite<std::array<char, 64 << 10>>();
            auto const enough = drained && !c.ended;
            auto const n = enough ? 0 : recv(c.fd.get(), c.buffer->data(), c.buffer->size(), MSG_DONTWAIT);
            if (n < 0 && errno == EINTR) continue;
            if (n < 0 && errno != EAGAIN) return false;
            if (n <= 0) {
                // Of what a verdict has passed, something may wait in another queue when recv() gives 0.
                if (n == 0 && !enough && !c.mapped) c.quiet = true;
                c.buffer.reset();
                if (c.calm >= calm_pieces && c.is == phase::open && !stopping_) give_back(c, slot);
                auto const reads = !c.mapped || kernel_->at(slot).slow != 0 || unread(slot) > 0;
                arm(slot, reads && !c.quiet ? static_cast<u32>(EPOLLIN) : 0);
                return true;
            }
            if (c.recorded && !c.mapped) {
                kernel_->at(slot).passed = kernel_->at(slot).passed + static_cast<u64>(n);
                c.calm = tcp::unacknowledged(c.fd.get()) == 0 ? c.calm + 1 : 0;
            }
            c.begin = 0;
            c.end = static_cast<std::size_t>(n);
            drained = c.end < c.buffer->size();
        }
    }
    /// Bytes that the verdict has given to user space, and that are not on their way back.
    auto unread(u32 slot) const -> u64 {
        auto const &s = kernel_->at(slot);
        auto const written = s.written; // before what it is compared with
        return s.passed - written;
    }

    /// Whether every segment that had passed the gate when this connection was shut is where it went.
    auto all_are_out(connection &c) -> bool {
        constexpr std::chrono::milliseconds gathers{20}; // others that are shut by then share the wait
        auto const now = clock::now();
        if (!c.shut) {
            c.shut = now;
            c.pause = gathers;
        }
        if (last_wait_ > *c.shut) return true;
        if (now < *c.shut + gathers) return false;
        last_wait_ = now;
        // The kernel waits until all of its work that began before is done. That takes some milliseconds.
        return syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0) == 0 || now > *c.shut + std::chrono::seconds{1};
    }
    /// Behind a parser: when all that was received is on its way back, the socket leaves the map, and user space serves it as
    /// any other, with a window that closes and opens. False if the kernel has counted otherwise.
    auto take_over(u32 slot) -> bool {
        auto &c = *connections_[slot];
        auto const &s = kernel_->at(slot);
        if (!all_are_out(c)) {
            look_again(slot);
            return true;
        }
        if (s.redirected + s.passed < tcp::info_of(c.fd.get()).tcpi_bytes_received || !in_order(c, slot)) {
            wake(c);
            look_again(slot);
            return true;
        }
        kernel_->remove(slot);
        if (tcp::unread(c.fd.get()) != 0) return false;
        c.mapped = false;
        c.shut.reset();
        c.calm = 0;
        c.since = clock::now(); // its peer sends again in a moment
        kernel_->at(slot).slow = 0;
        arm(slot, EPOLLIN);
        look_again(slot); // the kernel may need a moment to let go of it, and then tells nobody
        return true;
    }
    /// Its peer waits for its echoes again: the kernel can do it.
    auto give_back(connection &c, u32 slot) -> void {
        c.calm = 0;
        if (!kernel_->add_again(slot, c.fd.get())) return;
        c.mapped = true;
        c.caught_up.reset();
        wake(c);
    }

    /// Does what is to be done for a connection now.
    auto attend(u32 slot) -> void {
        auto &c = *connections_[slot];
        // When its peer has ended the stream, all is received: then it may stay.
        if (options_.how == mode::parser && c.mapped && !c.ended && kernel_->at(slot).slow != 0 && !take_over(slot)) {
            done_.broken++;
            close(slot, true);
            return;
        }
        auto const needed =
            !c.mapped || c.begin < c.end || unread(slot) > 0 || kernel_->at(slot).slow != 0 || (c.armed & EPOLLIN) != 0;
        if (needed && !(options_.how == mode::parser && c.mapped) && !pump(c, slot)) {
            done_.reset++;
            close(slot);
            return;
        }
        if (c.is == phase::open && stopping_) return see_off(c, slot);
        if (c.is == phase::draining && all_sent(c, slot)) {
            shutdown(c.fd.get(), SHUT_WR);
            c.is = phase::ending;
            c.pause = std::chrono::milliseconds{1};
        }
        if (c.is == phase::ending && c.ended) {
            auto const info = tcp::info_of(c.fd.get());
            if (info.tcpi_state == closed_state || tcp::unacknowledged(c.fd.get()) == 0) return close(slot);
        }
        if (c.is != phase::open) look_again(slot);
    }
    /// Whether everything that the peer has sent is on its way back.
    auto all_sent(connection &c, u32 slot) const -> bool {
        if (!c.mapped) return c.quiet && c.begin == c.end;
        auto const &s = kernel_->at(slot);
        auto const received = tcp::info_of(c.fd.get()).tcpi_bytes_received - (c.ended ? 1 : 0);
        if (s.redirected + s.passed < received) {
            wake(c);
            return false;
        }
        return s.redirected + s.written >= received && in_order(c, slot);
    }
    /// The server stops: a connection on which nothing happens any more is told so.
    auto see_off(connection &c, u32 slot) -> void {
        auto const now = clock::now();
        auto const received = tcp::info_of(c.fd.get()).tcpi_bytes_received;
        if (received != c.seen) {
            c.seen = received;
            c.since = now;
        }
        auto const idle = c.mapped ? all_sent(c, slot) : c.begin == c.end;
        // A peer that was held up may need a moment until it sends what it still has.
        auto const held_up = !c.recorded || kernel_->at(slot).switches > 0;
        if (idle && now - std::max(c.since, *stopping_) > std::chrono::milliseconds{held_up ? 1000 : 200}) {
            shutdown(c.fd.get(), SHUT_WR);
            c.is = phase::ending;
        }
        look_again(slot);
    }

    auto add_to(totals &all, u32 slot) const -> void {
        auto const &c = *connections_[slot];
        all.in_user_space += c.echoed;
        if (!c.recorded) return;
        auto const &s = kernel_->at(slot);
        all.in_kernel += s.redirected;
        all.in_user_space += s.written;
        all.trimmed += s.trimmed;
        all.switches += s.switches;
        all.pieces += s.parts.count;
        all.refused += s.refused;
        all.most = std::max(all.most, u64{s.most});
    }
    auto close(u32 slot, bool resets = false) -> void {
        auto &c = *connections_[slot];
        if (!resets) tcp::set_reset(c.fd.get(), false);
        add_to(done_, slot);
        c.fd.reset(); // out of the map of sockets: the record is nobody else's from here on
        if (c.recorded) kernel_->forget(c.cookie);
        connections_[slot].reset();
        free_.push_back(slot);
        done_.closed++;
    }

    auto stop() -> void {
        if (stopping_) throw error{"a second signal: connections are cut off"};
        stopping_ = clock::now();
        for (std::size_t i = 0; i < listeners_.size(); i++) accept_from(i); // those that wait already
        listeners_.clear();
        accept_again_.reset();
        for (u32 i = 0; i < connections_.size(); i++)
            if (connections_[i] && connections_[i]->is == phase::open) look_again(i);
    }
};
