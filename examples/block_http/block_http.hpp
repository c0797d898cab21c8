// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// What both sides of block_http share: settings, events, maps.
#include <bpfxx/core/map_spec.hpp>
#include <bpfxx/core/verdict.hpp>
#include <bpfxx/net/ip_address.hpp>

/// Which messages are dropped; given before loading.
struct settings {
    bpfxx::u32 requests, responses; // as truth values
};

/// A message that was dropped.
struct event {       // NOLINT(cppcoreguidelines-pro-type-member-init): the kernel side fills it
    bpfxx::u64 time; // CLOCK_MONOTONIC, in ns
    bpfxx::net::ip_address src, dst;
    bpfxx::be16 src_port, dst_port;
    bpfxx::u8 length;      // bytes of `start` that the packet had
    bpfxx::u8 is_response; // as a truth value
    bpfxx::u8 start[32];   // of the payload; zeros behind its end
    bpfxx::u8 padding[2];
};
static_assert(sizeof(event) == 80);

using exempt_spec =
    bpfxx::spec::hash<bpfxx::be16, bpfxx::u8, 1024>; // ports that are let through; the value says nothing
using events_spec = bpfxx::spec::ring_buffer<1 << 20>;
using lost_spec = bpfxx::spec::per_cpu_array<bpfxx::u64, 1>; // events that found the ring buffer full
