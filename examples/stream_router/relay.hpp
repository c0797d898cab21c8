// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Two connections that belong together, and what user space does for them: it passes on what the kernel does not, ends
/// each direction when all of it has been passed on, and knows when nothing is left to do.
#include "../support/socket.hpp"
#include "kernel_router.hpp"
#include "poller.hpp"
#include "report.hpp"
#include "rules.hpp"
#include <array>
#include <memory>
#include <optional>
#include <span>
#include <vector>

using bpfxx::u16;
using bpfxx::u32;
using bpfxx::u64;
using bpfxx::user::descriptor;
using bpfxx::user::error;
using namespace std::chrono_literals;

inline constexpr u64 other_tag = u64{1} << 63;
inline constexpr int fin_wait_1 = 4, fin_wait_2 = 5, closed_state = 7; // of TCP; <linux/tcp.h> does not have them

struct side {
    descriptor fd;
    u64 cookie = 0;
    u32 armed = 0;
    bool inlet = false;     // the verdict sees what arrives here
    bool ended = false;     // its peer has ended its stream
    bool quiet = false;     // and all of it has been read here; not known of an inlet
    bool told = false;      // we have ended ours
    bool reads = false;     // there is something to be read, or will be
    bool full = false;      // it takes no more for now
    std::vector<char> held; // what arrived here, and the other side does not take yet
};

enum class phase {
    reading,    // its first bytes
    connecting, // to the backend
    greeting,   // sends the first bytes there
    relaying,
    refusing, // an answer is on its way
};
struct pair {
    phase is = phase::reading;
    std::array<side, 2> sides; // the client's, the backend's
    std::shared_ptr<route const> to;
    std::shared_ptr<figures> counts;
    wish wanted;
    u64 serial = 0;
    u64 seen = 0;                               // bytes acknowledged, when somebody last looked
    clock_type::time_point since{};             // when that changed, or this phase began
    std::optional<clock_type::time_point> shut; // when it was seen that a direction is
    std::chrono::milliseconds pause{1};
    clock_type::time_point next = clock_type::time_point::max(); // when it is looked at again
};

/// How long without a byte that moves, and with how many in the kernel, a stream may stay when a peer has ended its own.
struct half_closed_limits {
    std::chrono::milliseconds idle{300'000};
    u64 held = 16 << 20;
};

/// The pair with this number; directions 2 * number and 2 * number + 1 are the client's and the backend's.
class relay {
    kernel_router &kernel_;
    poller &poll_;
    std::span<char> scratch_;
    u32 number_;
    pair &p_;

  public:
    relay(kernel_router &kernel, poller &poll, std::span<char> scratch, u32 number, pair &p)
        : kernel_{kernel}, poll_{poll}, scratch_{scratch}, number_{number}, p_{p} {}

    auto tag(u32 i) const -> u64 { return p_.serial << 16 | number_ << 1 | i; }
    auto watch(u32 i, u32 events) const -> void {
        p_.sides[i].armed = events;
        poll_.watch(p_.sides[i].fd.get(), events | EPOLLRDHUP | EPOLLET, tag(i));
    }
    auto arm(u32 i) const -> void {
        auto &s = p_.sides[i];
        u32 events = EPOLLIN | EPOLLOUT; // without a verdict: nobody is woken in vain
        if (s.inlet) events = (s.reads ? static_cast<u32>(EPOLLIN) : 0) | (s.full ? static_cast<u32>(EPOLLOUT) : 0);
        if (s.armed == events) return;
        s.armed = events;
        poll_.rearm(s.fd.get(), events | EPOLLRDHUP | EPOLLET, tag(i));
    }
    /// An event tells when this side takes more, at once if it does now.
    auto wait_for_room(u32 i) const -> void {
        p_.sides[i].full = true;
        p_.sides[i].armed = 0; // the kernel looks again when it is told again
        arm(i);
    }
    /// At that time, if nobody will before it: each look may ask for another.
    auto look_at(clock_type::time_point when) const -> void {
        if (p_.next <= when) return;
        p_.next = when;
        poll_.meet(when, number_, p_.serial);
    }
    /// Soon, and then less and less often.
    auto look_again(std::chrono::milliseconds most = 50ms) const -> void {
        look_at(clock_type::now() + p_.pause);
        p_.pause = std::min(p_.pause * 2, most);
    }

