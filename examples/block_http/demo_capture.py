# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""Writes demo.pcap, the capture that the demo runs on (needs scapy): /usr/bin/python3 demo_capture.py"""
from scapy.layers.dns import DNS, DNSQR
from scapy.layers.inet import ICMP, IP, TCP, UDP, IPOption
from scapy.layers.inet6 import ICMPv6EchoRequest, IPv6, IPv6ExtHdrDestOpt, IPv6ExtHdrFragment, IPv6ExtHdrHopByHop, PadN
from scapy.layers.l2 import ARP, Dot1AD, Dot1Q, Ether
from scapy.utils import wrpcap

there = Ether(src="02:00:00:00:00:0a", dst="02:00:00:00:00:50")
back = Ether(src=there.dst, dst=there.src)
four, four_back = IP(src="192.0.2.10", dst="198.51.100.80"), IP(src="198.51.100.80", dst="192.0.2.10")
six, six_back = IPv6(src="2001:db8::10", dst="2001:db8:1::80"), IPv6(src="2001:db8:1::80", dst="2001:db8::10")
stamps = [("NOP", None), ("NOP", None), ("Timestamp", (1000, 2000))]


def up(sport, dport=80, flags="PA", seq=1, **more):
    return TCP(sport=sport, dport=dport, flags=flags, seq=seq, ack=1, **more)


def down(dport, sport=80, flags="PA", seq=1, **more):
    return TCP(sport=sport, dport=dport, flags=flags, seq=seq, ack=1, **more)


get = b"GET /index.html HTTP/1.1\r\nHost: www.example\r\n\r\n"
packets = [
    # A connection to a web server. The acknowledgement is short, and its padding looks like a request.
    there / four / up(50001, flags="S", seq=0, options=[("MSS", 1460)]),
    back / four_back / down(50001, flags="SA", seq=0, options=[("MSS", 1460)]),
    bytes(there / four / up(50001, flags="A")) + b"GET / ",
    there / four / up(50001) / get,
    back / four_back / down(50001) / (b"HTTP/1.1 200 OK\r\nContent-Length: 1500\r\n\r\n" + b"a" * 1200),
    back / four_back / down(50001, seq=1241) / (b"a" * 300),
    there / four / up(50001, flags="FA", seq=48),
    # IPv6, another port, an old version; options in front of the message.
    there / six / up(50002, 8080, options=stamps) / b"POST /form HTTP/1.1\r\nContent-Length: 3\r\n\r\na=1",
    back / six_back / down(50002, 8080) / b"HTTP/1.0 404 Not Found\r\n\r\n",
    there / six / IPv6ExtHdrHopByHop() / IPv6ExtHdrDestOpt(options=[PadN(optdata=bytes(12))]) / up(50003)
    / b"DELETE /item/7 HTTP/1.1\r\n\r\n",
    there / IP(src=four.src, dst=four.dst, options=[IPOption(b"\x94\x04\x00\x00")]) / up(50004, options=stamps)
    / b"PATCH /item/8 HTTP/1.1\r\n\r\n",
    # One, two and three VLAN tags.
    there / Dot1Q(vlan=10) / four / up(50005, 8000) / b"HEAD / HTTP/1.1\r\n\r\n",
    there / Dot1AD(vlan=100) / Dot1Q(vlan=10) / six / up(50006) / b"OPTIONS * HTTP/1.1\r\n\r\n",
    there / Dot1AD(vlan=100) / Dot1Q(vlan=10) / Dot1Q(vlan=11) / four / up(50007) / get,
    # Fragments: the first one has the message's start.
    there / six / IPv6ExtHdrFragment(m=1, id=77) / up(50008) / b"PUT /file HTTP/1.1\r\nContent-Length: 2000\r\n\r\n",
    there / six / IPv6ExtHdrFragment(offset=100, nh=6, id=77) / get,
    there / IP(src=four.src, dst=four.dst, frag=185, proto=6) / get,
    # Other TCP: TLS, SSH, HTTP/2, and what only nearly is HTTP/1.x.
    there / four / up(50009, 443) / bytes.fromhex("16030100c8010000c40303"),
    back / four_back / down(50009, 443) / bytes.fromhex("160303007a020000760303"),
    there / four / up(50010, 22) / b"SSH-2.0-OpenSSH_9.2p1\r\n",
    there / six / up(50011, 8080) / b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    there / four / up(50012) / b"GETX / HTTP/1.1\r\n\r\n",
    there / four / up(50013) / b"GE",
    there / four / up(50013, seq=3) / b"T / HTTP/1.1\r\n\r\n",
    # What is no TCP.
    there / four / UDP(sport=50014, dport=53) / DNS(rd=1, qd=DNSQR(qname="www.example")),
    there / six / UDP(sport=50015, dport=80) / get,
    there / four / ICMP(id=1, seq=1) / b"ping",
    there / six / ICMPv6EchoRequest(id=1, seq=1),
    Ether(src=there.src, dst="ff:ff:ff:ff:ff:ff") / ARP(psrc=four.src, pdst="192.0.2.1"),
    # Cut off within the TCP header, and a header that cannot be.
    bytes(there / four / up(50016) / get)[:44],
    there / IP(src=four.src, dst=four.dst, ihl=4) / up(50017) / get,
]
frames = [Ether(bytes(p)) for p in packets]
for i, f in enumerate(frames):
    f.time = 1_700_000_000 + i / 8
wrpcap("demo.pcap", frames)
