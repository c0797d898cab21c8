// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// What both sides of entity_remap share: rules, entities, counters, maps. Rules and entities are there twice: user space
/// fills the set that is not in force, and puts it in force with one number.
#include <bpfxx/core/endian.hpp>
#include <bpfxx/core/map_spec.hpp>
#include <bpfxx/core/verdict.hpp>

enum class for_unknown : bpfxx::u32 { pass, drop, remap };

struct rules {
    bpfxx::u32 least, most;    // bytes of a payload that is good
    bpfxx::u32 offset, size;   // of the tag in the payload
    bpfxx::u32 udp, tcp;       // which of them, as truth values
    bpfxx::u32 bad_size_drops; // else such packets pass as they are
    bpfxx::u32 unknown;        // for_unknown
    bpfxx::be16 unknown_port;  // where it is remap
    bpfxx::u8 unused[2];
};
static_assert(sizeof(rules) == 36);

inline constexpr bpfxx::u32 longest_tag = 16;
/// A tag as it lies in the packet, zeros behind it: its byte order is the business of user space.
struct entity_key {
    bpfxx::u8 tag[longest_tag];
    bpfxx::u32 set;
};
struct entity {
    bpfxx::be16 port;
    bpfxx::u8 unused[2];
    bpfxx::u32 slot; // of its counters
};
struct entity_tally {
    bpfxx::u64 packets, bytes, last; // bytes of payload; CLOCK_BOOTTIME in ns
};

/// What became of packets to the ports that are watched.
enum class outcome : bpfxx::u32 {
    remapped,
    to_default,
    unknown_passed,
    unknown_dropped,
    bad_size_passed,
    bad_size_dropped
};
inline constexpr bpfxx::u32 outcome_count = 6;
BPFXX_INLINE constexpr auto name_of(outcome o) -> char const * {
    constexpr char const *names[] = {"remapped",        "to_default",      "unknown_passed",
                                     "unknown_dropped", "bad_size_passed", "bad_size_dropped"};
    return static_cast<bpfxx::u32>(o) < outcome_count ? names[static_cast<bpfxx::u32>(o)] : "none";
}

// Capacities are what a program has that is loaded as it is; entity_remap sets those that its settings need.
using in_force_spec = bpfxx::spec::array<bpfxx::u32, 1>; // which set
using rule_sets_spec = bpfxx::spec::array<rules, 2>;
using watched_spec = bpfxx::spec::array<bpfxx::u8, 65536>; // by port; bit 0 for set 0, bit 1 for set 1
using entities_spec = bpfxx::spec::hash<entity_key, entity, 2 * 4096>;
using counted_spec = bpfxx::spec::array<entity_tally, 4096>;
using outcomes_spec = bpfxx::spec::per_cpu_array<bpfxx::u64, outcome_count>;

/// Of copies on their way in again: by this mark the TC program knows them, and takes it off.
inline constexpr bpfxx::u32 copy_mark = 0x656e'7431;