    /// Both connections stand, and the client's first bytes are read: what counts begins here.
    auto begin() const -> void {
        for (u32 i : {0u, 1u}) {
            auto &s = p_.sides[i];
            direction d{};
            d.base = tcp::info_of(p_.sides[1 - i].fd.get()).tcpi_bytes_acked;
            d.acknowledged = d.base;
            if (i == 0) {
                d.taken = static_cast<u32>(p_.wanted.consumed + s.held.size());
                d.skipped = p_.wanted.consumed;
                d.passed = s.held.size();
            }
            kernel_.reset(2 * number_ + i, d);
        }
    }
    /// Sends the first bytes on. Whether all have gone; nothing if that connection has failed.
    auto greet() const -> std::optional<bool> {
        if (!p_.sides[0].held.empty() && !pass_on(0)) return std::nullopt;
        return p_.sides[0].held.empty();
    }
    /// The kernel does the rest, as far as it can.
    auto splice() const -> void {
        auto both = kernel_.is_loaded();
        for (u32 i = 0; both && i < 2; i++) p_.sides[i].cookie = tcp::cookie_of(p_.sides[i].fd.get());
        for (u32 i = 0; both && i < 2; i++)
            kernel_.set_end(p_.sides[i].cookie, 2 * number_ + i, p_.sides[1 - i].cookie);
        // If one of them cannot be sent to by the kernel, the other needs no verdict: user space serves both.
        for (u32 i = 0; both && i < 2; i++) both = kernel_.add_destination(p_.sides[i].cookie, p_.sides[i].fd.get());
        for (u32 i : {0u, 1u}) {
            auto &s = p_.sides[i];
            s.inlet = both && kernel_.add_inlet(2 * number_ + i, s.fd.get());
            s.reads = !s.inlet;
            arm(i);
            if (s.inlet) wake(s);
        }
        p_.pause = 1ms;
    }

    /// Reads on side i and writes to the other as far as it goes. False if the stream has failed.
    auto pump(u32 i) const -> bool {
        auto &from = p_.sides[i];
        auto const &d = at(i);
        for (u32 rounds = 0;; rounds++) {
            if (!from.held.empty() && !pass_on(i)) return false;
            if (!from.held.empty() || from.quiet) return true;
            if (rounds == 16) { // others wait too
                look_at(clock_type::now());
                return true;
            }
            auto const n = recv(from.fd.get(), scratch_.data(), scratch_.size(), MSG_DONTWAIT);
            if (n < 0 && errno == EINTR) continue;
            if (n < 0 && errno != EAGAIN) return false;
            // Behind a verdict it is no end: while what was passed waits in a queue of the kernel's, recv() gives 0 as soon
            // as the peer has ended its stream. There all_sent() counts.
            if (n == 0 && !from.inlet) from.quiet = true;
            if (n > 0) {
                auto const bytes = scratch_.first(static_cast<std::size_t>(n));
                if (!from.inlet) count(d.passed, bytes.size());
                auto const went = offer(i, bytes);
                if (!went) return false;
                from.held.assign(bytes.begin() + static_cast<std::ptrdiff_t>(*went), bytes.end());
                // A short read has emptied the socket; an end that comes later is an event of its own.
                if (!from.held.empty() || bytes.size() == scratch_.size() || from.ended) continue;
            }
            from.reads = !from.quiet && (!from.inlet || d.slow != 0 || unread(i) > 0);
            arm(i);
            return true;
        }
    }
    /// Whether user space has something to do for this direction.
    auto is_needed(u32 i) const -> bool {
        auto const &s = p_.sides[i];
        return !s.inlet || !s.held.empty() || s.reads || at(i).slow != 0 || unread(i) > 0;
    }

