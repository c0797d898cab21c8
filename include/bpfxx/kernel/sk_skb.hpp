// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Programs of a sockmap or sockhash that see what arrives at the sockets in it (Linux 4.14; as documented here 5.13).
/// Bytes are those of the TCP stream: there are no headers in front of them.
#include <bpfxx/core/verdict.hpp>
#include <bpfxx/kernel/entry.hpp>
#include <bpfxx/kernel/skb.hpp>

namespace bpfxx::sk_skb {
using skb::context;
template <auto Policy = pass, bool Counted = false> using verdict = bpfxx::verdict<action, Policy, Counted>;
/// In the order in which the macros know them.
template <bool Counted, auto Policy = pass> using verdict_of = verdict<Policy, Counted>;

/// The socket that bytes have come to.
class of_socket {
    context *context_;

  public:
    BPFXX_INLINE explicit of_socket(context *c) : context_{c} {}
    /// What helpers are given.
    BPFXX_INLINE auto raw() const -> context * { return context_; }
    /// The same number as user space reads by SO_COOKIE; it stays the same, while a closing socket loses its port.
    BPFXX_INLINE auto cookie() const -> u64 { return helper::get_socket_cookie(context_); }
    /// How far the socket's streams have come (with BTF).
    BPFXX_INLINE auto counts() const -> result<skb::tcp_counts> { return skb::counts_of(context_); }
};

/// What is known of its ends, too.
class arrived : public of_socket {
  public:
    using of_socket::of_socket;
    /// AF_INET (2) or AF_INET6 (10).
    BPFXX_INLINE auto family() const -> u32 { return raw()->family; }
    BPFXX_INLINE auto remote_port() const -> be16 { return be16{static_cast<u16>(network_order(raw()->remote_port))}; }
    /// 0 once the socket is in TIME_WAIT.
    BPFXX_INLINE auto local_port() const -> be16 { return be16{static_cast<u16>(raw()->local_port)}; }
    BPFXX_INLINE auto remote_ip4() const -> be32 { return be32{network_order(raw()->remote_ip4)}; }
    BPFXX_INLINE auto local_ip4() const -> be32 { return be32{network_order(raw()->local_ip4)}; }
    /// One of the four words of an address, where the family is AF_INET6.
    template <u32 Word> BPFXX_INLINE auto local_ip6() const -> be32 {
        static_assert(Word < 4, "an IPv6 address has four words of 32 bits");
        return be32{network_order(raw()->local_ip6[Word])};
    }
    template <u32 Word> BPFXX_INLINE auto remote_ip6() const -> be32 {
        static_assert(Word < 4, "an IPv6 address has four words of 32 bits");
        return be32{network_order(raw()->remote_ip6[Word])};
    }
};

namespace detail {
template <class T> BPFXX_INLINE auto loaded(context *from, u32 offset) -> result<T> {
    static_assert(alignof(T) == 1 && __is_standard_layout(T),
                  "bytes of a stream have no alignment and no byte order: load a be16, le16 or a struct of such");
    from_helper<T> copy;
    if (helper::skb_load_bytes(from, offset, copy.at(), sizeof(T)) != 0) return reason::truncated;
    return copy.value();
}
} // namespace detail

/// A piece of a stream, as long as the network made it. At first none of it is linear: pull() or load() comes before
/// parse().
class packet : public arrived {
  public:
    using answer = action;
    using arrived::arrived;
    /// 0 where a peer has ended its stream without a further byte.
    BPFXX_INLINE auto length() const -> u32 { return raw()->len; }
    /// TCP's sequence number of the first byte (Linux 6.2).
    BPFXX_INLINE auto sequence() const -> u32 { return skb::sequence_of(raw()); }
    /// A copy of the T at this offset, wherever it lies.
    template <class T> BPFXX_INLINE auto load(u32 offset = 0) const -> result<T> {
        return detail::loaded<T>(raw(), offset);
    }
    /// The headers that the linear part starts with.
    template <class... Steps> BPFXX_INLINE auto parse() const { return packet_chain<Steps...>::at(whole(), start{}); }
    /// All linear bytes.
    BPFXX_INLINE auto payload() const -> bytes { return bytes{whole()}; }
    BPFXX_INLINE auto whole() const -> cursor { return whole_packet(skb::begin(*raw()), skb::end(*raw())); }
    /// The piece with its first n bytes linear, or as many as it has. What was parsed before is void.
    BPFXX_INLINE auto pull(u32 n) && -> result<packet> {
        if (raw()->len < n) n = raw()->len;
        if (helper::skb_pull_data(raw(), n) != 0) return reason::truncated;
        return packet{raw()};
    }
    /// The piece without its first n bytes. Where fewer are left it fails, and the piece may have lost some already.
    BPFXX_INLINE auto drop_front(u32 n) && -> result<packet> {
        constexpr u32 at_once = 4095; // more than this the kernel does not take off in one step
        BPFXX_ROLLED for (u32 i = 0; i < 64 && n > 0; i++) {
            auto const step = n < at_once ? n : at_once;
            if (!skb::take_off(raw(), step)) return reason::truncated;
            n = forgotten(n - step, raw()->len); // or each round is verified once for every way that leads to it
        }
        if (n > 0) return reason::too_deep;
        return packet{raw()};
    }
};
} // namespace bpfxx::sk_skb

