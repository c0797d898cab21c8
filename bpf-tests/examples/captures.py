# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""Captures for the tests of block_http, written and read byte by byte so that no library decides what is in them.

captures.py make FOLDER          all that block_http_cli.sh reads
captures.py large FILE COUNT     this many packets of nearly as many flows, every other one HTTP
captures.py passed IN JSON OUT   checks that OUT holds what passed, as JSON says, byte for byte and to the nanosecond
captures.py json FILE KEY...     checks that every line is a JSON object with these keys
captures.py readme FILE ARG...   checks that what FILE says of `block_http --capture` is what the program ARG... prints
captures.py measure ARGUMENT...  runs a command; prints its seconds and its peak memory in KiB on standard error
"""
import json
import os
import re
import struct
import subprocess
import sys
import time

MICRO, NANO = 0xA1B2C3D4, 0xA1B23C4D
ETHERNET, COOKED, RAW = 1, 113, 101
START = 1_700_000_000_123_456_789


def pcap(path, packets, magic=MICRO, order="<", link=ETHERNET, missing=0):
    """packets: (time in ns, bytes, original length or None); `missing` bytes are cut off the file's end."""
    unit = 1000 if magic == MICRO else 1
    out = struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 262144, link)
    for ns, data, length in packets:
        seconds, rest = divmod(ns, 10**9)
        out += struct.pack(order + "IIII", seconds, rest // unit, len(data), length or len(data)) + data
    with open(path, "wb") as file:
        file.write(out[: len(out) - missing])


def pcapng(path, packets, links=(ETHERNET,), order="<"):
    """packets: as for pcap(), and which of the links they come from; times are in nanoseconds."""

    def block(kind, body):
        body += bytes(-len(body) % 4)
        return struct.pack(order + "II", kind, len(body) + 12) + body + struct.pack(order + "I", len(body) + 12)

    def options(*pairs):
        all = b"".join(struct.pack(order + "HH", k, len(v)) + v + bytes(-len(v) % 4) for k, v in pairs)
        return all + bytes(4)

    out = block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1) + options((4, b"by hand")))
    for link in links:
        out += block(1, struct.pack(order + "HHI", link, 0, 262144) + options((9, b"\x09")))
    for ns, data, length, interface in packets:
        head = struct.pack(order + "IIIII", interface, ns >> 32, ns & 0xFFFFFFFF, len(data), length or len(data))
        out += block(6, head + data + bytes(-len(data) % 4) + options((1, b"a comment")))
    with open(path, "wb") as file:
        file.write(out)


def read_pcap(path):
    with open(path, "rb") as file:
        data = file.read()
    order = "<" if struct.unpack("<I", data[:4])[0] in (MICRO, NANO) else ">"
    magic, _, _, _, _, _, link = struct.unpack(order + "IHHiIII", data[:24])
    assert magic in (MICRO, NANO) and link & 0xFFFF == ETHERNET, path
    packets, at = [], 24
    while at < len(data):
        seconds, rest, there, length = struct.unpack(order + "IIII", data[at : at + 16])
        ns = seconds * 10**9 + rest * (1000 if magic == MICRO else 1)
        packets.append((ns, data[at + 16 : at + 16 + there], length))
        at += 16 + there
    assert at == len(data), path
    return packets


def ethernet(kind, rest, tags=()):
    out = bytes.fromhex("020000000002020000000001")
    for tag, number in tags:
        out += struct.pack(">HH", tag, number)
    return out + struct.pack(">H", kind) + rest


def ipv4(rest, tags=(), protocol=6, head=0x45, offset=0, src="0a000001", length=None):
    size = 20 + len(rest) if length is None else length
    fields = struct.pack(">BBHHHBBH", head, 0, size, 1, offset, 64, protocol, 0)
    return ethernet(0x0800, fields + bytes.fromhex(src + "0a000002") + rest, tags)


def ipv6(rest, tags=(), protocol=6):
    addresses = bytes.fromhex("20010db8000000000000000000000001" "20010db8000000000000000000000002")
    return ethernet(0x86DD, struct.pack(">IHBB", 6 << 28, len(rest), protocol, 64) + addresses + rest, tags)


