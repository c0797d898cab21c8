// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// block_http, with its events and counters. Port 8080 is exempt.
#define BPFXX_OBJECT "block_http"
#include <examples/block_http/block_http.bpf.cpp>
#include <fuzz/target.hpp>

extern "C" auto LLVMFuzzerTestOneInput(u8 const *data, std::size_t size) -> int {
    static settings const config{1, 1};
    static auto const *const at = reinterpret_cast<u8 const *>(&config);
    static fuzz::target all{
        block_http,
        "block_http",
        {{"counters"},
         {"events", [](std::span<u8> record) { std::memset(record.data(), 0, sizeof(event::time)); }},
         {"lost"}},
        {{"config", {at, at + sizeof config}}}};
    [[maybe_unused]] static auto const once = [] {
        all.fill("exempt", be16{8080}, u8{1});
        return true;
    }();
    all.run({data, size}, [](host::object_entry &, int verdict) -> u64 { return static_cast<u64>(verdict); });
    return 0;
}
