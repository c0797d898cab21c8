# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""Writes demo.pcap, the capture that the demo runs on (needs scapy): /usr/bin/python3 demo_capture.py"""
import struct

from scapy.layers.inet import IP, TCP, UDP, IPOption
from scapy.layers.inet6 import IPv6, IPv6ExtHdrHopByHop
from scapy.layers.l2 import ARP, Dot1AD, Dot1Q, Ether
from scapy.utils import wrpcap

link = Ether(src="02:00:00:00:00:0a", dst="02:00:00:00:00:50")
four, six = IP(src="192.0.2.10", dst="198.51.100.80"), IPv6(src="2001:db8::10", dst="2001:db8:1::80")


def reading(entity, size=24):
    return struct.pack("!BH", 1, entity) + bytes((entity + i) % 256 for i in range(size - 3))


def datagram(entity, size=24, **more):
    return UDP(sport=40000, dport=5000, **more) / reading(entity, size)


packets = [
    # Readings of four entities, over both IPs, with tags and options.
    link / four / datagram(17),
    link / six / datagram(17),
    link / four / datagram(18),
    link / Dot1Q(vlan=10) / four / datagram(100),
    link / Dot1AD(vlan=100) / Dot1Q(vlan=10) / six / datagram(101),
    link / IP(src=four.src, dst=four.dst, options=[IPOption(b"\x94\x04\x00\x00")]) / datagram(17, 300),
    link / six / IPv6ExtHdrHopByHop() / datagram(18, 301),
    link / four / datagram(17, chksum=0),
    # TCP: segments with data, and one without.
    link / four / TCP(sport=40001, dport=5000, flags="S", options=[("MSS", 1460)]),
    link / four / TCP(sport=40001, dport=5000, flags="PA", seq=1, ack=1) / reading(100, 64),
    # Sizes that are none of a reading, and an entity that nobody knows.
    link / four / datagram(17, 7),
    link / six / datagram(17, 1201),
    link / four / datagram(2000),
    # What is none of its business.
    link / four / UDP(sport=40000, dport=5001) / reading(17),
    Ether(src=link.src, dst="ff:ff:ff:ff:ff:ff") / ARP(psrc=four.src, pdst="192.0.2.1"),
    link / IP(src=four.src, dst=four.dst, flags="MF", id=7) / UDP(sport=40000, dport=5000, len=2008, chksum=0x1234) / reading(17, 800),
]
frames = [Ether(bytes(p)) for p in packets]
for i, f in enumerate(frames):
    f.time = 1_700_000_000 + i / 8
wrpcap("demo.pcap", frames)
