// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// block_http, with its events and counters. Port 8080 is exempt.
#define BPFXX_OBJECT "block_http"
#include <examples/block_http/block_http.bpf.cpp>
#include <fuzz/target.hpp>

static auto make() -> fuzz::target {
    settings const all{1, 1};
    auto const *const at = reinterpret_cast<u8 const *>(&all);
    fuzz::target t{block_http,
                   "block_http",
                   {"counters", "events", "lost"},
                   [](std::span<u8> record) { std::memset(record.data(), 0, sizeof(event::time)); },
                   {{"config", {at, at + sizeof all}}}};
    be16 const port{8080};
    u8 const yes = 1;
    t.native().maps.at("exempt")->update(&port, &yes, BPF_ANY);
    for (auto const &[where, kernel] : t.kernels())
        bpf_map_update_elem(bpf_map__fd(kernel.map("exempt")), &port, &yes, BPF_ANY);
    return t;
}

extern "C" auto LLVMFuzzerTestOneInput(u8 const *data, std::size_t size) -> int {
    static auto all = make();
    all.run({data, size}, [](host::object_entry &, int verdict) -> u64 { return static_cast<u64>(verdict); });
    return 0;
}
