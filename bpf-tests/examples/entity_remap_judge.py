#!/usr/bin/env -S /usr/bin/python3 -B
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""Packets and what becomes of them, worked out here without the library: entity_remap, in the kernel and on the host, has
to write these bytes.    entity_remap_judge.py [SEED [SETTINGS [PACKETS]]]

Each of so many settings is tried on so many packets: UDP and TCP, IPv4 with options and IPv6 with extension headers, tags
of VLANs, padding, tags of entities anywhere, sizes that are refused or more than a page, fragments, lengths that lie, checksums that are right,
wrong, or not there. A checksum that was right is summed up anew over the packet; one that was wrong stays as wrong."""
import json
import os
import random
import re
import struct
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

here = Path(__file__).resolve().parent
program = Path(os.environ.get("BPFXX_BUILD_DIR", here.parents[1] / "build")) / "bin/entity_remap"
UDP, TCP = 17, 6
AT = {UDP: 6, TCP: 16}  # where the checksum stands


def folded(n):
    while n >> 16:
        n = (n & 0xFFFF) + (n >> 16)
    return n


def summed(data):
    data += b"\0" * (len(data) % 2)
    return folded(sum(struct.unpack(f"!{len(data) // 2}H", data)))


def with_field(data, at, value):
    return data[:at] + struct.pack("!H", value) + data[at + 2 :]


class Segment:
    """TCP or UDP with what it carries, and the addresses that its checksum is over."""

    def __init__(self, r, protocol, to, payload, addresses):
        self.protocol, self.addresses = protocol, addresses
        if protocol == UDP:
            self.bytes = struct.pack("!HHHH", r.randrange(65536), to, 8 + len(payload), 0) + payload
        else:
            options = r.randbytes(r.choice([0, 0, 4, 12, 40]))
            words = 5 + len(options) // 4
            self.bytes = struct.pack("!HHIIBBHHH", r.randrange(65536), to, r.randrange(1 << 32), r.randrange(1 << 32),
                                     words << 4, 0x18, 8192, 0, 0) + options + payload  # fmt: skip
        self.kind = r.choice(["right", "right", "right", "wrong", "none"])
        if self.kind != "none":
            self.bytes = self.sealed(self.bytes)
        if self.kind == "wrong":
            self.bytes = with_field(self.bytes, AT[protocol], self.checksum(self.bytes) ^ r.randrange(1, 0xFFFF))

    def checksum(self, data):
        return struct.unpack_from("!H", data, AT[self.protocol])[0]

    def sealed(self, data):
        data = with_field(data, AT[self.protocol], 0)
        pseudo = self.addresses + struct.pack("!II", len(data), self.protocol)
        sum = 0xFFFF - summed(pseudo + data)
        return with_field(data, AT[self.protocol], sum or (0xFFFF if self.protocol == UDP else 0))

    def sent_to(self, port):
        before = struct.unpack_from("!H", self.bytes, 2)[0]
        data = with_field(self.bytes, 2, port)
        if self.protocol == UDP and self.checksum(self.bytes) == 0:
            return data
        if self.kind == "right":
            return self.sealed(data)
        # RFC 1624, equation 3
        sum = 0xFFFF - folded((0xFFFF - self.checksum(data)) + (0xFFFF - before) + port)
        return with_field(data, AT[self.protocol], sum or (0xFFFF if self.protocol == UDP else 0))


class Packet:
    def __init__(self, r, rule):
        version = r.choice([4, 4, 6])
        self.protocol = r.choice([UDP, UDP, TCP])
        self.to = r.choice(rule["watch"] if r.random() < 0.85 else [r.randrange(1, 65536)])
        tag = rule["tag"]
        size = r.choice([r.randrange(0, 60), r.randrange(60, 1200), tag["offset"] + tag["size"], rule["payload"]["min"],
                         rule["payload"]["max"], rule["payload"]["max"] + 1])  # fmt: skip
        if r.random() < 0.03:  # more than a page, as a host's own captures have it
            size = r.choice([r.randrange(2900, 9300), r.randrange(60000)])
        payload = bytearray(r.randbytes(size))
        known = bytes.fromhex(r.choice(list(rule["known"])))
        if r.random() < 0.7 and len(payload) >= tag["offset"] + tag["size"]:
            payload[tag["offset"] : tag["offset"] + tag["size"]] = known
        self.payload = bytes(payload)
        source, target = r.randbytes(4 if version == 4 else 16), r.randbytes(4 if version == 4 else 16)
        self.segment = Segment(r, self.protocol, self.to, self.payload, source + target)
        self.link = r.randbytes(12)
        for kind in [[], [0x8100], [0x88A8, 0x8100]][r.choice([0, 0, 1, 2])]:
            self.link += struct.pack("!HH", kind, r.randrange(65536))
        self.link += struct.pack("!H", 0x0800 if version == 4 else 0x86DD)
        self.fragment = r.choice([0] * 12 + [0x2000, 0x2003, 0x0007])
        length = len(self.segment.bytes)
        self.lie = r.choice([0] * 12 + [-1, 3])
        if version == 4:
            options = r.randbytes(r.choice([0, 0, 0, 4, 20, 40]))
            head = struct.pack("!BBHHHBBH", 0x45 + len(options) // 4, 0, 20 + len(options) + length + self.lie, 7,
                               self.fragment, 64, self.protocol, 0) + source + target + options  # fmt: skip
            self.ip = with_field(head, 10, 0xFFFF - summed(head))
        else:
            kinds = r.choice([[], [], [0], [60], [0, 43, 60]]) + ([44] if self.fragment else [])
            between = b""
            for kind, up in zip(kinds, kinds[1:] + [self.protocol]):
                words = 0 if kind == 44 else r.randrange(3)
                rest = struct.pack("!HI", (self.fragment & 0x1FFF) << 3 | self.fragment >> 13, 9) if kind == 44 else r.randbytes(6)
                between += bytes([up, words]) + rest + r.randbytes(8 * words)
            self.ip = struct.pack("!IHBB", 6 << 28, len(between) + length + self.lie, (kinds + [self.protocol])[0], 64)
            self.ip += source + target + between
        self.padding = r.randbytes(r.choice([0, 0, 0, 5, 18]))
        self.bytes = self.link + self.ip + self.segment.bytes + self.padding

    def expected(self, rule):
        """What is written, or None where it is dropped."""
        if self.to not in rule["watch"] or {UDP: "udp", TCP: "tcp"}[self.protocol] not in rule["protocols"]:
            return self.bytes
        if self.fragment or self.protocol == UDP and self.lie < 0:  # UDP says more than IP carries
            return self.bytes
        # UDP has a length of its own; TCP's payload ends where IP says, or the frame, whichever is first.
        more = min(self.lie, len(self.padding)) if self.protocol == TCP else 0
        return self.judged(rule, len(self.payload) + more)

    def judged(self, rule, size):
        tag = rule["tag"]
        payload = (self.payload + self.padding)[:size]
        if self.protocol == TCP and size <= 0:
            return self.bytes
        least = max(rule["payload"]["min"], tag["offset"] + tag["size"])
        if not least <= size <= rule["payload"]["max"]:
            return self.bytes if rule["payload"]["otherwise"] == "pass" else None
        port = rule["known"].get(payload[tag["offset"] : tag["offset"] + tag["size"]].hex(), rule["unknown"])
        if port in ("pass", "drop"):
            return self.bytes if port == "pass" else None
        return self.link + self.ip + self.segment.sent_to(port) + self.padding


def settings(r):
    kind = r.choice(["number", "number", "bytes"])
    size = r.choice([1, 2, 4] if kind == "number" else [1, 3, 8, 16])
    tag = {"offset": r.choice([0, 0, 1, 7, 40]), "size": size}
    if kind == "bytes":
        tag["type"] = "bytes"
    else:
        tag["order"] = r.choice(["big", "little"])
    known, entities = {}, []
    for _ in range(r.choice([1, 5, 40])):
        raw, port = r.randbytes(size), r.randrange(1, 65536)
        if raw.hex() in known:
            continue
        known[raw.hex()] = port
        entities.append({"tag": int.from_bytes(raw, tag["order"]) if kind == "number" else "0x" + raw.hex(), "port": port})
    least = r.choice([0, 0, 8, 20])
    rule = {"watch": r.sample(range(1, 65536), r.choice([1, 3])), "protocols": r.choice([["udp"], ["tcp"], ["udp", "tcp"]]),
            "payload": {"min": least, "max": r.choice([64, 500, 1400, 9000, 30000]), "otherwise": r.choice(["drop", "pass"])}, "tag": tag,
            "unknown": r.choice(["pass", "drop", r.randrange(1, 65536)]), "entities": entities}  # fmt: skip
    return rule, {**rule, "known": known}


def write(path, packets):
    with open(path, "wb") as f:
        f.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        for p in packets:
            f.write(struct.pack("<IIII", 0, 0, len(p), len(p)) + p)


def read(path):
    with open(path, "rb") as f:
        data = f.read()
    order = "<" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    at, packets = 24, []
    while at < len(data):
        size = struct.unpack_from(order + "I", data, at + 8)[0]
        packets.append(data[at + 16 : at + 16 + size])
        at += 16 + size
    return packets


def main():
    seed, rounds, count = [int(a) for a in sys.argv[1:] + ["2616", "24", "50"][len(sys.argv) - 1 :]]
    r = random.Random(seed)
    sides = [["--host"]] + ([[]] if os.geteuid() == 0 else [])
    met, faults = Counter(), []
    for words in (["--size", "5"], ["--order", "middle"], ["--unknown", "70000"], ["--map", "5=0"], ["--min", "9", "--max", "8"], []):
        done = subprocess.run([program, "--capture", "-", "--host", *(["--watch", "5"] if words else []), *words], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True)  # fmt: skip
        if done.returncode != 2 or not done.stderr.startswith("entity_remap: " + (words or ["watch"])[0]):
            faults.append(f"{words}: {done}")
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        for number in range(rounds):
            own, rule = settings(r)
            packets = [Packet(r, rule) for _ in range(count)]
            (folder / "rule.json").write_text(json.dumps(own))
            write(folder / "in.pcap", [p.bytes for p in packets])
            expected = [p.expected(rule) for p in packets]
            met.update("dropped" if e is None else "passed" if e == p.bytes else "remapped" for p, e in zip(packets, expected))
            for side in sides:
                done = subprocess.run([program, "--capture", folder / "in.pcap", "--settings", folder / "rule.json", "--json",
                                       "--write", folder / "out.pcap", *side], capture_output=True, text=True)  # fmt: skip
                name = f"seed {seed}, settings {number}{' on the host' if side else ''}"
                if done.returncode != 0:
                    faults.append(f"{name}: {done.stderr}")
                    continue
                written = iter(read(folder / "out.pcap"))
                for line, p, e in zip(map(json.loads, done.stdout.splitlines()), packets, expected, strict=True):
                    got = None if line["verdict"] == "drop" else next(written, None)
                    if got != e:
                        faults.append(f"{name}, packet {line['packet']}: {line}\n  {own}\n  given {p.bytes.hex()}\n"
                                      f"  expected {e and e.hex()}\n  written  {got and got.hex()}")  # fmt: skip
                if next(written, None) is not None:
                    faults.append(f"{name}: more is written than passes")
            all_ways = [p.bytes for p in packets[:8]] + [packets[0].bytes[:n] for n in range(0, 70, 3)]
            write(folder / "in.pcap", all_ways)
            copies = [subprocess.run([program, "--capture", folder / "in.pcap", "--settings", folder / "rule.json", "--tee", *form, *side],
                                     capture_output=True, text=True) for side in sides for form in (["--json"], [])]  # fmt: skip
            lines = [re.sub(r"\S+ s$", "", c.stdout, flags=re.M) for c in copies]  # but for when it was last seen
            if lines[:2] != lines[-2:] or any(c.returncode or c.stderr for c in copies) or len(lines[0].splitlines()) != len(all_ways):
                faults.append(f"seed {seed}, settings {number}, copies: {copies}")
    print(f"seed {seed}: {rounds} settings, {rounds * count} packets: {dict(met.most_common())}")
    if min(met[what] for what in ("dropped", "passed", "remapped")) < rounds * count // 20:
        faults.append("these packets are no test")
    for fault in faults[:10]:
        print(fault)
    if faults:
        print(f"FAILED: {len(faults)}")
        sys.exit(1)
    if len(sides) == 1:
        print("SKIPPED: the same in the kernel: run as root")
        sys.exit(1 if os.environ.get("CI") == "true" else 77)


main()