    /// Whether everything that this side's peer has sent is on its way to the other side.
    auto all_sent(u32 i) const -> bool {
        auto const &s = p_.sides[i];
        auto const &d = at(i);
        if (!s.inlet) return s.quiet && s.held.empty() && in_order(i);
        auto const received = tcp::info_of(s.fd.get()).tcpi_bytes_received - (s.ended ? 1 : 0) - d.skipped;
        if (d.redirected + d.passed < received) {
            wake(s);
            return false;
        }
        return d.redirected + d.written >= received && in_order(i);
    }
    /// Ends our stream to this side. What its socket holds for user space would be gone as soon as its peer answers with an
    /// end of its own, so from here on the verdict passes none; while there is some, it is too early.
    auto end_stream(u32 to) const -> bool {
        auto &s = p_.sides[to];
        if (s.inlet && !s.ended) {
            at(to).never_slow = 1;
            tcp::info_of(s.fd.get()); // it takes the lock under which the verdict runs: none has seen the old value
            if (unread(to) > 0) return false;
            at(to).alone = 1;
        }
        shutdown(s.fd.get(), SHUT_WR);
        s.told = true;
        return true;
    }
    /// Whether the guard has shut the direction that begins here.
    auto is_shut(u32 i) const -> bool { return p_.sides[i].inlet && at(i).shut != 0; }
    /// User space serves it from here on. Nothing is received meanwhile, and what was received before that is with the verdict:
    /// so the socket can leave the maps. False if the kernel has counted otherwise.
    auto take_over(u32 i) const -> bool {
        auto &s = p_.sides[i];
        auto &d = at(i);
        auto const info = tcp::info_of(s.fd.get()); // it takes the lock under which the verdict runs
        if (info.tcpi_state != fin_wait_1 && info.tcpi_state != fin_wait_2) return true; // all is received
        if (d.redirected + d.passed < info.tcpi_bytes_received - d.skipped) {
            wake(s);
            look_again();
            return true;
        }
        kernel_.remove(s.cookie, 2 * number_ + i);
        if (tcp::unread(s.fd.get()) != 0) return false;
        s.inlet = false;
        s.reads = true;
        d.never_slow = 0;
        d.alone = 0;
        d.shut = 0;
        arm(i);
        return true;
    }
    /// Tells both what the other has ended.
    auto pass_ends_on() const -> void {
        for (u32 i : {0u, 1u}) {
            if (!p_.sides[i].ended || p_.sides[1 - i].told) continue;
            if (!all_sent(i)) {
                if (p_.pause > 16ms) wait_for_room(1 - i);
            } else if (end_stream(1 - i)) {
                p_.since = clock_type::now();
                p_.pause = 1ms;
            }
        }
    }
    auto is_over() const -> bool {
        return p_.sides[0].told && p_.sides[1].told && p_.sides[0].ended && p_.sides[1].ended;
    }
    /// Bytes of this direction that were taken from one socket, and that nobody has behind the other.
    auto under_way(u32 i) const -> u64 {
        auto const &d = at(i);
        auto const there = tcp::info_of(p_.sides[1 - i].fd.get()).tcpi_bytes_acked - d.base;
        // What user space has not read yet, the socket's own limit bounds.
        auto const &s = p_.sides[i];
        auto const here =
            s.inlet ? tcp::info_of(s.fd.get()).tcpi_bytes_received - d.skipped : u64{d.redirected} + u64{d.passed};
        return here > there ? here - there : 0;
    }
    /// For how long nobody has got anything. What only arrives here has not moved yet.
    auto idle() const -> clock_type::duration {
        u64 moved = 0;
        for (auto const &s : p_.sides) moved += tcp::info_of(s.fd.get()).tcpi_bytes_acked;
        auto const now = clock_type::now();
        if (moved != p_.seen) {
            p_.seen = moved;
            p_.since = now;
        }
        return now - p_.since;
    }
    auto exceeds(half_closed_limits const &limits) const -> bool {
        if (!p_.sides[0].ended && !p_.sides[1].ended) return false;
        if (idle() > limits.idle) return true;
        return p_.sides[0].told != p_.sides[1].told && under_way(p_.sides[0].told ? 0 : 1) > limits.held;
    }
    auto add_to(figures &f) const -> void {
        for (u32 i : {0u, 1u}) {
            f.in_kernel += at(i).redirected;
            f.in_user_space += at(i).written;
            f.trimmed += at(i).trimmed;
        }
    }

  private:
    auto at(u32 i) const -> direction volatile & { return kernel_.at(2 * number_ + i); }
    static auto count(u64 const volatile &where, u64 more) -> void {
        auto &counter = const_cast<u64 volatile &>(where);
        counter = counter + more;
    }
    /// What came before the socket was in the map is looked at with the next byte only, unless somebody says so.
    static auto wake(side const &s) -> void { tcp::set(s.fd.get(), SOL_SOCKET, SO_RCVLOWAT, 1); }
    auto unread(u32 i) const -> u64 {
        auto const &d = at(i);
        auto const written = d.written; // before what it is compared with
        return d.passed - written;
    }
    /// Whether all that was redirected is in the destination's send queue: until then nothing may be written behind it.
    auto in_order(u32 i) const -> bool {
        auto const to = p_.sides[1 - i].fd.get();
        auto &d = at(i);
        auto const redirected = d.redirected;
        if (d.caught_up == redirected) return true;
        auto const acknowledged = tcp::info_of(to).tcpi_bytes_acked - d.base; // before the queue's length
        if (acknowledged + tcp::unacknowledged(to) < redirected + d.written) return false;
        d.caught_up = redirected;
        return true;
    }
    /// How many of these bytes the other side takes. Nothing if that connection has failed.
    auto offer(u32 i, std::span<char const> bytes) const -> std::optional<std::size_t> {
        auto &to = p_.sides[1 - i];
        if (to.full) return 0;
        if (!in_order(i)) {
            if (p_.pause > 16ms) wait_for_room(1 - i);
            look_again();
            return 0;
        }
        std::size_t went = 0;
        while (went < bytes.size()) {
            auto const n = send(to.fd.get(), bytes.data() + went, bytes.size() - went, MSG_NOSIGNAL | MSG_DONTWAIT);
            if (n < 0 && errno == EINTR) continue;
            if (n < 0 && errno != EAGAIN) return std::nullopt;
            if (n < 0) {
                to.full = true;
                arm(1 - i);
                break;
            }
            went += static_cast<std::size_t>(n);
        }
        count(at(i).written, went);
        return went;
    }
    auto pass_on(u32 i) const -> bool {
        auto &held = p_.sides[i].held;
        auto const went = offer(i, held);
        if (!went) return false;
        held.erase(held.begin(), held.begin() + static_cast<std::ptrdiff_t>(*went));
        return true;
    }
};
