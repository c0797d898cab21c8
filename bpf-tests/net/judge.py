#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""An independent judge: packets that scapy builds, read by bpfxx (natively and in the kernel) and by tshark.

judge.py               builds, lets both read, compares; status 77 where scapy or tshark is missing (1 with CI=true)
judge.py --keep DIR    the same, and leaves packets.pcap, answers.tsv and tshark.xml in DIR
"""
import argparse
import collections
import ipaddress
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml
from pathlib import Path

SOURCE = Path(os.environ.get("BPFXX_SOURCE_DIR", Path(__file__).resolve().parents[2]))
BUILD = Path(os.environ.get("BPFXX_BUILD_DIR", SOURCE / "build"))
COUNT = 1500


def missing(what, package):
    ci = os.environ.get("CI") == "true"
    print(f"{'MISSING' if ci else 'SKIPPED'}: {what}: apt install {package}")
    sys.exit(1 if ci else 77)


# --- what is built

def build_packets(count):
    """(bytes that were captured, length on the wire), from one seed."""
    try:
        from scapy.layers import inet6
        from scapy.layers.inet import ICMP, IP, TCP, UDP
        from scapy.layers.l2 import ARP, LLC, SNAP, Dot1AD, Dot1Q, Dot3, Ether
        from scapy.packet import Raw
    except ImportError:
        missing("scapy for /usr/bin/python3", "python3-scapy")
    pick = random.Random(1)
    port = lambda: pick.randrange(40000, 40200)  # what no dissector claims
    text = lambda most: bytes(pick.choice(b"abcdefgh") for _ in range(pick.randrange(most + 1)))
    maybe = lambda one_in: pick.randrange(one_in) == 0

    def transport(v6):
        kind = pick.choice(["tcp", "tcp", "tcp", "udp", "udp", "icmp", "other"])
        if kind == "tcp":
            options = [("MSS", 1460), ("NOP", None), ("WScale", 7), ("SAckOK", b""), ("Timestamp", (1, 2)),
                       ("NOP", None)]
            segment = TCP(sport=port(), dport=port(), flags=pick.choice(["S", "SA", "A", "PA", "FA", "R"]),
                          options=options[:pick.randrange(7)] if maybe(2) else [])
            if maybe(6):
                segment.dataofs = pick.randrange(16)
            return segment / Raw(text(60))
        if kind == "udp":
            datagram = UDP(sport=port(), dport=port())
            if maybe(5):
                datagram.len = pick.choice([0, 1, 7, 8, 9, 20, 40, 1000, 65535])
            return datagram / Raw(text(60))
        if kind == "icmp" and v6:
            return pick.choice([inet6.ICMPv6EchoRequest(data=text(30)), inet6.ICMPv6EchoReply(data=text(30)),
                                inet6.ICMPv6ND_NS(tgt="2001:db8::9"),
                                inet6.ICMPv6TimeExceeded() / inet6.IPv6() / UDP()])
        if kind == "icmp":
            return pick.choice([ICMP() / Raw(text(30)), ICMP(type=0) / Raw(text(30)),
                                ICMP(type=3, code=1) / IP() / UDP(sport=port(), dport=port())])
        return Raw(text(40))

    def ipv4():
        ip = IP(src=f"10.{pick.randrange(256)}.0.1", dst=f"192.168.{pick.randrange(256)}.2", ttl=pick.randrange(1, 256))
        upper = transport(False)
        if isinstance(upper, Raw):
            ip.proto = pick.choice([47, 50, 89, 132, 253, 41, 4, 6, 17])  # often not what follows
        head = bytearray(bytes(ip))
        if maybe(4):
            words = pick.randrange(1, 11)
            head[0] += words
            head += bytes([1]) * (words * 4)
        names = {TCP: 6, UDP: 17, ICMP: 1}
        head[9] = names.get(type(upper), head[9])
        body = bytes(upper)
        length = len(head) + len(body)
        if maybe(8):
            length = pick.choice([0, 10, len(head), len(head) + 4, len(head) + 12, length - 1, length + 1, length + 50,
                                  65535])
        head[2:4] = struct.pack(">H", length)
        if maybe(8):
            head[6:8] = struct.pack(">H", pick.choice([0x2000, 0x2001, 0x0001, 0x00b9, 0x20b9, 0x1fff, 0x4000, 0x8000]))
        if maybe(25):
            head[0] = pick.choice([0x05, 0x35, 0x55, 0x65, 0xf5, 0x40, 0x44, 0x4f])
        return bytes(head) + body

    def ipv6():
        ip = inet6.IPv6(src=f"2001:db8::{pick.randrange(1, 65536):x}", dst=f"fe80::{pick.randrange(1, 65536):x}",
                        tc=pick.randrange(256), fl=pick.randrange(1 << 20), hlim=pick.randrange(1, 256))
        upper = transport(True)
        body = bytes(inet6.IPv6() / upper)[40:]
        names = {TCP: 6, UDP: 17}
        key = names.get(type(upper), pick.choice([59, 50, 47, 89, 132, 6]) if isinstance(upper, Raw) else 58)
        kinds = [0, 43, 44, 51, 60, 60, 43, 140, 135, 139]
        depth = pick.choice([0, 0, 0, 1, 1, 2, 3, 4, 6, 7])
        stack = [pick.choice(kinds[:8] if maybe(2) else kinds) for _ in range(depth)]
        for kind in reversed(stack):
            words = pick.randrange(3)
            if kind == 44:
                offset = pick.choice([0, 0, 1, 1, 0x0008, 0x0009, 0xfff8])  # offset << 3 | more fragments
                body = struct.pack(">BBHI", key, 0, offset, 1) + body
            elif kind == 51:
                body = struct.pack(">BBHII", key, 1 + 2 * words, 0, 1, 1) + bytes(8 * words) + body
            elif kind in (0, 60):
                body = bytes([key, words, 1, 4 + 8 * words]) + bytes(4 + 8 * words) + body
            elif kind == 43:  # an unknown type with no segments left is ignored
                body = bytes([key, words, 253, 0]) + bytes(4 + 8 * words) + body
            elif kind == 140:  # shim6 payload header
                body = bytes([key, 0, 0x80, 0, 0, 0, 0, 1]) + body
            else:
                body = bytes([key, words, 0, 0]) + bytes(4 + 8 * words) + body
            key = kind
        if stack and maybe(12):
            body = body[:1] + bytes([pick.randrange(256)]) + body[2:]
        ip.nh = key
        ip.plen = len(body)
        if maybe(8):
            ip.plen = pick.choice([0, 4, 8, 20, max(len(body) - 1, 0), len(body) + 1, len(body) + 50, 65535])
        head = bytearray(bytes(ip))
        if maybe(30):
            head[0] = pick.choice([0x00, 0x40, 0x50, 0x70, 0xf0])
        return bytes(head) + body

    packets = []
    for _ in range(count):
        ether = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02")
        depth = pick.choice([0, 0, 0, 1, 2, 2, 3])
        tags = [pick.choice([Dot1Q, Dot1Q, Dot1AD])(vlan=pick.randrange(4096)) for _ in range(depth)]
        what = pick.choice(["v4"] * 9 + ["v6"] * 9 + ["arp", "arp", "other"])
        if what == "v4":
            ether_type, inner = 0x0800, ipv4()
        elif what == "v6":
            ether_type, inner = 0x86dd, ipv6()
        elif what == "arp":
            arp = bytearray(bytes(ARP(op=pick.randrange(1, 4), psrc=f"10.0.0.{pick.randrange(256)}", pdst="10.0.1.1")))
            if maybe(4):
                arp[pick.choice([1, 3, 4, 5])] = pick.choice([0, 2, 3, 5, 7])  # types and lengths
            ether_type, inner = 0x0806, bytes(arp)
        else:
            ether_type, inner = pick.choice([0x88cc, 0x9100, 0x88b5, 0x0101, 0x0000, 0x0600]), text(60)
        if what != "other" and not tags and maybe(40):  # IP in an 802.3 frame
            short = Dot3(src="02:00:00:00:00:01", dst="02:00:00:00:00:02")
            frame = bytes(short / LLC() / SNAP(code=ether_type) / Raw(inner))
        else:
            frame = bytes(ether)[:12]
            for tag, following in zip(tags, [*tags[1:], None]):
                frame += struct.pack(">HH", 0x88a8 if isinstance(tag, Dot1AD) else 0x8100, tag.vlan)
            frame += struct.pack(">H", ether_type) + inner
        if len(frame) < 60 and maybe(2):
            frame += bytes(60 - len(frame))
        elif maybe(10):
            frame += bytes(pick.randrange(1, 8))
        wire = len(frame)
        if maybe(4):  # by the capture, or before
            frame = frame[:pick.randrange(1, wire + 1)]
            wire = pick.choice([wire, len(frame)])
        packets.append((frame, wire))
    return packets


def write_capture(path, packets):
    with path.open("wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        for data, wire in packets:
            file.write(struct.pack("<IIII", 0, 0, len(data), wire) + data)


# --- what both read

Reading = collections.namedtuple("Reading", "ip ports icmp arp notes")


def read_by_bpfxx(answers):
    packets = {}
    for line in answers.read_text().splitlines():
        number, program, why, *numbers = line.split("\t")
        packets.setdefault(int(number), {})[program] = (why, [int(n) for n in numbers])

    def address(n):
        whole = ipaddress.IPv6Address(n[0] << 64 | n[1])
        return str(whole.ipv4_mapped or whole)

    out = []
    for number in sorted(packets):
        answer = packets[number]
        take = lambda program, use: use(answer[program][1]) if answer[program][0] == "none" else None
        out.append(Reading(
            ip=take("ip", lambda n: (n[0], 6 if n[1] else 4, address(n[2:4]), address(n[4:6]), n[6])),
            ports=take("ports", lambda n: (n[0], "udp" if n[1] else "tcp", n[2], n[3], n[4])),
            icmp=take("icmp", lambda n: (n[0], "icmpv6" if n[1] else "icmp", n[2], n[3])),
            arp=take("arp", lambda n: (n[0], n[1], *(str(ipaddress.IPv4Address(a)) for a in n[2:4]))),
            notes={program: why for program, (why, _) in answer.items()}))
    return out


def read_by_tshark(capture, keep):
    off = ["ip.defragment", "ipv6.defragment", "tcp.desegment_tcp_streams", "tcp.check_checksum", "udp.check_checksum",
           "ip.check_checksum", "tcp.analyze_sequence_numbers", "tcp.relative_sequence_numbers"]
    command = ["tshark", "-n", "-r", str(capture), "-T", "pdml"]
    for name in off:
        command += ["-o", f"{name}:FALSE"]
    run = subprocess.run(command, capture_output=True)
    if run.returncode != 0:
        sys.exit(f"tshark failed:\n{run.stderr.decode()}")
    if keep:
        (keep / "tshark.xml").write_bytes(run.stdout)
    return [judge_packet(packet) for packet in xml.fromstring(run.stdout).iter("packet")]


class Protocol:
    """One protocol of a packet as tshark took it apart."""

    def __init__(self, element):
        self.name = element.get("name")
        self.at, self.size = int(element.get("pos")), int(element.get("size"))
        self.fields = {}
        for field in element.iter("field"):
            self.fields.setdefault(field.get("name"), field)
        self.inner = [inner.get("name") for inner in element.iter("proto")][1:]

    def __contains__(self, name):
        return name in self.fields

    def text(self, name):
        return self.fields[name].get("show")

    def number(self, name):
        return int(self.text(name), 0)

    def raw(self, name):
        """The number as it stands in the packet: tshark mends some."""
        return int(self.fields[name].get("value"), 16)

    def size_of(self, *names):
        return next((int(self.fields[name].get("size")) for name in names if name in self.fields), 0)


def judge_packet(packet):
    """What tshark found, where all bytes of a header are there: it shows the first fields of a header cut off, too."""
    frame = next(Protocol(p) for p in packet if p.get("name") == "frame")
    captured = frame.number("frame.cap_len")
    layers = [Protocol(p) for p in packet if p.get("pos") and p.get("name") not in ("geninfo", "frame")]
    layers = [p for p in layers if not p.name.startswith(("_ws.", "fake"))]
    # Two tags of 802.1ad in a row are one protocol to tshark, with two identifiers.
    tags = sum((p.name in ("vlan", "ieee8021ad")) + ("ieee8021ad.cvid" in p) for p in layers)
    notes = set()
    if any(p.name == "llc" for p in layers):
        notes.add("802.3")
    if tags > 2:
        notes.add("tags")
    layers = [p for p in layers if p.name not in ("eth", "llc", "vlan", "ieee8021ad")]
    ip = ports = icmp = arp = None
    first = layers[0] if layers else None
    upper = layers[1] if len(layers) > 1 else None
    if first and first.name == "arp" and "arp.dst.proto_ipv4" in first:
        if (first.number("arp.hw.type"), first.number("arp.hw.size"), first.number("arp.proto.size")) != (1, 6, 4):
            notes.add("ARP")
        arp = (tags, first.number("arp.opcode"), first.text("arp.src.proto_ipv4"), first.text("arp.dst.proto_ipv4"))
    if first and first.name == "ip" and "ip.dst" in first:
        header, length = first.number("ip.hdr_len"), first.number("ip.len")
        if first.raw("ip.len") == 0:
            notes.add("total length 0")
        if first.at + header <= captured:
            ip = (tags, 4, first.text("ip.src"), first.text("ip.dst"), min(length, captured - first.at) - header)
        if first.number("ip.frag_offset") != 0:
            notes.add("fragment")
    if first and first.name == "ipv6" and "ipv6.dst" in first:
        length = first.number("ipv6.plen")
        ip = (tags, 6, first.text("ipv6.src"), first.text("ipv6.dst"), min(length, captured - first.at - 40))
        extensions = [name for name in first.inner if not name.startswith("_ws.")]
        notes.update(name for name in extensions if name == "mipv6")
        if len(extensions) > 6:
            notes.add("extensions")
        if "ipv6.fraghdr.offset" in first and first.number("ipv6.fraghdr.offset") != 0:
            notes.add("fragment")
    if upper and upper.name == "hip":
        notes.add("hip")
    if upper and upper.name == "tcp" and "tcp.urgent_pointer" in upper and "tcp.short_segment" not in upper \
            and upper.size >= upper.number("tcp.hdr_len"):
        ports = (tags, "tcp", upper.number("tcp.srcport"), upper.number("tcp.dstport"), 
                 upper.size_of("tcp.payload", "tcp.reset_cause"))
    if upper and upper.name == "udp" and "udp.checksum" in upper:
        length = upper.number("udp.length")
        payload = min(upper.size_of("udp.payload"), max(length - 8, 0))  # tshark shows all that IP covers
        ports = (tags, "udp", upper.number("udp.srcport"), upper.number("udp.dstport"), payload)
    if upper and upper.name in ("icmp", "icmpv6") and upper.size >= 8 and f"{upper.name}.checksum" in upper:
        icmp = (tags, upper.name, upper.number(f"{upper.name}.type"), upper.number(f"{upper.name}.code"))
    return Reading(ip, ports, icmp, arp, notes)


# --- the verdict

# Where the two may differ, by choice: its name, and whether it explains readings x of bpfxx and y of tshark.
CHOICES = [
    ("more tags than the chain allows for", lambda what, x, y, a, b: "tags" in b and a[what] == "too_deep"),
    ("more than six extension headers", lambda what, x, y, a, b: "extensions" in b and a[what] == "too_deep"),
    ("Ethernet II only, not 802.3", lambda what, x, y, a, b: "802.3" in b and a[what] == "other_protocol"),
    ("ARP of other hardware is malformed", lambda what, x, y, a, b: "ARP" in b and a[what] == "malformed"),
    ("mobility headers are stepped over", lambda what, x, y, a, b: "mipv6" in b and y is None),
    ("HIP headers are stepped over", lambda what, x, y, a, b: "hip" in b and y is None),
    ("IPv4 total length 0 is malformed",
     lambda what, x, y, a, b: "total length 0" in b and a[what] in ("malformed", "truncated")),
]


def compare(packets, ours, theirs):
    wrong = 0
    counts = collections.Counter()
    for number, (data, a, b) in enumerate(zip([p[0] for p in packets], ours, theirs), 1):
        for what in ("ip", "ports", "icmp", "arp"):
            x, y = getattr(a, what), getattr(b, what)
            if x == y:
                counts[what, "both" if x else "neither"] += 1
                continue
            choice = next((name for name, applies in CHOICES if applies(what, x, y, a.notes, b.notes)), None)
            if choice:
                counts[what, choice] += 1
                continue
            wrong += 1
            if wrong <= 20:
                print(f"packet {number}, {what}: bpfxx reads {x} ({a.notes[what]}), tshark {y} {sorted(b.notes)}\n"
                      f"    {data.hex()}")
        if a.ip and a.ip == b.ip and a.ip[1] == 4 and a.notes["ports"] == "fragment" and "fragment" not in b.notes:
            wrong += 1
            print(f"packet {number}: bpfxx takes it for a later fragment, tshark does not\n    {data.hex()}")
    for (what, how), n in sorted(counts.items()):
        print(f"{what:6} {how:40} {n:6}")
    for name, _ in CHOICES:
        if not any(how == name for _, how in counts):
            wrong += 1
            print(f"no packet shows the difference '{name}': take it off the list")
    return wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--keep", type=Path)
    arguments = parser.parse_args()
    if not shutil.which("tshark"):
        missing("tshark", "tshark")
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.keep or Path(scratch)
        folder.mkdir(exist_ok=True)
        capture, answers = folder / "packets.pcap", folder / "answers.tsv"
        packets = build_packets(COUNT)
        reader = BUILD / "tests/net/judge"
        if not reader.exists():
            sys.exit(f"{reader} is not built: cmake --build {BUILD}")
        write_capture(capture, packets)
        theirs = read_by_tshark(capture, arguments.keep)
        subprocess.run([str(reader), "answers for the judge"], check=True, stdout=subprocess.DEVNULL,
                       env=os.environ | {"BPFXX_JUDGE_PACKETS": str(capture), "BPFXX_JUDGE_ANSWERS": str(answers)})
        ours = read_by_bpfxx(answers)
    if not len(packets) == len(ours) == len(theirs):
        sys.exit(f"{len(packets)} packets, but bpfxx read {len(ours)} and tshark {len(theirs)}")
    wrong = compare(packets, ours, theirs)
    if wrong:
        sys.exit(f"{wrong} readings differ and no choice explains why; --keep DIR keeps the capture")


main()
