// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/kernel/callback.hpp>
#include <bpfxx/kernel/map/declare.hpp>

namespace bpfxx::map {
namespace detail {
template <class Record, class Use> struct drained {
    BPFXX_INTERNAL static auto sample(::bpf_dynptr *from, void *use) -> i64 {
        Record record{};
        if (helper::dynptr_read(&record, sizeof record, from, 0, 0) != 0) return 0; // shorter than a record
        return bpfxx::detail::called(*static_cast<Use const *>(use), static_cast<Record const &>(record));
    }
};
} // namespace detail

/// BPF_MAP_TYPE_USER_RINGBUF (Linux 6.1): user space writes, programs read. Its size is a power of two, at least a page.
BPFXX_MAP_FIELDS_BEGIN
template <u32 Bytes, u64 Options> struct user_ring_buffer {
    static_assert((Bytes & (Bytes - 1)) == 0 && Bytes >= 4096, "a ring buffer is a power of two, at least a page");
    int (*type)[BPF_MAP_TYPE_USER_RINGBUF];
    int (*max_entries)[Bytes];
    BPFXX_MAP_OPTIONS(Options);

    /// Calls use(record) with a copy of each record that is there, oldest first; it may stop by answering iteration::stop.
    /// How many were taken out, those that are too short included; -EBUSY if another program is at it.
    template <class Record, class Use> BPFXX_INLINE auto drain(Use const &use) -> i64 {
        return helper::user_ringbuf_drain(this, &detail::drained<Record, Use>::sample, const_cast<Use *>(&use), 0);
    }
};
BPFXX_MAP_FIELDS_END
} // namespace bpfxx::map

namespace bpfxx {
template <u32 Bytes, map_options O>
auto declared(map_spec<map_kind::user_ring_buffer, void, void, Bytes, O> *) -> map::user_ring_buffer<Bytes, O.code()>;
} // namespace bpfxx