def tcp(payload, src=40000, dst=80):
    return struct.pack(">HHIIBBHHH", src, dst, 1, 1, 5 << 4, 0x18, 512, 0, 0) + payload


def udp(payload):
    return struct.pack(">HHHH", 40000, 80, 8 + len(payload), 0) + payload


GET = b"GET /index.html HTTP/1.1\r\nHost: a.example\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
C, S = 0x8100, 0x88A8

# bytes, verdict, reason; a fourth: how long the packet was before the capture cut it
MIX = [
    (ipv4(tcp(GET)), "drop", "none"),
    (ipv4(tcp(OK, 80, 40000)), "drop", "none"),
    (ipv6(tcp(b"POST /form HTTP/1.1\r\n\r\n", 40001, 8080)), "drop", "none"),
    (ipv6(tcp(b"HTTP/1.0 404 Not Found\r\n\r\n", 8080, 40001)), "drop", "none"),
    (ipv4(tcp(GET), [(C, 5)]), "drop", "none"),
    (ipv6(tcp(OK, 80, 40000), [(S, 7), (C, 5)]), "drop", "none"),
    (ipv4(tcp(GET), [(S, 7), (C, 5), (C, 6)]), "pass", "too_deep"),
    (ipv4(tcp(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 40002, 443)), "pass", "none"),
    (ipv4(udp(GET), protocol=17), "pass", "other_protocol"),
    (ethernet(0x0806, bytes(46)), "pass", "other_protocol"),
    (ipv4(tcp(GET), offset=100), "pass", "fragment"),
    (ipv4(tcp(GET)[:12]), "pass", "truncated"),
    (ipv4(tcp(GET), head=0x44), "pass", "malformed"),
    (ipv4(tcp(b"")) + b"HTTP/1.1", "pass", "none"),
    (b"\x02" * 5, "pass", "truncated"),
    (b"", "pass", "truncated"),
    (ethernet(0x0800, b""), "pass", "truncated"),
    (ipv4(tcp(GET), length=1500), "drop", "none", 1514),
    (ipv4(tcp(b"no HTTP, and cut"), length=1400), "pass", "none", 1414),
    (ipv6(struct.pack(">BBHI", 6, 0, 0x0104, 0) + tcp(b"PATCH / HTTP/1.1\r\n\r\n"), protocol=0), "drop", "none"),
    (ipv6(struct.pack(">BBHI", 6, 0, 8, 1) + tcp(GET), protocol=44), "pass", "fragment"),
]


def make(folder):
    packets = [(START + i * 1_000_000_001, m[0], m[3] if len(m) > 3 else None) for i, m in enumerate(MIX)]
    ahead = [p + (0,) for p in packets]
    at = lambda name: os.path.join(folder, name)
    pcap(at("mix.pcap"), packets)
    pcap(at("swapped.pcap"), packets, order=">")
    pcap(at("nano.pcap"), packets, NANO)
    pcap(at("nano_swapped.pcap"), packets, NANO, ">")
    pcapng(at("mix.pcapng"), ahead)
    pcapng(at("swapped.pcapng"), ahead, order=">")
    pcapng(at("two.pcapng"), ahead[:3] + [packets[3] + (1,)], [ETHERNET, COOKED])
    with open(at("mix.json"), "w") as file:
        for i, m in enumerate(MIX):
            file.write(f'{{"packet":{i + 1},"length":{len(m[0])},"verdict":"{m[1]}","reason":"{m[2]}"}}\n')
    pcap(at("empty.pcap"), [])
    pcapng(at("empty.pcapng"), [])
    pcap(at("cooked.pcap"), packets, link=COOKED)
    pcap(at("raw.pcap"), packets, link=RAW)
    pcap(at("cut_in_packet.pcap"), packets[:4], missing=3)
    pcap(at("cut_in_header.pcap"), packets[:4], missing=len(packets[3][1]) + 7)
    open(at("zero.pcap"), "w").close()
    with open(at("text.pcap"), "w") as file:
        file.write("this is no capture, whatever its name says\n")
    # What offloads leave in a capture: segments and packets far beyond any MTU.
    sizes = [1, 1460, 3000, 3018, 3019, 3050, 3500, 4096, 9000, 16384, 32768, 65495, 65535, 73152, 100_000, 262_000]
    long = [(START, ipv4(tcp((GET + bytes(n))[:n]), length=min(40 + n, 65535)), None) for n in sizes]
    long += [(START, ipv6(tcp((OK + bytes(n))[:n]) if n < 65516 else b""), None) for n in sizes]
    pcap(at("long.pcap"), long)
    # Headers that reach behind what an XDP program sees of a packet.
    options = bytes([60, 255]) + bytes(2046)
    deep = [(START, ipv6(options * n + bytes([6, 0]) + bytes(6) + tcp(GET), protocol=60), None) for n in range(5)]
    pcap(at("deep.pcap"), deep)


