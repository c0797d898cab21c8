// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// Capture files written by hand, byte by byte, in either byte order.
#include <bpfxx/core/int.hpp>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

namespace bpfxx::test {
class capture_bytes {
    std::string bytes_;
    bool big_;

  public:
    explicit capture_bytes(bool big_endian = false) : big_{big_endian} {}

    auto put(u64 value, u32 size) -> capture_bytes & {
        for (u32 i = 0; i < size; i++) bytes_ += static_cast<char>(value >> 8 * (big_ ? size - 1 - i : i));
        return *this;
    }
    auto u16s(u16 a, u16 b) -> capture_bytes & { return put(a, 2).put(b, 2); }
    auto u32s(u32 a, u32 b) -> capture_bytes & { return put(a, 4).put(b, 4); }

    /// The head of a pcap file: a1b2c3d4 with microseconds, a1b23c4d with nanoseconds.
    auto pcap(u32 magic, u32 link_type = 1) -> capture_bytes & {
        return put(magic, 4).u16s(2, 4).u32s(0, 0).u32s(65535, link_type);
    }
    auto record(u32 seconds, u32 fraction, std::string_view data, u32 length) -> capture_bytes & {
        u32s(seconds, fraction).u32s(static_cast<u32>(data.size()), length);
        bytes_ += data;
        return *this;
    }

    /// A block of a pcapng file around what `body` holds.
    auto block(u32 type, capture_bytes const &body) -> capture_bytes & {
        auto const padded = (body.bytes_.size() + 3) / 4 * 4;
        auto const size = static_cast<u32>(12 + padded);
        u32s(type, size);
        bytes_ += body.bytes_;
        bytes_.append(padded - body.bytes_.size(), '\0');
        return put(size, 4);
    }
    auto pcapng() -> capture_bytes & {
        return block(0x0a0d0d0a, capture_bytes{big_}.put(0x1a2b3c4d, 4).u16s(1, 0).put(~0ull, 8));
    }
    /// With times in 10^-resolution seconds.
    auto interface(u16 link_type = 1, u32 snapshot = 65535, u8 resolution = 6) -> capture_bytes & {
        return block(
            1,
            capture_bytes{big_}.u16s(link_type, 0).put(snapshot, 4).u16s(9, 1).put(resolution, 1).put(0, 3).u16s(0, 0));
    }
    auto enhanced(u32 interface, u64 time, std::string_view data, u32 length) -> capture_bytes & {
        auto body = capture_bytes{big_};
        body.put(interface, 4).u32s(static_cast<u32>(time >> 32), static_cast<u32>(time));
        body.u32s(static_cast<u32>(data.size()), length);
        body.bytes_ += data;
        return block(6, body);
    }

    auto bytes() const -> std::string const & { return bytes_; }
    auto size() const -> std::size_t { return bytes_.size(); }
};

inline auto write_file(std::string const &path, std::string_view bytes) -> std::string {
    auto file = std::ofstream{path, std::ios::binary};
    file << bytes;
    if (!file.flush()) throw std::runtime_error{"cannot write " + path};
    return path;
}
inline auto read_file(std::string const &path) -> std::string {
    auto file = std::ifstream{path, std::ios::binary};
    if (!file) throw std::runtime_error{"cannot read " + path};
    return {std::istreambuf_iterator<char>{file}, {}};
}
} // namespace bpfxx::test
