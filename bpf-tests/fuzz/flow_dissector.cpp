// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
/// flow_dissector, with each of its flags: the keys that it finds.
#define BPFXX_OBJECT "flow_dissector"
#include <examples/flow_dissector/flow_dissector.bpf.cpp>
#include <fuzz/target.hpp>

extern "C" auto LLVMFuzzerTestOneInput(u8 const *data, std::size_t size) -> int {
    static fuzz::target all{dissect, "flow_dissector", {}};
    all.run({data, size}, [](host::object_entry &, int verdict) -> u64 { return static_cast<u64>(verdict); });
    return 0;
}
