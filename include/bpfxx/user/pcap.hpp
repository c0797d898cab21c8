// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// libpcap, without its struct bpf_insn: <linux/bpf.h> has another one of that name.
#ifndef PCAP_DONT_INCLUDE_PCAP_BPF_H
#define PCAP_DONT_INCLUDE_PCAP_BPF_H
#endif
#include <pcap/pcap.h>

#include <pcap/dlt.h>
