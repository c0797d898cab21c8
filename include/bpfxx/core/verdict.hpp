// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// What programs answer, one enum for each program type, and how often they answered it and why.
#include <bpfxx/core/map_spec.hpp>
#include <bpfxx/core/reason.hpp>

namespace bpfxx::xdp {
/// The kernel's enum xdp_action.
enum action : int { aborted, drop, pass, tx, redirect };
inline constexpr u32 action_count = 5;

BPFXX_INLINE constexpr auto name_of(action a) -> char const * {
    constexpr char const *names[] = {"aborted", "drop", "pass", "tx", "redirect"};
    return static_cast<u32>(a) < action_count ? names[a] : "unknown";
}

/// How often each action was answered.
struct tally {
    u64 aborted, drop, pass, tx, redirect;
};

/// Counters of a program, made by BPFXX_COUNT: a tally for each reason, on each CPU.
using counters = spec::per_cpu_array<tally, reason_count>;
} // namespace bpfxx::xdp

namespace bpfxx::tc {
/// The kernel's TC_ACT_*. `unspec` leaves the packet to the next program or classifier, as TCX_NEXT does.
enum action : int { unspec = -1, ok, reclassify, shot, pipe, stolen, queued, repeat, redirect, trap };

BPFXX_INLINE constexpr auto name_of(action a) -> char const * {
    constexpr char const *names[] = {"unspec", "ok",     "reclassify", "shot",     "pipe",
                                     "stolen", "queued", "repeat",     "redirect", "trap"};
    return static_cast<u32>(a + 1) < 10 ? names[a + 1] : "unknown";
}
/// How often each action was answered.
struct tally {
    u64 unspec, ok, shot, stolen, redirect, other;
};
using counters = spec::per_cpu_array<tally, reason_count>;
} // namespace bpfxx::tc

namespace bpfxx::socket_filter {
/// How many bytes of a packet its socket gets.
enum action : int { drop = 0, keep = -1 };
/// At most so many.
BPFXX_INLINE constexpr auto first(u32 bytes) -> action { return static_cast<action>(bytes); }
BPFXX_INLINE constexpr auto name_of(action a) -> char const * { return a == drop ? "drop" : "keep"; }
struct tally {
    u64 drop, keep;
};
using counters = spec::per_cpu_array<tally, reason_count>;
} // namespace bpfxx::socket_filter

namespace bpfxx::lwt {
/// What becomes of a packet of the route: it goes on, or is routed once more because its addresses are others now.
enum action : int { ok = 0, drop = 2, redirect = 7, reroute = 128 };
BPFXX_INLINE constexpr auto name_of(action a) -> char const * {
    return a == ok ? "ok" : a == drop ? "drop" : a == redirect ? "redirect" : a == reroute ? "reroute" : "unknown";
}
struct tally {
    u64 ok, drop, redirect, reroute;
};
using counters = spec::per_cpu_array<tally, reason_count>;
} // namespace bpfxx::lwt

namespace bpfxx::sk_lookup {
/// Whether somebody may be called at all; without a socket chosen, `pass` leaves it to the kernel.
enum action : int { drop, pass };
BPFXX_INLINE constexpr auto name_of(action a) -> char const * {
    return a == drop ? "drop" : a == pass ? "pass" : "unknown";
}
struct tally {
    u64 drop, pass;
};
using counters = spec::per_cpu_array<tally, reason_count>;
} // namespace bpfxx::sk_lookup

namespace bpfxx::sk_reuseport {
/// Whether the packet is taken; without a socket chosen, `pass` leaves it to the kernel.
enum action : int { drop, pass };
BPFXX_INLINE constexpr auto name_of(action a) -> char const * {
    return a == drop ? "drop" : a == pass ? "pass" : "unknown";
}
struct tally {
    u64 drop, pass;
};
using counters = spec::per_cpu_array<tally, reason_count>;
} // namespace bpfxx::sk_reuseport

namespace bpfxx::sock_addr {
/// Whether the call may go on.
enum action : int { deny, allow };
BPFXX_INLINE constexpr auto name_of(action a) -> char const * {
    return a == deny ? "deny" : a == allow ? "allow" : "unknown";
}
struct tally {
    u64 deny, allow;
};
using counters = spec::per_cpu_array<tally, reason_count>;
} // namespace bpfxx::sock_addr

namespace bpfxx::cgroup_sock {
/// Whether the socket may be.
enum action : int { deny, allow };
BPFXX_INLINE constexpr auto name_of(action a) -> char const * {
    return a == deny ? "deny" : a == allow ? "allow" : "unknown";
}
struct tally {
    u64 deny, allow;
};
using counters = spec::per_cpu_array<tally, reason_count>;
} // namespace bpfxx::cgroup_sock

namespace bpfxx::sock_bind {
/// Whether a socket may have the address; `allow_any_port` also without the right to a port below 1024 (Linux 5.12).
enum action : int { deny, allow, allow_any_port = 3 };
BPFXX_INLINE constexpr auto name_of(action a) -> char const * {
    return a == deny ? "deny" : a == allow ? "allow" : a == allow_any_port ? "allow_any_port" : "unknown";
}
struct tally {
    u64 deny, allow;
};
using counters = spec::per_cpu_array<tally, reason_count>;
} // namespace bpfxx::sock_bind