def large(path, count):
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", MICRO, 2, 4, 0, 0, 262144, ETHERNET))
        for i in range(int(count)):
            payload = GET if i % 2 else b"\x17\x03\x03" + bytes(40)
            data = ipv4(tcp(payload, 1024 + i % 60000), src=f"0a{i % 65536:04x}{i % 251:02x}")
            file.write(struct.pack("<IIII", 1_700_000_000 + i // 1000, i % 1000, len(data), len(data)) + data)


def passed(source, verdicts, out):
    with open(verdicts) as file:
        verdict = [json.loads(line)["verdict"] for line in file]
    every = read_pcap(source)
    assert len(every) == len(verdict), f"{len(every)} packets, {len(verdict)} verdicts"
    wanted = [(ns, data, length) for (ns, data, length), v in zip(every, verdict) if v == "pass"]
    there = read_pcap(out)
    assert there == wanted, f"{out} has {len(there)} packets, not the {len(wanted)} that passed as they were"


def check_json(path, *keys):
    with open(path) as file:
        lines = file.read().split("\n")
    assert lines.pop() == "", "the last line has no end"
    for number, line in enumerate(lines, 1):
        one = json.loads(line)
        assert list(one) == list(keys), line
        assert one.get("packet", number) == number, line
    print(len(lines))


def readme(path, program, *options):
    """Times are not compared, and BPF objects are looked for where the build puts them."""
    name = os.path.basename(program)
    with open(path) as file:
        blocks = re.findall(rf"^\$ {name} (.*--capture.*)\n((?:.+\n|\n(?!```))*?)```", file.read(), re.MULTILINE)
    assert blocks, f"{path} shows nothing"
    objects = os.path.join(os.environ.get("BPFXX_BUILD_DIR", "build"), "bpf")
    if name == "replay":
        plain = lambda text: re.sub(r'( +|"ns":)[0-9]+(}?)$', r"\1N\2", re.sub(" +", " ", text), flags=re.MULTILINE)
    else:
        plain = lambda text: text
    for words, shown in blocks:
        words = [os.path.join(objects, w) if w.endswith(".bpf.o") else w for w in words.split()]
        command = [program, *words, *options]
        printed = subprocess.run(command, cwd=os.path.dirname(path), capture_output=True, text=True, check=True).stdout
        start, more, _ = plain(shown).partition("\n...\n")
        is_shown = plain(printed).startswith(start) and (more or plain(printed) == plain(shown))
        assert is_shown, f"{path}: {' '.join(words)}: prints\n{printed}"
    print(len(blocks))


def measure(*command):
    begin = time.monotonic()
    child = os.fork()
    if child == 0:
        os.execvp(command[0], command)
    _, status, usage = os.wait4(child, 0)
    print(f"{time.monotonic() - begin:.1f} {usage.ru_maxrss}", file=sys.stderr)
    sys.exit(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    commands = {"make": make, "large": large, "passed": passed, "json": check_json, "readme": readme,
                "measure": measure}  # fmt: skip
    commands[sys.argv[1]](*sys.argv[2:])
