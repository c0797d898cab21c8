// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// A packet of a capture file, as the reader hands it out and the writer takes it.
#include <bpfxx/core/int.hpp>
#include <chrono>
#include <cstddef>
#include <span>

namespace bpfxx::user {
struct captured_packet {
    u64 number;                       // from 1
    std::chrono::nanoseconds time;    // since 1970, UTC
    u32 original_length;              // on the wire; more than bytes.size() if the capture cut it
    std::span<std::byte const> bytes; // valid until the reader goes on
};
} // namespace bpfxx::user