namespace bpfxx::sock_named {
/// What a process has got it has got.
enum action : int { allow = 1 };
BPFXX_INLINE constexpr auto name_of(action a) -> char const * { return a == allow ? "allow" : "unknown"; }
struct tally {
    u64 allow;
};
using counters = spec::per_cpu_array<tally, reason_count>;
} // namespace bpfxx::sock_named

namespace bpfxx::perf_event {
/// Whether the sample also goes to whoever reads the perf event.
enum action : int { drop, keep };
BPFXX_INLINE constexpr auto name_of(action a) -> char const * {
    return a == drop ? "drop" : a == keep ? "keep" : "unknown";
}
struct tally {
    u64 drop, keep;
};
using counters = spec::per_cpu_array<tally, reason_count>;
} // namespace bpfxx::perf_event

namespace bpfxx::netfilter {
/// Whether the packet goes on.
enum action : int { drop, accept };
BPFXX_INLINE constexpr auto name_of(action a) -> char const * {
    return a == drop ? "drop" : a == accept ? "accept" : "unknown";
}
struct tally {
    u64 drop, accept;
};
using counters = spec::per_cpu_array<tally, reason_count>;
} // namespace bpfxx::netfilter

namespace bpfxx::sock_ops {
/// `ignored`: whatever was replied is not used.
enum action : int { ignored, done };
BPFXX_INLINE constexpr auto name_of(action a) -> char const * {
    return a == ignored ? "ignored" : a == done ? "done" : "unknown";
}
struct tally {
    u64 ignored, done;
};
using counters = spec::per_cpu_array<tally, reason_count>;
} // namespace bpfxx::sock_ops

namespace bpfxx::cgroup_skb {
/// Whether a socket of the cgroup gets the packet, or sends it.
enum action : int { drop, allow };
BPFXX_INLINE constexpr auto name_of(action a) -> char const * {
    return a == drop ? "drop" : a == allow ? "allow" : "unknown";
}
struct tally {
    u64 drop, allow;
};
using counters = spec::per_cpu_array<tally, reason_count>;
} // namespace bpfxx::cgroup_skb

namespace bpfxx::flow_dissector {
/// `ok`: the keys are right. `drop`: there is no flow to be found. `fall_back` leaves the packet to the kernel's own
/// dissector since Linux 6.1 (BPF_FLOW_DISSECTOR_CONTINUE); before, it is as good as `drop`.
enum action : int { ok = 0, drop = 2, fall_back = 129 };
BPFXX_INLINE constexpr auto name_of(action a) -> char const * {
    return a == ok ? "ok" : a == drop ? "drop" : a == fall_back ? "fall_back" : "unknown";
}
struct tally {
    u64 ok, drop, fall_back;
};
using counters = spec::per_cpu_array<tally, reason_count>;
} // namespace bpfxx::flow_dissector
namespace bpfxx::sk_skb {
/// The kernel's enum sk_action: whether bytes that arrived go on, to their socket or to where they are redirected.
enum action : int { drop, pass };
BPFXX_INLINE constexpr auto name_of(action a) -> char const * {
    return a == drop ? "drop" : a == pass ? "pass" : "unknown";
}
struct tally {
    u64 drop, pass;
};
using counters = spec::per_cpu_array<tally, reason_count>;
} // namespace bpfxx::sk_skb

namespace bpfxx::stream_parser {
/// How many bytes the message at the front of a stream has. With `broken` the kernel gives the stream up.
enum action : int { broken = -74 /* -EBADMSG */, unfinished = 0 };
/// A message of so many bytes; the kernel waits until all are there.
BPFXX_INLINE constexpr auto message(u32 length) -> action { return static_cast<action>(length & 0x7fffffff); }
BPFXX_INLINE constexpr auto name_of(action a) -> char const * {
    return a < 0 ? "broken" : a == unfinished ? "unfinished" : "message";
}
struct tally {
    u64 message, unfinished, broken;
};
using counters = spec::per_cpu_array<tally, reason_count>;
} // namespace bpfxx::stream_parser

namespace bpfxx::sk_msg {
/// The kernel's enum sk_action: whether bytes that a socket sends go on, out or to where they are redirected.
enum action : int { drop, pass };
BPFXX_INLINE constexpr auto name_of(action a) -> char const * {
    return a == drop ? "drop" : a == pass ? "pass" : "unknown";
}
struct tally {
    u64 drop, pass;
};
using counters = spec::per_cpu_array<tally, reason_count>;
} // namespace bpfxx::sk_msg

namespace bpfxx::segment_filter {
/// How many bytes of a segment its socket gets, the TCP header among them and always there unless it is `drop`.
enum action : int { drop = 0, keep = -1 };
BPFXX_INLINE constexpr auto name_of(action a) -> char const * {
    return a == drop ? "drop" : a == keep ? "keep" : "cut";
}
struct tally {
    u64 drop, cut, keep;
};
using counters = spec::per_cpu_array<tally, reason_count>;
} // namespace bpfxx::segment_filter
