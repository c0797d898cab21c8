#!/usr/bin/env -S /usr/bin/python3 -B
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""Another reads the same packets: tshark says what each one's TCP payload is, and block_http has to drop exactly those
that start an HTTP/1.x message, in the kernel and on the host. The packets are random, and the same in every run.
Beyond what tshark sees, block_http passes packets with more than two VLAN tags: a limit that it states.
block_http_judge.py [SEED [COUNT]]"""
import json
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path


def missing(what, how):
    ci = os.environ.get("CI") == "true"
    print(f"{'MISSING' if ci else 'SKIPPED'}: {what}: {how}")
    sys.exit(1 if ci else 77)


os.environ["PATH"] += ":/usr/sbin:/sbin"
if not shutil.which("tshark"):
    missing("tshark", "apt install tshark")
try:
    from scapy.packet import bind_layers
    from scapy.layers.inet import IP, TCP, UDP, ICMP, IPOption
    from scapy.layers.inet6 import (
        IPv6,
        IPv6ExtHdrDestOpt,
        IPv6ExtHdrFragment,
        IPv6ExtHdrHopByHop,
        IPv6ExtHdrRouting,
        PadN,
    )
    from scapy.layers.ipsec import AH
    from scapy.layers.l2 import ARP, Dot1AD, Dot1Q, Ether
except ImportError:
    missing("scapy", "apt install python3-scapy")

# scapy leaves it to its user to say what an authentication header is in front of.
for number, header in [(6, TCP), (17, UDP), (1, ICMP), (60, IPv6ExtHdrDestOpt), (43, IPv6ExtHdrRouting),
                       (44, IPv6ExtHdrFragment), (51, AH)]:  # fmt: skip
    bind_layers(AH, header, nh=number)

here = Path(__file__).resolve().parent
program = Path(os.environ.get("BPFXX_BUILD_DIR", here.parents[1] / "build")) / "bin/block_http"
METHODS = [b"GET ", b"POST ", b"HEAD ", b"PUT ", b"DELETE ", b"CONNECT ", b"OPTIONS ", b"TRACE ", b"PATCH "]
STARTS = METHODS + [b"HTTP/1.0", b"HTTP/1.1"]


def payload(r):
    start = r.choice(STARTS)
    near = [b"", b"G", b"GET", b"GETX / ", b"get / ", b"HTTP/1.2", b"HTTP/2.0 200", b"HTTP/1.", b"http/1.1", b" GET / "]
    rest = r.choice([b"", b"/", b"/ HTTP/1.1\r\nHost: a\r\n\r\n", b" 200 OK\r\n\r\n", bytes(r.randrange(1, 300))])
    return r.choice(
        [
            start + rest,
            start + rest,
            start + rest,
            start[: r.randrange(len(start) + 1)],
            start[1:] + rest,
            start.lower() + rest,
            r.choice(near),
            b"\x16\x03\x01\x02\x00\x01\x00",
            b"\r\n" + start,
            r.randbytes(r.randrange(40)),
        ]
    )


def segment(r):
    ports = {"sport": r.choice([80, 8080, 1234, 40000]), "dport": r.choice([80, 443, 4321, 50000])}
    if r.random() < 0.1:
        return r.choice([UDP(sport=33333, dport=44444), ICMP()])
    options = r.choice([[], [], [("Timestamp", (1, 2)), ("NOP", None), ("NOP", None)], [("MSS", 1460)], "full"])
    if options == "full":
        options = [("MSS", 1460), ("WScale", 7), ("SAckOK", b"")] + [("NOP", None)] * 31
    if r.random() < 0.06:
        ports["dataofs"] = r.randrange(16)
    return TCP(seq=r.getrandbits(32), ack=r.getrandbits(32), flags=r.choice(["PA", "A", "S", "FPA", "PAU", "", "R", "RA"]),
               options=options, **ports)  # fmt: skip


def ipv4(r):
    fields = {}
    if r.random() < 0.06:
        fields["len"] = r.choice([1, 19, 20, 24, 39, 40, 44, 48, 60, 1500, 65535])
    if r.random() < 0.03:
        fields["ihl"] = r.randrange(16)
    if r.random() < 0.02:
        fields["version"] = r.randrange(16)
    options = r.choice([[], [], [], [IPOption(b"\x01\x01\x01\x00")], [IPOption(b"\x44\x0c\x0d\x00" + bytes(8))]])
    return IP(src=f"10.0.{r.randrange(9)}.1", dst="10.1.0.2", options=options, ttl=r.randrange(1, 256),
              frag=r.choice([0] * 20 + [1, 5, 0x1FFF]), flags=r.choice(["", "DF", "DF", "MF"]), **fields)  # fmt: skip


def ipv6(r):
    fields = {}
    if r.random() < 0.06:
        fields["plen"] = r.choice([1, 8, 19, 20, 24, 28, 40, 1500, 65535])
    if r.random() < 0.02:
        fields["version"] = r.randrange(16)
    packet = IPv6(src=f"2001:db8::{r.randrange(1, 9)}", dst="2001:db8:1::2", **fields)
    if r.random() < 0.15:
        packet /= IPv6ExtHdrHopByHop(options=[PadN(optdata=bytes(r.randrange(30)))])
    for _ in range(r.choice([0, 0, 0, 1, 2, 3])):
        icv = r.choice([12, 20, 28])
        packet /= r.choice(
            [
                IPv6ExtHdrDestOpt(options=[PadN(optdata=bytes(r.randrange(30)))]),
                IPv6ExtHdrRouting(addresses=["2001:db8::9"] * r.randrange(1, 4)),
                IPv6ExtHdrFragment(offset=r.choice([0, 0, 0, 0, 0, 3]), m=r.randrange(2), id=r.getrandbits(32)),
                AH(spi=256, seq=1, icv=bytes(icv), payloadlen=1 + icv // 4),
            ]
        )
    return packet


def frame(r):
    """Its bytes, how long it was on the wire, how many VLAN tags it has."""
    packet = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02")
    tags = r.choice([0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 4])
    for i in range(tags):
        packet /= r.choice([Dot1Q, Dot1Q, Dot1AD])(vlan=i + 1, prio=r.randrange(8))
    if r.random() < 0.02:
        data = bytes(packet / ARP()) + payload(r)
    else:
        data = bytes(packet / r.choice([ipv4, ipv4, ipv6])(r) / segment(r) / payload(r))
    if r.random() < 0.3:  # what no IP packet covers
        data += r.choice(STARTS) * r.randrange(1, 5)
    wire = len(data)
    if r.random() < 0.12:
        data = data[: r.randrange(14, len(data) + 1)]
        wire = r.choice([wire, len(data)])
    return data, wire, tags


def write(path, frames):
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for i, (data, wire, _) in enumerate(frames):
            file.write(struct.pack("<IIII", 1_700_000_000 + i, 0, len(data), wire) + data)


def judged(path):
    """By packet number, the TCP payload as tshark has it; nothing where there is no TCP."""
    alone = ["ip.defragment", "ipv6.defragment", "ip.tso_support", "tcp.desegment_tcp_streams", "tcp.check_checksum",
             "tcp.analyze_sequence_numbers", "tcp.reassemble_out_of_order"]  # fmt: skip
    command = ["tshark", "-n", "-r", path, "-T", "fields", "-e", "frame.number", "-e", "tcp.payload"]
    for preference in alone:
        command += ["-o", preference + ":FALSE"]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return {int(n): bytes.fromhex(p) for n, p in (line.split("\t") for line in out.splitlines())}


def verdicts(path, *options):
    out = subprocess.run([program, "--json", "--capture", path, *options], capture_output=True, text=True)
    if out.returncode != 0:
        print(f"FAILED: block_http: exit status {out.returncode}\n{out.stderr}")
        sys.exit(1)
    return [json.loads(line) for line in out.stdout.splitlines()]


def main():
    seed, count = [int(a) for a in (sys.argv[1:] + ["2616", "3000"][len(sys.argv) - 1 :])]
    r = random.Random(seed)
    frames = [frame(r) for _ in range(count)]
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "random.pcap")
        write(path, frames)
        judge = judged(path)
        assert sorted(judge) == list(range(1, count + 1)), "tshark left packets out"
        http = [judge[i].startswith(tuple(STARTS)) for i in range(1, count + 1)]
        wanted = ["drop" if is_http and tags <= 2 else "pass" for is_http, (_, _, tags) in zip(http, frames)]
        deep = http.count(True) - wanted.count("drop")
        sides = {"host": verdicts(path, "--host")}
        probe = subprocess.run(["bpftool", "map", "show"], capture_output=True) if shutil.which("bpftool") else None
        in_kernel = os.geteuid() == 0 and probe is not None and probe.returncode == 0
        if in_kernel:
            sides["kernel"] = verdicts(path)
            for on_host, one in zip(sides["host"], sides["kernel"], strict=True):
                if on_host != one:
                    faults.append(f"the kernel says {one}, the host {on_host}: {frames[one['packet'] - 1][0].hex()}")
    for side, lines in sides.items():
        assert [line["packet"] for line in lines] == list(range(1, count + 1)), "packets left out"
        for line, verdict, (data, wire, tags) in zip(lines, wanted, frames):
            if line["verdict"] != verdict:
                reading = judge[line["packet"]][:12]
                faults.append(f"{side}: {line}, tshark reads {reading} ({wire} bytes, {tags} tags): {data.hex()}")
        reasons = Counter(line["reason"] for line in lines)
        print(f"{side}: {count} packets, {wanted.count('drop')} dropped; reasons: {dict(reasons.most_common())}")
    print(f"{deep} messages behind more than two VLAN tags pass; {len(faults)} disagreements (seed {seed})")
    if faults:
        print("FAILED", *faults[:10], sep="\n")
        sys.exit(1)
    if min(wanted.count("drop"), wanted.count("pass"), deep) < count // 50:
        print("FAILED: these packets are no test")
        sys.exit(1)
    if not in_kernel:
        missing("the same in the kernel", "run as root where the kernel takes BPF programs, with bpftool installed")


main()