namespace bpfxx::stream_message {
using sk_skb::action;
using skb::context;
template <bool Counted, auto Policy = sk_skb::pass> using verdict_of = sk_skb::verdict<Policy, Counted>;

/// One message, as a stream parser has found it. The kernel gives it among others, and says where it is in no field.
class packet : public sk_skb::arrived {
    skb::message_bounds is_;
    BPFXX_INLINE packet(context *c, skb::message_bounds is) : arrived{c}, is_{is} {}

  public:
    using answer = action;
    BPFXX_INLINE packet() : packet{nullptr, {0, 0}} {} // what stands in a result without a value
    BPFXX_INLINE explicit packet(context *c) : arrived{c}, is_{skb::bounds_of_message(c)} {}
    BPFXX_INLINE auto length() const -> u32 { return is_.length; }
    /// A copy of the T at this offset, wherever it lies.
    template <class T> BPFXX_INLINE auto load(u32 offset = 0) const -> result<T> {
        if (u64{offset} + sizeof(T) > is_.length) return reason::truncated;
        return sk_skb::detail::loaded<T>(raw(), is_.start + offset);
    }
    /// The headers that the linear part starts with.
    template <class... Steps> BPFXX_INLINE auto parse() const { return packet_chain<Steps...>::at(whole(), start{}); }
    /// All linear bytes.
    BPFXX_INLINE auto payload() const -> bytes { return bytes{whole()}; }
    BPFXX_INLINE auto whole() const -> cursor {
        auto *const at = skb::begin(*raw());
        auto const far = bounded<farthest>(is_.start); // beyond that, no byte is in reach
        auto const left = is_.start > farthest ? i64{0} : i64{bounded<0x7fffffff>(is_.length)};
        return {opaque(at + far), skb::end(*raw()), left, at};
    }
    /// The message with its first n bytes linear, or as many as it has. What was parsed before is void.
    BPFXX_INLINE auto pull(u32 n) && -> result<packet> {
        if (is_.length < n) n = is_.length;
        if (helper::skb_pull_data(raw(), is_.start + n) != 0) return reason::truncated;
        return packet{raw(), is_};
    }
};
} // namespace bpfxx::stream_message

namespace bpfxx::stream_parser {
using skb::context;
/// Bytes that are missing are waited for; a stream of another form is given up.
BPFXX_INLINE constexpr auto waits(reason why) -> action { return why == reason::truncated ? unfinished : broken; }
template <auto Policy = waits, bool Counted = false> using verdict = bpfxx::verdict<action, Policy, Counted>;
template <bool Counted, auto Policy = waits> using verdict_of = verdict<Policy, Counted>;

/// What has arrived behind the last message. It must not be changed, and not be made linear: load() reads it.
class packet : public sk_skb::arrived {
    u32 start_;

  public:
    BPFXX_INLINE explicit packet(context *c) : arrived{c}, start_{skb::bounds_of_message(c).start} {}
    BPFXX_INLINE auto length() const -> u32 { return raw()->len - start_; }
    /// A copy of the T at this offset, wherever it lies.
    template <class T> BPFXX_INLINE auto load(u32 offset = 0) const -> result<T> {
        return sk_skb::detail::loaded<T>(raw(), start_ + offset);
    }
};
} // namespace bpfxx::stream_parser

/// BPFXX_STREAM_VERDICT(name)(sk_skb::packet packet) { … }: where what has arrived goes, in a map without a parser. A policy
/// may follow the name.
#define BPFXX_STREAM_VERDICT(name, ...) BPFXX_ENTRY(sk_skb, "sk_skb/stream_verdict", name __VA_OPT__(, ) __VA_ARGS__)
/// The same hook also for UDP and Unix sockets (Linux 5.13); a map has this one or a stream verdict.
#define BPFXX_SK_SKB(name, ...) BPFXX_ENTRY(sk_skb, "sk_skb", name __VA_OPT__(, ) __VA_ARGS__)
/// BPFXX_STREAM_PARSER(name)(stream_parser::packet packet) { … }: where the first message ends (Linux 6.2).
#define BPFXX_STREAM_PARSER(name, ...)                                                                                 \
    BPFXX_ENTRY(stream_parser, "sk_skb/stream_parser", name __VA_OPT__(, ) __VA_ARGS__)
/// BPFXX_MESSAGE_VERDICT(name)(stream_message::packet message) { … }: a stream verdict in a map with a parser, which is
/// called for each of its messages (Linux 6.2).
#define BPFXX_MESSAGE_VERDICT(name, ...)                                                                               \
    BPFXX_ENTRY(stream_message, "sk_skb/stream_verdict", name __VA_OPT__(, ) __VA_ARGS__)
