// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// dissect: the whole trail of headers that it tells of, natively and in the kernel.
#define BPFXX_OBJECT "dissect"
#include <examples/dissect/dissect.bpf.cpp>
#include <fuzz/target.hpp>

extern "C" auto LLVMFuzzerTestOneInput(u8 const *data, std::size_t size) -> int {
    static fuzz::target all{
        dissect_xdp,
        "dissect",
        {{"trails", [](std::span<u8> t) { std::memset(t.data(), 0, sizeof(dissection::trail::time)); }}, {"lost"}}};
    static u64 last = 0;
    all.run({data, size}, [](host::object_entry &object, int) -> u64 {
        // Which headers there were, and why it stopped: FNV-1a. Taking the trails out makes room for others, too.
        object.maps.at("trails")->consume([](std::span<u8 const> record) {
            auto const &t = *reinterpret_cast<dissection::trail const *>(record.data());
            last = 0xcbf2'9ce4'8422'2325 ^ t.stop;
            for (u32 i = 0; i < t.count && i < dissection::most_layers; i++)
                last = (last ^ t.layers[i].protocol) * 0x100'0000'01b3;
        });
        return last;
    });
    return 0;
}
