#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""What the programs of encapsulate.bpf.cpp have to make of packets, as scapy builds it.

encapsulate_vectors.py           whether encapsulate.vectors still says so; status 77 without scapy (1 with CI=true)
encapsulate_vectors.py --write   writes it: a line for each program and packet, "program in out", in hexadecimal digits
"""
import argparse
import os
import struct
import sys
from pathlib import Path

FILE = Path(__file__).with_suffix("").with_name("encapsulate.vectors")

try:
    from scapy.contrib.geneve import GENEVE
    from scapy.contrib.mpls import MPLS
    from scapy.layers.inet import ICMP, IP, TCP, UDP
    from scapy.layers.inet6 import IPv6, IPv6ExtHdrHopByHop, ICMPv6EchoRequest
    from scapy.layers.l2 import ARP, Dot1Q, Ether, GRE
    from scapy.layers.vxlan import VXLAN
    from scapy.packet import Raw
except ImportError:
    ci = os.environ.get("CI") == "true"
    print(f"{'MISSING' if ci else 'SKIPPED'}: scapy for /usr/bin/python3: apt install python3-scapy")
    sys.exit(1 if ci else 77)

LINK = dict(src="02:aa:00:00:00:01", dst="02:aa:00:00:00:02")


def inner_packets():
    v4 = dict(src="192.0.2.1", dst="198.51.100.9", id=77)
    v6 = dict(src="2001:db8::1", dst="2001:db8:1::9")
    options = [("MSS", 1460), ("NOP", None), ("WScale", 7), ("NOP", None), ("NOP", None), ("Timestamp", (1, 2))]
    text = bytes(range(256))
    link = Ether(**LINK)
    yield "ip", link / IP(ttl=9, tos=0xb9, **v4) / UDP(sport=1000, dport=2000) / Raw(b"inside")
    yield "ip", link / IP(**v4) / TCP(sport=1, dport=2, flags="PA", options=options) / Raw(text[:201])
    yield "ip", link / IP(options=b"\x94\x04\x00\x00\x01\x01\x01\x00", **v4) / ICMP() / Raw(b"odd")
    yield "ip", link / IP(frag=100, flags="MF", **v4) / Raw(text[:64])
    yield "ip", raw(link / IP(**v4) / TCP(flags="A")).ljust(60, b"\0")
    yield "ip", raw(link / IPv6(hlim=3, tc=0x88, fl=0x12345, **v6) / TCP(sport=5, dport=6, options=options)) + b"trail"
    yield "ip", link / IPv6(**v6) / IPv6ExtHdrHopByHop() / ICMPv6EchoRequest(data=b"ping" * 9)
    yield "ip", link / IPv6(**v6) / UDP(sport=7, dport=8) / Raw(text[:180])
    yield "frame", link / ARP(psrc="192.0.2.1", pdst="192.0.2.2")
    yield "frame", link / Dot1Q(vlan=5) / IP(**v4) / UDP() / Raw(b"tagged")
    yield "frame", link / Raw(b"")


def raw(packet):
    return bytes(packet)


def outer():
    """The headers of the other end: as a function of the protocol that they carry."""
    v4 = lambda proto: IP(src="10.0.0.1", dst="10.0.0.2", ttl=32, id=0, flags="DF", proto=proto)
    v6 = lambda proto: IPv6(src="fc00::1", dst="fc00::2", hlim=32, nh=proto)
    return v4, v6


def results(kind, frame):
    v4, v6 = outer()
    port = dict(sport=50000)
    if kind == "ip":
        version = frame[14] >> 4
        length = struct.unpack("!H", frame[16:18])[0] if version == 4 else 40 + struct.unpack("!H", frame[18:20])[0]
        inner, behind = Raw(frame[14:14 + length]), frame[14 + length:]
        proto, ether = (4, 0x0800) if version == 4 else (41, 0x86dd)
        own = Ether(**LINK)
        note = bytes.fromhex("01030401cafe0001")
        gue = Raw(struct.pack("!BBH", 0, proto, 0))
        made = {
            "ipip": v4(proto) / inner,
            "ip6ip": v6(proto) / inner,
            "gre": v4(47) / GRE(proto=ether) / inner,
            "gre_key": v6(47) / GRE(proto=ether, key_present=1, key=7) / inner,
            "gue": v4(17) / UDP(dport=6080, chksum=0, **port) / gue / inner,
            "gue6": v6(17) / UDP(dport=6080, **port) / gue / inner,
            "geneve_note": v6(17) / UDP(dport=6081, **port) / GENEVE(vni=9, proto=ether, optionlen=2) / Raw(note) / inner,
            "vxlan_gpe": v4(17) / UDP(dport=4790, chksum=0, **port) /
                         VXLAN(flags=0x0c, NextProtocol=1 if version == 4 else 2, vni=5) / inner,
            "mpls_in_gre": v4(47) / GRE(proto=0x8847) / MPLS(label=100, ttl=7, s=0) / MPLS(label=200, ttl=8, s=1) / inner,
            "alert": IP(src="10.0.0.1", dst="10.0.0.2", ttl=32, id=0, flags="DF", proto=proto,
                        options=b"\x94\x04\x00\x00") / inner,
            "two_at_once": v6(47) / GRE(proto=0x0800) / v4(proto) / inner,
        }
        if version == 4:
            made["copied"] = IP(src="10.0.0.1", dst="10.0.0.2", ttl=frame[22], tos=frame[15], id=0, flags="DF",
                                proto=proto) / inner
        yield from ((name, raw(own / packet) + behind) for name, packet in made.items())
    link = Ether(**LINK)
    frame = Raw(frame)
    made = {
        "gretap": v4(47) / GRE(proto=0x6558) / frame,
        "vxlan": v4(17) / UDP(dport=4789, chksum=0, **port) / VXLAN(flags=8, vni=0x123456) / frame,
        "vxlan6": v6(17) / UDP(dport=4789, **port) / VXLAN(flags=8, vni=7) / frame,
        "vxlan_8472": v4(17) / UDP(sport=0, dport=8472, chksum=0) / VXLAN(flags=8, vni=7) / frame,
        "geneve": v4(17) / UDP(dport=6081, chksum=0, **port) / GENEVE(vni=0x654321, proto=0x6558) / frame,
    }
    yield from ((name, raw(link.copy() / packet)) for name, packet in made.items())


def vectors():
    for kind, packet in inner_packets():
        frame = raw(packet)
        for name, result in results(kind, frame):
            yield f"{name} {frame.hex()} {result.hex()}\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    text = "".join(vectors())
    if parser.parse_args().write:
        FILE.write_text(text)
    elif FILE.read_text() != text:
        sys.exit(f"{FILE} is not what scapy says: {__file__} --write")
    print(f"{text.count(chr(10))} vectors")


main()
