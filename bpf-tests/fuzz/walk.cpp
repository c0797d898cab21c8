// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// A walk over all protocols, 12 headers deep.
#include <fuzz/target.hpp>
#include <kernel/walker.bpf.cpp>

namespace {
auto trail_of(host::object_entry &object) -> test::observation {
    u32 const first = 0;
    test::observation seen;
    std::memcpy(&seen, object.maps.at("seen")->lookup(&first), sizeof seen);
    return seen;
}
/// Headers stand one behind the other, and none reaches beyond the packet.
auto check(test::observation const &seen, std::size_t length) -> void {
    u64 offset = 0;
    auto const depth = seen.number[16];
    for (u32 i = 0; i < depth && i < 12; i++) {
        auto const at = seen.number[i] >> 16 & 0xff'ffff, size = seen.number[i] & 0xffff;
        if (at != offset || size == 0) std::abort();
        offset += size;
    }
    if (depth > 12 || offset > length || seen.number[17] != offset || seen.why >= reason_count) std::abort();
}
/// Which headers there were, and why the walk ended: FNV-1a.
auto kind_of(host::object_entry &object, int) -> u64 {
    auto const seen = trail_of(object);
    u64 hash = 0xcbf2'9ce4'8422'2325;
    for (u32 i = 0; i < seen.number[16] && i < 12; i++) hash = (hash ^ seen.number[i] >> 48) * 0x100'0000'01b3;
    return (hash ^ seen.why) * 0x100'0000'01b3;
}
} // namespace

extern "C" auto LLVMFuzzerTestOneInput(u8 const *data, std::size_t size) -> int {
    static fuzz::target all{of_frame, "walker", {{"seen"}}};
    if (size > 3072) size = 3072;
    all.run({data, size}, kind_of);
    check(trail_of(all.native()), size);
    return 0;
}
