# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""Writes demo.pcap, the capture that the demo runs on (needs scapy): /usr/bin/python3 demo_capture.py"""
import struct

from scapy.contrib.geneve import GENEVE, GeneveOptions
from scapy.contrib.mpls import MPLS
from scapy.layers.dns import DNS, DNSQR
from scapy.layers.inet import ICMP, IP, TCP, UDP
from scapy.layers.inet6 import (
    ICMPv6TimeExceeded,
    IPv6,
    IPv6ExtHdrDestOpt,
    IPv6ExtHdrFragment,
    IPv6ExtHdrHopByHop,
    IPv6ExtHdrRouting,
)
from scapy.layers.ipsec import AH
from scapy.layers.l2 import ARP, GRE, LLC, SNAP, Dot1AD, Dot1Q, Dot3, Ether
from scapy.layers.ppp import PPP, PPPoE
from scapy.layers.sctp import SCTP, SCTPChunkCookieAck
from scapy.layers.vxlan import VXLAN
from scapy.utils import wrpcap

ether = Ether(src="02:00:00:00:00:0a", dst="02:00:00:00:00:50")
inner = Ether(src="02:00:00:00:01:01", dst="02:00:00:00:01:02")
four, six = IP(src="192.0.2.10", dst="198.51.100.80"), IPv6(src="2001:db8::10", dst="2001:db8:1::80")
ten, unique = IP(src="10.0.0.1", dst="10.0.0.2"), IPv6(src="fd00::1", dst="fd00::2")
tcp, udp = TCP(sport=50001, dport=443, flags="PA", seq=1, ack=1), UDP(sport=50002, dport=5000)
stamps = TCP(sport=50001, dport=443, flags="A", options=[("NOP", None), ("NOP", None), ("Timestamp", (1000, 2000))])
session = bytes(GRE(proto=0x88BE, seqnum_present=1)) + struct.pack(">HHI", 0x1005, 7, 0)

packets = [
    ether / four / tcp / b"hello",
    # Tags, stacks, options.
    ether / Dot1AD(vlan=100) / Dot1Q(vlan=10) / six / stamps / b"hello",
    ether / MPLS(label=100, s=0) / MPLS(label=200, s=1) / four / udp / b"hello",
    ether / PPPoE(sessionid=7) / PPP(proto=0x57) / six / udp / b"hello",
    Dot3(src=ether.src, dst=ether.dst) / LLC(dsap=0xAA, ssap=0xAA, ctrl=3) / SNAP(OUI=0, code=0x0800) / four / udp / b"a",
    ether / six / IPv6ExtHdrHopByHop() / IPv6ExtHdrRouting(addresses=["2001:db8::1"]) / IPv6ExtHdrDestOpt() / tcp / b"a",
    # Packets in packets.
    ether / four / UDP(sport=50003, dport=4789) / VXLAN(vni=77) / inner / Dot1Q(vlan=5) / unique / tcp / b"hello",
    ether / six / UDP(sport=50004, dport=6081)
    / GENEVE(vni=9, proto=0x6558, options=[GeneveOptions(data=b"four")]) / inner / ten / udp / b"hello",
    ether / four / GRE(key_present=1, key=42) / unique / tcp / b"hello",
    ether / IP(src=four.src, dst=four.dst, proto=47) / (session + bytes(inner / ten / tcp / b"hello")),
    ether / four / unique / ten / udp / b"hello",
    ether / four / UDP(sport=2152, dport=2152) / struct.pack(">BBHI", 0x30, 255, 33, 9) / (ten / udp / b"hello"),
    # Others above IP.
    ether / four / SCTP(sport=38412, dport=38412, tag=7) / SCTPChunkCookieAck(),
    ether / IP(src=four.src, dst=four.dst, proto=51) / AH(nh=6, payloadlen=4, spi=256, seq=1, icv=bytes(12)) / bytes(tcp),
    ether / IP(src=four.dst, dst=four.src) / ICMP(type=3, code=3) / bytes(four / tcp)[:28],
    ether / six / ICMPv6TimeExceeded() / (unique / udp / b"hello"),
    Ether(src=ether.src, dst="ff:ff:ff:ff:ff:ff") / ARP(psrc="192.0.2.10", pdst="192.0.2.1"),
    ether / four / UDP(sport=50005, dport=53) / DNS(rd=1, qd=DNSQR(qname="www.example")),
    # Fragments.
    ether / IP(src=four.src, dst=four.dst, flags="MF", id=7) / udp / (b"a" * 64),
    ether / IP(src=four.src, dst=four.dst, frag=9, id=7, proto=17) / (b"a" * 16),
    ether / six / IPv6ExtHdrFragment(offset=185, nh=6, id=8) / b"hello",
    # What cannot be, or is not all there.
    ether / IP(src=four.src, dst=four.dst, ihl=4) / tcp,
    ether / four / TCP(sport=50001, dport=443, dataofs=3) / b"hello",
    ether / IP(src=four.src, dst=four.dst, len=30) / udp / b"hello",
    ether / IP(src=four.src, dst=four.dst, proto=47) / b"\x00\x01\x88\x0b\x00\x00\x00\x00",
    bytes(ether / four / tcp / b"hello")[:50],
    ether / IP(src=four.src, dst=four.dst, proto=89) / bytes(24),
]
deep = ten / udp / b"hello"
for _ in range(15):
    deep = ten / deep
packets.append(ether / deep)

frames = [Ether(bytes(p)) for p in packets]
for i, f in enumerate(frames):
    f.time = 1_700_000_000 + i / 8
wrpcap("demo.pcap", frames)
