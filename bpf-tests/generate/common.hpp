// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// What every generated program may use: values for maps, and two headers of its own.
#include <bpfxx/core/atomic.hpp>
#include <bpfxx/kernel/lock.hpp>
#include <bpfxx/kernel/timer.hpp>
#include <bpfxx/net/ip_address.hpp>
#include <bpfxx/net/keys.hpp>
#include <bpfxx/net/literals.hpp>
using namespace bpfxx;
using namespace net::literals;

struct pair {
    be16 a;
    u8 b;
};
struct place {
    be32 address;
    be16 port;
    u8 kind, padding;
};
struct tally2 {
    u64 packets, sum;
};
struct guarded {
    bpf_spin_lock lock;
    u32 times;
    u64 sum;
};
struct timed_sum {
    u64 sum;
    bpf_timer timer;
};
struct flow {
    net::ip_address src, dst;
    be16 src_port, dst_port;
};
struct settings {
    u32 least;
    u16 times[2];
};
struct totals {
    u64 count, last;
};
struct counted {
    atomic<u64> a;
    atomic<u32> b;
    u32 rest;
};

struct note {
    static constexpr auto id = net::udp_port{9999};
    u8 kind, words;
    be16 number;
    BPFXX_INLINE constexpr auto valid() const -> bool { return kind < 8; }
    BPFXX_INLINE constexpr auto options() const -> u64 { return words * u64{4}; }
};
struct frame {
    static constexpr auto id = one_of{net::tcp_port{7777}, net::tcp_port{7778}};
    u8 length;
    le16 number;
    BPFXX_INLINE constexpr auto size() const -> u32 { return length; }
    BPFXX_INLINE constexpr auto covers() const -> u32 { return length + 40u; }
};
