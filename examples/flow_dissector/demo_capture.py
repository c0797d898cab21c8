#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""Makes demo.pcap: one packet for each sort of flow."""
import struct
import sys


def ethernet(ether_type, data):
    return bytes.fromhex("020000000002020000000001") + struct.pack(">H", ether_type) + data


def vlan(ether_type, data):
    return struct.pack(">HH", 7, ether_type) + data


def ipv4(protocol, data, fragment=0, src=1, dst=2):
    head = struct.pack(">BBHHHBBHBBBBBBBB", 0x45, 0, 20 + len(data), 1, fragment, 64, protocol, 0,
                       192, 0, 2, src, 198, 51, 100, dst)
    total = sum(struct.unpack(">10H", head))
    total = (total & 0xffff) + (total >> 16)
    return head[:10] + struct.pack(">H", ~total & 0xffff) + head[12:] + data


def ipv6(protocol, data, label=0):
    address = bytes.fromhex("20010db80000000000000000000000")
    return struct.pack(">IHBB", 0x60000000 | label, len(data), protocol, 64) + address + b"\1" + address + b"\2" + data


def tcp(src=50000, dst=443):
    return struct.pack(">HHIIBBHHH", src, dst, 1, 1, 0x50, 0x18, 512, 0, 0) + b"data"


def udp(src=50000, dst=53):
    return struct.pack(">HHHH", src, dst, 12, 0) + b"data"


packets = [
    ethernet(0x0800, ipv4(6, tcp())),
    ethernet(0x86dd, ipv6(17, udp())),
    ethernet(0x86dd, ipv6(6, tcp(), label=0xbeef)),
    ethernet(0x88a8, vlan(0x8100, vlan(0x0800, ipv4(17, udp())))),
    ethernet(0x86dd, ipv6(0, bytes([60, 0, 1, 4, 0, 0, 0, 0, 17, 0, 1, 4, 0, 0, 0, 0]) + udp())),
    ethernet(0x0800, ipv4(17, udp(), fragment=0x2000)),
    ethernet(0x0800, ipv4(17, b"the rest", fragment=0x0003)),
    ethernet(0x0800, ipv4(4, ipv4(6, tcp(), src=11, dst=12))),
    ethernet(0x0800, ipv4(47, bytes.fromhex("200065580000002a") + ethernet(0x86dd, ipv6(6, tcp())))),
    ethernet(0x0800, ipv4(132, struct.pack(">HHII", 2905, 2905, 1, 0))),
    ethernet(0x0800, ipv4(1, bytes.fromhex("0800f7fd00010001"))),
    ethernet(0x0806, bytes(28)),
    ethernet(0x0800, ipv4(6, tcp()[:12])),
]
with open(sys.argv[1] if len(sys.argv) > 1 else "demo.pcap", "wb") as out:
    out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
    for number, packet in enumerate(packets):
        out.write(struct.pack("<IIII", 1_700_000_000 + number, 0, len(packet), len(packet)) + packet)
