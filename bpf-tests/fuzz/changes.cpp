// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// Packets that are rewritten, and become longer and shorter, with the bytes that come out. Of a packet whose checksums are
/// right, and of which only fields are changed, they have to be right again: each is computed anew over all it covers.
#define BPFXX_OBJECT "changes"
#include "changes.bpf.cpp"
#include <fuzz/target.hpp>

namespace {
using byte_view = std::span<u8 const>;
auto at16(byte_view b, std::size_t at) -> u32 { return static_cast<u32>(b[at] << 8 | b[at + 1]); }
auto sum(byte_view b, u32 s = 0) -> u32 {
    for (std::size_t i = 0; i < b.size(); i++) s += i % 2 == 0 ? u32{b[i]} << 8 : b[i];
    while (s >> 16) s = (s & 0xffff) + (s >> 16);
    return s;
}

/// Whether this is a whole TCP or UDP packet behind at most two tags, with IP as it mostly is, and all sums right.
auto is_right(byte_view b) -> bool {
    if (b.size() < 14) return false;
    std::size_t at = 12;
    for (u32 tags = 0; tags < 2 && at + 6 <= b.size() && (at16(b, at) == 0x8100 || at16(b, at) == 0x88a8); tags++)
        at += 4;
    auto const type = at16(b, at);
    b = b.subspan(at + 2);
    u32 protocol = 0, pseudo = 0;
    if (type == 0x0800) {
        if (b.size() < 20 || b[0] >> 4 != 4 || (b[0] & 15) < 5) return false;
        auto const header = (b[0] & 15u) * 4u, total = at16(b, 2);
        if (total > b.size() || total < header || (at16(b, 6) & 0x3fff) != 0) return false;
        if (sum(b.first(header)) != 0xffff) return false;
        protocol = b[9];
        pseudo = sum(b.subspan(12, 8));
        b = b.first(total).subspan(header);
    } else if (type == 0x86dd) {
        if (b.size() < 40 || b[0] >> 4 != 6 || b.size() < 40 + at16(b, 4)) return false;
        protocol = b[6];
        pseudo = sum(b.subspan(8, 32));
        b = b.subspan(40, at16(b, 4));
    } else
        return false;
    if (protocol == 17) {
        if (b.size() < 8 || at16(b, 4) != b.size()) return false;
        if (at16(b, 6) == 0) return type == 0x0800; // none
    } else if (protocol != 6 || b.size() < 20)
        return false;
    return sum(b, pseudo + protocol + static_cast<u32>(b.size())) == 0xffff;
}
auto changes_fields_only(byte_view b) -> bool {
    auto const only = [](u32 how) { return static_cast<way>(how) < way::echo; };
    return b.size() >= 14 && only(b[7] & 15) && only(b[7] >> 4);
}
} // namespace

extern "C" auto LLVMFuzzerTestOneInput(u8 const *data, std::size_t size) -> int {
    static fuzz::target all{changes, "changes", {{"reasons"}}};
    byte_view const packet{data, size};
    all.run(packet, [](host::object_entry &, int verdict) -> u64 { return static_cast<u64>(verdict); });
    if (!changes_fields_only(packet) || !is_right(packet)) return 0;
    auto const out = host::run(changes, packet);
    if (is_right(out.bytes)) return 0;
    std::cerr << "checksums were right, and are not: " << test::line_of(packet) << '\n'
              << "                             now: " << test::line_of(out.bytes) << '\n';
    std::abort();
}
