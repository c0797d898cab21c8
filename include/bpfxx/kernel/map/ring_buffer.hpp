// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
#include <bpfxx/core/verifier.hpp>
#include <bpfxx/kernel/map/declare.hpp>

namespace bpfxx::map {
/// Room for one record in a ring buffer. It is submitted, or given back when it goes out of scope: it cannot leak, which the
/// verifier would not allow. Zeroed, so that no old bytes leave with it.
template <class Record> class reserved {
    Record *at_;
    // Whether there is room; the pointer is never asked twice. Of a number the verifier knows on each path what it is. Of
    // the pointer to a record 5.10 and 6.1 do not know that it is not null, and see the record leak if it were.
    u64 there_;

  public:
    BPFXX_INLINE explicit reserved(Record *at) : at_{at}, there_{0} {
        if (!at) return;
        __builtin_memset(static_cast<void *>(at), 0, sizeof(Record));
        there_ = opaque(u64{1});
    }
    BPFXX_INLINE reserved(reserved &&other) : at_{other.at_}, there_{other.there_} { other.there_ = 0; }
    reserved(reserved const &) = delete;
    auto operator=(reserved const &) -> reserved & = delete;
    BPFXX_INLINE ~reserved() {
        if (there_) helper::ringbuf_discard(at_, 0);
    }

    /// Fills the record by fill(record) and sends it off; false if the ring buffer was full.
    template <class Fill> BPFXX_INLINE auto submit(Fill const &fill) -> bool {
        if (!there_) return false;
        fill(*at_);
        helper::ringbuf_submit(at_, 0);
        there_ = 0;
        return true;
    }
};

/// BPF_MAP_TYPE_RINGBUF (Linux 5.8). Its size is a power of two and a multiple of the page.
BPFXX_MAP_FIELDS_BEGIN
template <u32 Bytes, u64 Options = 0> struct ring_buffer {
    static_assert((Bytes & (Bytes - 1)) == 0 && Bytes >= 4096, "a ring buffer is a power of two, at least a page");
    int (*type)[BPF_MAP_TYPE_RINGBUF];
    int (*max_entries)[Bytes];
    BPFXX_MAP_OPTIONS(Options);

    template <class Record> BPFXX_INLINE auto reserve() -> reserved<Record> {
        return reserved<Record>{static_cast<Record *>(helper::ringbuf_reserve(this, sizeof(Record), 0))};
    }
    /// Sends a copy; false if the ring buffer was full.
    template <class Record> BPFXX_INLINE auto output(Record const &record) -> bool {
        return helper::ringbuf_output(this, handed<Record>{record}.at(), sizeof(Record), 0) == 0;
    }
    /// Sends the first `size` bytes of a record, all of it at most; false if the ring buffer was full.
    template <class Record> BPFXX_INLINE auto output(Record const &record, u32 size) -> bool {
        auto const n = opaque(u64{size}); // 64 bits: a shorter number becomes another register than the one compared
        return helper::ringbuf_output(this, handed<Record>{record}.at(), n < sizeof(Record) ? n : sizeof(Record), 0) ==
               0;
    }
};
BPFXX_MAP_FIELDS_END
} // namespace bpfxx::map

namespace bpfxx {
template <u32 Bytes, map_options O>
auto declared(map_spec<map_kind::ring_buffer, void, void, Bytes, O> *) -> map::ring_buffer<Bytes, O.code()>;
} // namespace bpfxx
