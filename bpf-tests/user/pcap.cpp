// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#include <bpfxx/user/pcap.hpp>
#include <linux/bpf.h>
#include <string>
#include <support/catch.hpp>

TEST_CASE("libpcap and the kernel's BPF header live in one file") {
    static_assert(sizeof(bpf_insn) == 8 && sizeof(bpf_insn::off) == 2, "the kernel's, not libpcap's");
    CHECK(std::string{pcap_datalink_val_to_name(DLT_EN10MB)} == "EN10MB");
}
