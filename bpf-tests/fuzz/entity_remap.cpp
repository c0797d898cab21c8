// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// entity_remap with rules of several kinds: which ones a packet meets, its own first byte says.
#define BPFXX_OBJECT "entity_remap"
#include <examples/entity_remap/entity_remap.bpf.cpp>
#include <fuzz/target.hpp>

namespace {
auto blank_last(std::span<u8> tally) -> void { std::memset(tally.data() + 16, 0, sizeof(entity_tally::last)); }
/// What became of the last packet.
auto kind_of(host::object_entry &object, int verdict) -> u64 {
    static u64 before[outcome_count] = {};
    u64 what = outcome_count;
    for (u32 i = 0; i < outcome_count; i++) {
        auto const &now = *static_cast<u64 *>(object.maps.at("outcomes")->lookup(&i));
        if (now != before[i]) what = i;
        before[i] = now;
    }
    return what << 8 | static_cast<u64>(verdict);
}
} // namespace

extern "C" auto LLVMFuzzerTestOneInput(u8 const *data, std::size_t size) -> int {
    static fuzz::target all{entity_remap, "entity_remap", {{"counters"}, {"outcomes"}, {"counted", blank_last, 8}}};
    static bool filled = false;
    static u32 in_force_now = 2;
    if (!filled) {
        filled = true;
        // Two bytes at 2, or a pattern of five at the start; what is unknown goes to a port, or is dropped.
        all.fill("rule_sets", u32{0}, rules{4, 60, 2, 2, 1, 1, 1, 2, be16{7777}, {}});
        all.fill("rule_sets", u32{1}, rules{1, 300, 0, 5, 1, 1, 0, 1, be16{0}, {}});
        for (u32 const port : {80u, 53u, 4789u, 443u, 50000u}) all.fill("watched", port, u8{3});
        all.fill("entities", entity_key{{0, 0}, 0}, entity{be16{1000}, {}, 0});
        all.fill("entities", entity_key{{'T', ' '}, 0}, entity{be16{1001}, {}, 1});
        all.fill("entities", entity_key{{'T', 'P'}, 0}, entity{be16{1002}, {}, 2});
        all.fill("entities", entity_key{{'H', 'T', 'T', 'P', '/'}, 1}, entity{be16{1003}, {}, 3});
        all.fill("entities", entity_key{{'G', 'E', 'T', ' ', '/'}, 1}, entity{be16{1004}, {}, 9999}); // no such slot
    }
    auto const set = size > 0 ? data[0] & 1u : 0u;
    if (set != in_force_now) all.fill("in_force", u32{0}, in_force_now = set);
    all.run({data, size}, kind_of);
    return 0;
}
