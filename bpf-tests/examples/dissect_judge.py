#!/usr/bin/env -S /usr/bin/python3 -B
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""Another reads the same packets: tshark says where each header is and what is in it, and dissect has to say the same.
dissect_judge.py [SEED [COUNT]]      packets that are made here: stacks, tunnels, options, fragments, and what is broken
dissect_judge.py --capture FILE...   those of any captures; [--verbose] shows each difference that is a choice, too

The programs for XDP and TC, in the kernel and on the host, have to agree packet by packet. Where tshark reads more or
otherwise by choice, the choice has a name here, and a line in the table of examples/dissect/README.md."""
import json
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml
from collections import Counter
from pathlib import Path

here = Path(__file__).resolve().parent
program = Path(os.environ.get("BPFXX_BUILD_DIR", here.parents[1] / "build")) / "bin/dissect"
os.environ["PATH"] += ":/usr/sbin:/sbin"
CHOICES = ["refused header", "tshark reads less"]

# tshark's names of what dissect knows. An own size: tshark's item is of all it carries, or of more than the header.
NAMES = {
    "eth": "ethernet", "vlan": "vlan", "ieee8021ad": "vlan", "arp": "arp", "ip": "ipv4", "ipv6": "ipv6",
    "ipv6.hopopts": "ipv6_hop_by_hop", "ipv6.routing": "ipv6_routing", "ipv6.fraghdr": "ipv6_fragment",
    "ipv6.dstopts": "ipv6_destination", "mipv6": "ipv6_mobility", "hip": "ipv6_host_identity",
    "ipv6.shim6": "ipv6_shim6", "shim6": "ipv6_shim6", "ah": "ah", "esp": "esp", "gre": "gre", "erspan": "erspan",
    "l2tp": "l2tpv3", "tcp": "tcp", "udp": "udp", "sctp": "sctp", "dccp": "dccp", "icmp": "icmp", "icmpv6": "icmpv6",
    "igmp": "igmp", "vxlan": "vxlan", "vxlan_gpe": "vxlan_gpe", "geneve": "geneve", "gue": "gue", "gtp": "gtp_u",
    "mpls": "mpls", "pppoes": "pppoe", "llc": "llc", "wlan": "ieee80211", "radiotap": "radiotap", "macsec": "macsec",
}  # fmt: skip
# Where tshark reads nothing more, by what is there.
LEAVES = {"any": {"mipv6", "hip", "shim6", "llc"}, "pppoe": {"gre"}, "macsec": {"gre", "eth", "vlan", "ieee8021ad"},
          "llc": {"ieee8021ad", "macsec"}, "ipv4": {"pwach", "mpls"}, "ipv6": {"pwach", "mpls"}}  # fmt: skip
GIVEN_UP = {"Malformed Packet", "Unreassembled fragment"}
OWN = {"snap", "null", "loop", "linux_sll", "linux_sll2", "ppp", "chdlc"}  # tshark: part of another, or no name for it
SIZED = {"ethernet", "vlan", "arp", "ipv4", "ipv6_hop_by_hop", "ipv6_routing", "ipv6_fragment",
         "ipv6_destination", "ah", "gre", "tcp", "udp", "vxlan", "vxlan_gpe", "geneve", "gtp_u", "mpls", "ieee80211",
         "radiotap"}  # fmt: skip
PORTS = {"tcp", "udp", "sctp", "dccp"}


def missing(what, how):
    ci = os.environ.get("CI") == "true"
    print(f"{'MISSING' if ci else 'SKIPPED'}: {what}: {how}")
    sys.exit(1 if ci else 77)


if not shutil.which("tshark"):
    missing("tshark", "apt install tshark")
try:
    from scapy.contrib.mpls import MPLS
    from scapy.layers.dot11 import Dot11
    from scapy.layers.inet import ICMP, IP, TCP
    from scapy.layers.inet6 import ICMPv6EchoRequest, ICMPv6TimeExceeded, IPv6
    from scapy.layers.l2 import ARP, LLC, SNAP, Ether
    from scapy.layers.sctp import SCTP, SCTPChunkCookieAck
    from scapy.layers.vxlan import VXLAN
except ImportError:
    missing("scapy", "apt install python3-scapy")

probe = subprocess.run(["bpftool", "map", "show"], capture_output=True) if shutil.which("bpftool") else None
in_kernel = os.geteuid() == 0 and probe is not None and probe.returncode == 0
SIDES = [["--host", "--tc"]] + ([[], ["--tc"]] if in_kernel else [])


# --- packets
class Maker:
    """Random packets, the same for the same seed. Each method returns the bytes of a header and of all that it carries."""

    def __init__(self, seed):
        self.r = random.Random(seed)

    def port(self):
        return self.r.randrange(40000, 40200)  # which no dissector claims

    def text(self, most=60):
        return bytes(self.r.choice(b"abcdefgh") for _ in range(self.r.randrange(most + 1)))

    def one_in(self, n):
        return self.r.randrange(n) == 0

    def wrong(self, length):
        """A length, that sometimes lies."""
        return self.r.choice([0, 4, 8, 12, length - 1, length + 1, length + 40, 65535]) % 65536 if self.one_in(25) else length

    # --- links
    def typed(self, depth):
        """(EtherType, bytes)"""
        kinds = ["ipv4"] * 6 + ["ipv6"] * 6 + ["arp", "mpls", "mpls", "pppoe", "macsec", "other"]
        kind = self.r.choice(kinds)
        if kind == "ipv4":
            return 0x0800, self.ipv4(depth)
        if kind == "ipv6":
            return 0x86DD, self.ipv6(depth)
        if kind == "arp":
            return 0x0806, bytes(ARP(op=self.r.randrange(1, 3), psrc="10.0.0.1", pdst="10.0.0.2"))
        if kind == "mpls":
            inner = self.r.choice([self.ipv4, self.ipv4, self.ipv6, self.ipv6, lambda d: b"\x20" + self.text()])(depth)
            count = self.r.randrange(1, 5)
            stack = [MPLS(label=self.r.randrange(16, 1 << 20), s=i == count - 1, ttl=9) for i in range(count)]
            return 0x8847, b"".join(bytes(label)[:4] for label in stack) + inner
        if kind == "pppoe":
            number, inner = self.r.choice([(0x21, self.ipv4), (0x57, self.ipv6), (0xC021, lambda d: self.text())])
            inner = inner(depth)
            number = struct.pack(">B" if number < 256 and self.one_in(3) else ">H", number)  # compressed, or not
            return 0x8864, struct.pack(">BBHH", 0x11, 0, 7, self.wrong(len(number) + len(inner))) + number + inner
        if kind == "macsec":
            encrypted, sci = self.one_in(3), self.one_in(2)
            number, inner = self.typed(depth)
            secured = struct.pack(">H", number) + inner
            short = len(secured) if len(secured) < 48 else 0
            tag = struct.pack(">BBI", 0x20 * sci | 0x0C * encrypted, short, 9) + bytes(8 * sci)
            return 0x88E5, tag + secured + bytes(16)
        return self.r.choice([0x88B5, 0x88B6, 0x0600]), self.text()

    def ethernet(self, depth):
        number, inner = self.typed(depth)
        if self.one_in(14):  # a frame of IEEE 802.3
            inner = bytes(LLC(dsap=0xAA, ssap=0xAA, ctrl=3) / SNAP(OUI=0, code=number)) + inner
            if len(inner) < 1500:
                number = len(inner)
        kinds = [0x8100, 0x8100, 0x88A8] if number > 0x600 else [0x8100]  # tshark knows no length in 802.1ad
        tags = [self.r.choice(kinds) for _ in range(self.r.choice([0, 0, 0, 0, 1, 1, 2, 3]))]
        for tag in tags:
            inner = struct.pack(">HH", self.r.randrange(65536), number) + inner
            number = tag
        return bytes(Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02", type=number)) + inner

    def wifi(self, depth):
        number, inner = self.typed(depth)
        inner = bytes(LLC(dsap=0xAA, ssap=0xAA, ctrl=3) / SNAP(OUI=0, code=number)) + inner
        direction = self.r.choice([0, 1, 2, 3])
        qos = self.one_in(2)
        head = Dot11(type=2, subtype=8 * qos, FCfield=direction, addr1="02:00:00:00:00:01", addr2="02:00:00:00:00:02",
                     addr3="02:00:00:00:00:03", addr4="02:00:00:00:00:04")  # fmt: skip
        head = bytes(head)[: 30 if direction == 3 else 24] + bytes(2 * qos)
        return struct.pack("<BBHI", 0, 0, 8, 0) + head + inner

    # --- networks
    def ipv4(self, depth):
        number, inner = self.carried(4, depth)
        options = b"".join(self.r.choice([b"\x01", b"\x44\x04\x05\x00", b"\x94\x04\x00\x00"]) for _ in
                           range(self.r.choice([0, 0, 0, 0, 1, 3, 8])))  # fmt: skip
        options += bytes(-len(options) % 4)
        head = IP(src=f"10.{self.r.randrange(256)}.0.1", dst="192.168.7.2", ttl=64, proto=number, ihl=5 + len(options) // 4,
                  id=self.r.randrange(65536), len=self.wrong(20 + len(options) + len(inner)))  # fmt: skip
        if self.one_in(15):
            head.flags, head.frag = self.r.choice([("MF", 0), ("MF", 1), ("MF", 185), (0, 185), (0, 8191), ("DF", 0)])
        return bytes(head)[:20] + options + inner

    def ipv6(self, depth):
        number, inner = self.carried(6, depth)
        for kind in [self.r.choice([0, 43, 44, 51, 60, 60, 135, 139, 140]) for _ in range(self.r.choice([0] * 6 + [1, 1, 2, 4]))]:
            words = self.r.randrange(3)
            if kind == 44:
                word = self.r.choice([0, 0, 1, 1, 8, 9, 0xFFF8])  # offset << 3 | more fragments
                inner = struct.pack(">BBHI", number, 0, word, 7) + inner
            elif kind == 51:
                inner = struct.pack(">BBHII", number, 1 + 2 * words, 0, 256, 1) + bytes(8 * words) + inner
            elif kind == 43:  # of an experimental type, without segments left
                inner = bytes([number, words, 253, 0]) + bytes(4 + 8 * words) + inner
            elif kind == 140:
                inner = bytes([number, 0, 0x80, 0, 0, 0, 0, 1]) + inner
            elif kind == 139:  # of which tshark wants 40 bytes
                inner = bytes([number, 4, 1, 0x21]) + bytes(36) + inner
            elif kind == 135:  # a binding refresh request
                inner = bytes([number, words, 0, 0]) + bytes(2) + bytes([1, words * 8]) + bytes(8 * words) + inner
            else:
                inner = bytes([number, words, 1, 4 + 8 * words]) + bytes(4 + 8 * words) + inner
            number = kind
        head = IPv6(src=f"2001:db8::{self.r.randrange(1, 65536):x}", dst="fe80::2", nh=number, plen=self.wrong(len(inner)))
        return bytes(head)[:40] + inner

    def carried(self, version, depth):
        """(IP protocol, bytes)"""
        kinds = ["tcp"] * 5 + ["udp"] * 5 + ["icmp", "sctp", "dccp", "igmp", "other", "nothing"]
        if depth > 0:
            kinds += ["ip", "gre", "gre", "udp tunnel", "udp tunnel", "udp tunnel", "ah", "esp", "l2tp"]
        kind = self.r.choice(kinds)
        if kind == "tcp":
            options = [("MSS", 1460), ("NOP", None), ("WScale", 7), ("SAckOK", b""), ("Timestamp", (1, 2)), ("NOP", None)]
            head = TCP(sport=self.port(), dport=self.port(), flags=self.r.choice(["S", "SA", "A", "PA", "FA", "R"]),
                       options=options[: self.r.randrange(7)] if self.one_in(2) else [])  # fmt: skip
            if self.one_in(25):
                head.dataofs = self.r.randrange(16)
            return 6, bytes(head) + self.text()
        if kind == "udp":
            return 17, self.udp(self.text())
        if kind == "icmp" and version == 4:
            if self.one_in(2):
                return 1, bytes(ICMP(type=self.r.choice([0, 8]), seq=3)) + self.text()
            quoted = self.ipv4(0)
            return 1, bytes(ICMP(type=self.r.choice([3, 11]), code=0)) + quoted[: self.r.choice([28, 28, 200])]
        if kind == "icmp":
            if self.one_in(2):
                return 58, bytes(ICMPv6EchoRequest(seq=3, cksum=1)) + self.text()
            return 58, bytes(ICMPv6TimeExceeded(cksum=1)) + self.ipv6(0)
        if kind == "sctp":
            return 132, bytes(SCTP(sport=self.port(), dport=self.port(), tag=7) / SCTPChunkCookieAck())
        if kind == "dccp":  # a request, data, and a reset
            form = self.r.choice([struct.pack(">BBHI", 0x01, 0, 0, 9) + bytes(4), struct.pack(">BBH", 0x04, 0, 9),
                                  struct.pack(">BBHI", 0x0F, 0, 0, 9) + bytes(12)])  # fmt: skip
            return 33, struct.pack(">HHBBH", self.port(), self.port(), 2 + len(form) // 4, 0, 0) + form + self.text()
        if kind == "igmp":
            return 2, struct.pack(">BBH4s", self.r.choice([0x11, 0x16, 0x17]), 0, 0, bytes([224, 1, 1, 1]))
        if kind == "nothing":
            return (59, self.text()) if version == 6 else (253, self.text())
        if kind == "ip":
            return self.r.choice([lambda: (4, self.ipv4(depth - 1)), lambda: (41, self.ipv6(depth - 1))])()
        if kind == "gre":
            return 47, self.gre(depth)
        if kind == "udp tunnel":
            return 17, self.udp_tunnel(depth)
        if kind == "ah":
            number, inner = self.carried(version, depth - 1)
            size = self.r.choice([12, 16, 20, 32])
            return 51, struct.pack(">BBHII", number, 1 + size // 4, 0, 256, 1) + bytes(size) + inner
        if kind == "esp":
            return 50, struct.pack(">II", 256, 1) + self.text()
        if kind == "l2tp":
            return 115, struct.pack(">I", 7) + bytes(24)
        return self.r.choice([89, 253, 46]), self.text()

    def udp(self, inner, port=None):
        length = len(inner) + 8
        if self.one_in(25):
            length = self.r.choice([0, 1, 7, 8, 9, length + 30, 65535])
        return struct.pack(">HHHH", self.port(), port or self.port(), length, 0) + inner

    def gre(self, depth):
        flags = self.r.choice([0, 0x80, 0x20, 0x10, 0xA0, 0x30, 0xB0])
        number, inner = self.typed(depth - 1)
        if self.one_in(4):
            number, inner = 0x6558, self.ethernet(depth - 1)
        if self.one_in(6):
            flags |= 0x10
            number, inner = 0x88BE, bytes([0x10, 5, 0, 7, 0, 0, 0, 0]) + self.ethernet(depth - 1)
        fields = bytes(4 * (flags >> 7 & 1)) + bytes(4 * (flags >> 5 & 1)) + bytes(4 * (flags >> 4 & 1))
        return struct.pack(">BBH", flags, self.one_in(20), number) + fields + inner

    def udp_tunnel(self, depth):
        kind = self.r.choice(["vxlan", "vxlan", "gpe", "geneve", "geneve", "gtp", "gtp"])
        if kind == "vxlan":
            return self.udp(bytes(VXLAN(vni=self.r.randrange(1 << 24))) + self.ethernet(depth - 1), 4789)
        if kind == "gpe":
            number, inner = self.r.choice([(1, self.ipv4), (2, self.ipv6), (3, self.ethernet)])
            return self.udp(struct.pack(">BHBI", 0x0C, 0, number, 7 << 8) + inner(depth - 1), 4790)
        if kind == "geneve":
            number, inner = self.typed(depth - 1)
            if self.one_in(2):
                number, inner = 0x6558, self.ethernet(depth - 1)
            options = b"".join(struct.pack(">HBB", 0x0102, 0x42, n) + bytes(4 * n) for n in
                               [self.r.randrange(3) for _ in range(self.r.choice([0, 0, 1, 2]))])  # fmt: skip
            return self.udp(struct.pack(">BBHI", len(options) // 4, 0, number, 7 << 8) + options + inner, 6081)
        inner = self.r.choice([self.ipv4, self.ipv6])(depth - 1)
        flags, more = self.r.choice([(0x30, b""), (0x32, bytes(4)), (0x34, bytes([0, 0, 0, 0x85, 1, 0x10, 9, 0]))])
        return self.udp(struct.pack(">BBHI", flags, 255, self.wrong(len(more) + len(inner)), 7) + more + inner, 2152)

    def packet(self, start):
        """(bytes that were captured, length on the wire)"""
        data = start(self.r.choice([0, 1, 1, 2, 3]))
        if self.one_in(5):
            data += self.r.choice([bytes(12), b"GET / HTTP/1.1"])  # what no length field covers
        if self.one_in(20):  # a bit that has fallen over, past the link's header
            at = self.r.randrange(14, max(len(data), 15)) if len(data) > 14 else 0
            data = data[:at] + bytes([data[at] ^ 1 << self.r.randrange(8)]) + data[at + 1 :]
        wire = len(data)
        if self.one_in(10):
            data = data[: self.r.randrange(len(data) + 1)]
        return data[:3000], wire


def write(path, link, packets):
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, link))
        for i, (data, wire) in enumerate(packets):
            file.write(struct.pack("<IIII", 1_700_000_000 + i, 0, len(data), max(wire, len(data))) + data)


# --- tshark's reading
def number(text):
    return int(text, 0) if text else None


class Reading:
    """What tshark makes of a packet: layers as (name, offset, size), and its fields."""

    def __init__(self, packet):
        self.layers, self.vlan, self.ip, self.ports, self.payload = [], [], [], None, {}
        self.protocols, self.notes, self.at, self.all_ports = [], [], [], []
        for proto in packet:
            self.walk(proto)

    def walk(self, proto):
        name = proto.get("name")
        if name in ("geninfo", "frame", "fake-field-wrapper"):
            if name == "frame":
                self.length = number(proto.get("size"))
            if name == "fake-field-wrapper":
                self.deeper(proto)
            return
        self.protocols.append(name)
        fields = {}
        self.collect(proto, fields)
        at, size = number(proto.get("pos")), number(proto.get("size"))
        known = NAMES.get(name)
        if known == "vxlan" and "vxlan.next_proto" in fields:
            known = "vxlan_gpe"
        if known == "gtp_u" and "gtp.teid" not in fields:
            known = None
        if known == "l2tpv3" and "udp" in [p for p in self.protocols[-2:-1]]:
            known = None
        if known == "erspan" and size == 0:  # type I, which has no header of its own
            known = None
        if known:
            for i in range(2 if "ieee8021ad.cvid" in fields else 1):  # two tags of a provider are one item
                self.layers.append((known, at + 4 * i, size))
                self.at.append(len(self.protocols) - 1)
        if known == "vlan":
            for key in ("vlan.id", "ieee8021ad.id", "ieee8021ad.svid", "ieee8021ad.cvid"):
                if key in fields:
                    self.vlan.append(number(fields[key][0].get("show")))
        if known == "ipv4" and "ip.dst" in fields:
            get = lambda key, default=None: fields[key][0].get("show") if key in fields else default
            self.ip.append({"version": 4, "src": get("ip.src"), "dst": get("ip.cur_rt") or get("ip.dst"), "protocol": number(get("ip.proto")),
                            "fragment_offset": number(get("ip.frag_offset", "0")) * 8,
                            "more_fragments": get("ip.flags.mf") in ("1", "True")})  # fmt: skip
        if known == "ipv6" and "ipv6.dst" in fields:
            get = lambda key, default=None: fields[key][0].get("show") if key in fields else default
            self.ip.append({"version": 6, "src": get("ipv6.src"), "dst": get("ipv6.dst"),
                            "protocol": number(get("ipv6.nxt")), "fragment_offset": 0, "more_fragments": False})  # fmt: skip
        if known == "ipv6_fragment" and self.ip and "ipv6.fraghdr.offset" in fields:
            self.ip[-1]["fragment_offset"] = number(fields["ipv6.fraghdr.offset"][0].get("show")) * 8
            self.ip[-1]["more_fragments"] = fields["ipv6.fraghdr.more"][0].get("show") in ("1", "True")
        if known in PORTS and f"{name}.srcport" in fields and f"{name}.dstport" in fields:
            self.ports = {"src": number(fields[f"{name}.srcport"][0].get("show")),
                          "dst": number(fields[f"{name}.dstport"][0].get("show"))}  # fmt: skip
            self.all_ports.append(self.ports)
        for key in ("tcp.payload", "tcp.reset_cause", "udp.payload"):
            if key in fields:
                start, size = number(fields[key][0].get("pos")), number(fields[key][0].get("size"))
                if "udp.length" in fields:  # by which tshark bounds what it dissects, but not this field
                    size = min(size, number(fields["udp.length"][0].get("show")) - 8)
                self.payload[at] = (start, size)
        for key in fields:
            if key.startswith("_ws.expert.message") or key == "_ws.expert.message":
                self.notes += [f.get("show") for f in fields[key]]
        self.deeper(proto)

    def collect(self, element, fields):
        for child in element:
            if child.tag == "field":
                fields.setdefault(child.get("name"), []).append(child)
                self.collect(child, fields)

    def deeper(self, element):
        for child in element:
            if child.tag == "proto":
                self.walk(child)
            else:
                self.deeper(child)


ALONE = ["ip.defragment", "ipv6.defragment", "wlan.defragment", "tcp.desegment_tcp_streams", "ip.tso_support",
         "tcp.analyze_sequence_numbers", "sctp.reassembly", "udp.try_heuristic_first", "tcp.try_heuristic_first",
         "ip.try_heuristic_first", "ipv6.try_heuristic_first"]  # fmt: skip


NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def judged(path):
    command = ["tshark", "-n", "-r", path, "-T", "pdml"]
    for preference in ALONE:
        command += ["-o", preference + ":FALSE"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as tshark:
        parser = xml.XMLPullParser(["end"])
        for text in tshark.stdout:  # it prints bytes of packets that no XML has
            parser.feed(NO_XML.sub("?", text.decode(errors="replace")))
            for _, element in parser.read_events():
                if element.tag == "packet":
                    yield Reading(element)
                    element.clear()


def dissected(path, *options):
    out = subprocess.run([program, "--capture", path, *options], capture_output=True, text=True)
    if out.returncode != 0:
        return None, out.stderr
    return [json.loads(line) for line in out.stdout.splitlines()], ""


# --- the comparison
def snapshot_of(path):
    """libpcap cuts packets that are longer than their file says that they are; tshark does not."""
    with open(path, "rb") as file:
        head = file.read(24)
    order = {0xA1B2C3D4: "<I", 0xA1B23C4D: "<I", 0xD4C3B2A1: ">I", 0x4D3CB2A1: ">I"}
    order = order.get(struct.unpack("<I", head[:4])[0])
    return struct.unpack(order, head[16:20])[0] & 0xFFFFFFF or 262144 if order else 262144


def compare(line, t, snapshot):
    """Faults, and the names of the choices that explain the other differences."""
    faults, choices = [], []
    stop = line["stop"]
    ours = [(l["name"], l["offset"], l["size"]) for l in line["layers"] if l["name"] not in OWN]
    encrypted = ours[-1:] and ours[-1][0] == "ieee80211" and stop in ("other_protocol", "fragment")
    cut = stop in ("truncated", "malformed")
    common = 0
    for a, b in zip(ours, t.layers):
        if a[:2] != b[:2]:
            break
        message = a == ours[-1] and a[0] == "gtp_u" and stop in ("other_protocol", "too_deep")  # all of it, to tshark
        if a[0] in SIZED and a[2] != b[2] and not encrypted and not message and not (cut and a == ours[-1]):
            faults.append(f"the size of {a} is {b[2]}")
        common += 1
    beyond = t.layers[common:]
    last = t.protocols[-1:] and [p for p in t.protocols if not p.startswith("_ws.")][-1:]
    follows = t.protocols[t.at[common - 1] + 1 :][:1] if common else t.protocols[:1]
    if ours[common:] and ours[common][0] == "igmp" and follows in (["pim"], ["dvmrp"]):
        choices.append("IGMP types of other protocols")
    elif ours[common:] and not beyond and last in (["ipv6.routing"], ["ip"]) and GIVEN_UP & {n.split(" (")[0] for n in t.notes}:
        choices.append("broken content of routing headers and options")
        return faults, choices
    elif ours[common:] and not beyond and {"pwach", "gtp"} & set(t.protocols[-4:]):
        choices.append("reserved labels" if "pwach" in t.protocols else "the longest IPv4 header in GTP-U")
        return faults, choices
    elif common < len(ours) and not beyond and last[0] in LEAVES["any"] | LEAVES.get(ours[common][0], set()):
        choices.append("tshark reads less")
        return faults, choices
    elif common < len(ours) and not beyond and ours[common][0] == "gue":
        choices.append("GUE")
        return faults, choices
    elif common < len(ours):
        faults.append(f"layers {ours[common:]}, and no {beyond}")
    elif beyond:
        at_once = follows == [t.protocols[t.at[common]]]
        if stop in ("truncated", "malformed"):
            # tshark shows what is there of a header, however little and wrong it is.
            choices.append("refused header" if at_once else "refused, or reached otherwise")
        elif stop == "other_protocol":
            choices.append("unknown protocol")
            # tshark knows 62, too, from before RFC 3775; frames behind MPLS; IP at a SAP of its own; ERSPAN III
            elsewhere = ours and (ours[-1][0], beyond[0][0]) in (("mpls", "ethernet"), ("llc", "ipv4"), ("gre", "erspan"))
            if at_once and follows != ["mipv6"] and not elsewhere:
                faults.append(f"{beyond} stands behind {ours[-1:]}, and that is no other protocol")
        elif stop == "end":
            choices.append("application")
            if not set(PORTS) & {name for name, _, _ in ours}:
                faults.append(f"{beyond} stands behind {ours[-1:]}, and that is not the end")
        elif stop == "too_deep":
            choices.append("too deep")
        else:
            faults.append(f"{stop}, and {beyond} follows")
    both = min(len(line["vlan"]), len(t.vlan)) if cut else len(line["vlan"])  # of two tags that end with the packet
    if line["vlan"][:both] != t.vlan[:both]:
        faults.append(f"vlan {line['vlan']}, and no {t.vlan}")
    if line["ip"] != t.ip[: len(line["ip"])]:
        faults.append(f"ip {line['ip']}, and no {t.ip}")
    if line["ports"] != t.ports:
        known = [n for n, _, _ in beyond if n in PORTS]
        if stop == "truncated" and line["ports"] and not beyond:
            choices.append("ports of a header that is cut short")
        elif not (beyond and known):
            faults.append(f"ports {line['ports']}, and no {t.ports}")
        elif line["ports"] and line["ports"] not in t.all_ports:
            faults.append(f"ports {line['ports']}, and none of {t.all_ports}")
    if ours and ours[-1][0] in ("tcp", "udp") and not beyond and common == len(ours) and t.length <= snapshot:
        mine = (line["payload"]["offset"], line["payload"]["length"])
        theirs = t.payload.get(ours[-1][1], (mine[0], 0))
        if theirs[1] == 0 and {"icmp", "icmpv6"} & {name for name, _, _ in ours}:
            theirs = mine
            choices.append("payload that is quoted")
        if mine != theirs:
            faults.append(f"payload {mine}, and not {theirs}")
    return faults, choices


def compare_all(paths, verbose):
    """How often which choice was met, and the faults."""
    met, faults = Counter(), []
    for path in paths:
        host, error = dissected(path, "--host", "--json")
        if host is None and "link type" in error:
            met["captures of other links"] += 1
            continue
        if host is None:
            faults.append(f"{path}: {error}")
            continue
        for side in SIDES:
            other, error = dissected(path, "--json", *side)
            if other is None:
                faults.append(f"{path} {side}: {error}")
                continue
            for a, b in zip(host, other, strict=True):
                if a != b:
                    faults.append(f"{path}: natively {a}, with {side} {b}")
        readings = list(judged(path))
        if len(readings) != len(host):
            faults.append(f"{path}: tshark reads {len(readings)} packets, dissect {len(host)}")
        for line, t in zip(host, readings):
            wrong, choices = compare(line, t, snapshot_of(path))
            met["packets"] += 1
            met["to the end"] += line["stop"] == "end"
            met.update(choices)
            faults += [f"{path}:{line['packet']}: {w}; stop {line['stop']}; tshark: {t.protocols} {t.notes}" for w in wrong]
            if verbose and choices:
                print(f"{path}:{line['packet']}: {choices}, stop {line['stop']} {t.protocols}")
    return met, faults


def main():
    arguments = sys.argv[1:]
    if arguments[:1] == ["--capture"]:
        met, faults = compare_all([a for a in arguments[1:] if a != "--verbose"], "--verbose" in arguments)
    else:
        seed, count = [int(a) for a in arguments + ["2616", "4000"][len(arguments) :]]
        with tempfile.TemporaryDirectory() as folder:
            paths = []
            for link, share, start in [(1, 0.8, Maker.ethernet), (127, 0.1, Maker.wifi), (228, 0.05, Maker.ipv4),
                                       (229, 0.05, Maker.ipv6)]:  # fmt: skip
                maker = Maker(seed + link)
                paths.append(os.path.join(folder, f"link{link}.pcap"))
                write(paths[-1], link, [maker.packet(lambda d: start(maker, d)) for _ in range(int(count * share))])
            met, faults = compare_all(paths, False)
        print(f"seed {seed}")
        if met["to the end"] < count // 2 or met["to the end"] > count * 9 // 10 or min(met[c] for c in CHOICES) < count // 400:
            faults.append("these packets are no test")
    print(dict(met.most_common()))
    for fault in faults[:40]:
        print(fault)
    if faults:
        print(f"FAILED: {len(faults)} disagreements")
        sys.exit(1)
    if len(SIDES) == 1:
        missing("the same in the kernel", "run as root where the kernel takes BPF programs, with bpftool installed")


main()
