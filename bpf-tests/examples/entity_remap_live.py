#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""entity_remap on a wire: a sender with 1000 entities on one port, and a server that knows only ports, in two network
namespaces. Each datagram lands at its entity's port, bad sizes do not, and the receiving kernel finds no wrong checksum;
nor does tshark on what the program leaves. Then a reload while datagrams come, metrics, copies, and an end."""
import ctypes
import fcntl
import json
import os
import pathlib
import re
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

BUILD = pathlib.Path(os.environ.get("BPFXX_BUILD_DIR", "build")).resolve()
PROGRAM = BUILD / "bin/entity_remap"
NAMES = {side: f"bpfxx-er-{side}-{os.getpid()}" for side in ("sender", "server")}
SCRATCH = pathlib.Path(tempfile.mkdtemp())
LIBC = ctypes.CDLL(None, use_errno=True)
ENTITIES, SHARED, FIRST = 1000, 5000, 10000
children = []


def missing(why):
    in_ci = os.environ.get("CI") == "true"
    print(("MISSING: " if in_ci else "SKIPPED: ") + why)
    sys.exit(1 if in_ci else 77)


def fail(why):
    for child in children:
        child.kill()
    for log in SCRATCH.glob("*.err"):
        print(f"--- {log.name}\n{log.read_text()[-2000:]}")
    sys.exit("FAILED: " + why)


def run(*words, check=True):
    done = subprocess.run([str(w) for w in words], capture_output=True, text=True)
    if check and done.returncode != 0:
        fail(f"{' '.join(map(str, words))}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def within(side, function):
    """Calls it in a thread of this network namespace."""
    result = []

    def body():
        handle = os.open(f"/run/netns/{NAMES[side]}", os.O_RDONLY)
        assert LIBC.setns(handle, 0x40000000) == 0
        os.close(handle)
        result.append(function())

    thread = threading.Thread(target=body)
    thread.start()
    thread.join()
    if not result:
        fail("in " + side)
    return result[0]


def no_offload(side, device):
    """So that datagrams leave with whole checksums, as on a wire."""
    def body():
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            for command in (0x17, 0x1f):  # ETHTOOL_STXCSUM, ETHTOOL_STSO
                value = ctypes.create_string_buffer(struct.pack("II", command, 0))
                fcntl.ioctl(s, 0x8946, struct.pack("16sP16x", device.encode(), ctypes.addressof(value)))
        return True

    within(side, body)


def errors():
    """UDP datagrams that the server's kernel refused, by reason."""
    def body():
        found = {}
        lines = pathlib.Path("/proc/thread-self/net/snmp").read_text().splitlines()
        for head, values in zip(lines[::2], lines[1::2]):
            if head.startswith("Udp:"):
                found |= {k: int(v) for k, v in zip(head.split()[1:], values.split()[1:])}
        for line in pathlib.Path("/proc/thread-self/net/snmp6").read_text().splitlines():
            if line.startswith("Udp6InCsumErrors"):
                found["InCsumErrors"] += int(line.split()[1])
        return found

    return within("server", body)


class Server:
    """A socket for each port, of both IPs; it knows nothing of entities."""

    def __init__(self):
        self.sockets = {}
        self.poll = select.epoll()

        def open_all():
            for family in (socket.AF_INET, socket.AF_INET6):
                for port in [SHARED, 7000] + [FIRST + i for i in range(ENTITIES)] + [30000 + i for i in range(ENTITIES)]:
                    s = socket.socket(family, socket.SOCK_DGRAM)
                    if family == socket.AF_INET6:
                        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                    s.bind(("::" if family == socket.AF_INET6 else "0.0.0.0", port))
                    s.setblocking(False)
                    self.sockets[s.fileno()] = (s, port)
                    self.poll.register(s.fileno(), select.EPOLLIN)
            return True

        within("server", open_all)

    def received(self, at_least=0, quiet=0.5, got=None):
        """All (port, payload): as many as have to come, however long it takes, and then until nothing comes any more."""
        got = [] if got is None else got
        begun, deadline = len(got), time.monotonic() + 30
        while (events := self.poll.poll(quiet)) or (len(got) - begun < at_least and time.monotonic() < deadline):
            for fd, _ in events:
                s, port = self.sockets[fd]
                while True:
                    try:
                        got.append((port, s.recv(65536)))
                    except BlockingIOError:
                        break
        return got


def payload(entity, size=40, serial=0):
    return struct.pack("!BHI", 0xee, entity, serial) + bytes(size - 7)


def send(*datagrams, port=SHARED):
    """By IPv4 and by IPv6."""
    def body():
        for family, to in ((socket.AF_INET, "10.88.0.1"), (socket.AF_INET6, "fd88::1")):
            with socket.socket(family, socket.SOCK_DGRAM) as s:
                for i, d in enumerate(datagrams):
                    s.sendto(d, (to, port))
                    if i % 64 == 63:
                        time.sleep(0.002)  # a receive queue is small
        return True

    within("sender", body)


def settings(first=FIRST, **more):
    SCRATCH.joinpath("settings.json").write_text(json.dumps({
        "watch": [SHARED], "protocols": ["udp"], "payload": {"min": 8, "max": 1000, "otherwise": "drop"},
        "tag": {"offset": 1, "size": 2}, "unknown": 7000,
        "entities": [{"tags": [0, ENTITIES - 1], "port": first}]} | more))


def start(*words):
    log = SCRATCH / f"{len(children)}.err"
    child = subprocess.Popen(["ip", "netns", "exec", NAMES["server"], str(PROGRAM), "--interface", "s0",
                              "--settings", str(SCRATCH / "settings.json"), *words],
                             stdout=open(SCRATCH / f"{len(children)}.out", "w"), stderr=open(log, "w"))
    children.append(child)
    until(lambda: "attached" in log.read_text() or child.poll() is not None, "it does not attach")
    if child.poll() is not None:
        fail(f"it ends with {child.returncode}")
    return child, log


def until(holds, otherwise):
    """Waits for what has to come; how long it takes is the machine's matter."""
    deadline = time.monotonic() + 30
    while not holds():
        if time.monotonic() > deadline:
            fail(otherwise)
        time.sleep(0.05)


def stop(child, how=signal.SIGINT):
    child.send_signal(how)
    if child.wait(60) != (0 if how != signal.SIGKILL else -how):
        fail(f"it ends with {child.returncode}")
    until(lambda: "xdp" not in run("ip", "-n", NAMES["server"], "link", "show", "s0"), "a program is still attached")


def wait_for(log, text):
    until(lambda: text in log.read_text(), f"no '{text}' in {log.name}")


def arrive(server, expected, what):
    """What comes is what was expected, by IPv4 and by IPv6."""
    got = server.received(2 * len(expected))
    counts = {}
    for item in got:
        counts[item] = counts.get(item, 0) + 1
    wanted = {}
    for item in expected:
        wanted[item] = wanted.get(item, 0) + 2  # IPv4 and IPv6
    if counts != wanted:
        strange = [k for k in counts if counts[k] != wanted.get(k, 0)][:3]
        lost = [k for k in wanted if k not in counts][:3]
        fail(f"{what}: {len(got)} datagrams, not {2 * len(expected)}; not expected: {strange}; lost: {lost}")
    if errors()["InCsumErrors"]:
        fail(f"{what}: the kernel found wrong checksums: {errors()}")
    print(f"ok: {what}: {len(got)} datagrams")


def remaps(server):
    settings()
    child, _ = start("--generic", "--metrics-file", str(SCRATCH / "metrics.prom"), "--every", "1")
    for size in (8, 41, 1000):
        send(*[payload(i, size, size) for i in range(ENTITIES)])
        arrive(server, [(FIRST + i, payload(i, size, size)) for i in range(ENTITIES)], f"{ENTITIES} entities, {size} bytes")
    send(*[payload(i, size) for i in range(0, ENTITIES, 100) for size in (7, 1001, 1200)])
    arrive(server, [], "bad sizes")
    send(payload(60000), payload(1000))
    arrive(server, [(7000, payload(60000)), (7000, payload(1000))], "unknown entities at the default port")
    send(b"another port", port=30001)
    arrive(server, [(30001, b"another port")], "another port")
    metrics = SCRATCH / "metrics.prom"
    for line in ('entity_remap_packets_total{entity="17",port="10017"} 6',
                 f'entity_remap_payload_bytes_total{{entity="17",port="10017"}} {2 * (8 + 41 + 1000)}',
                 'entity_remap_outcomes_total{outcome="bad_size_dropped"} 60', 'entity_remap_outcomes_total{outcome="to_default"} 4',
                 "# TYPE entity_remap_packets_total counter"):
        until(lambda: metrics.exists() and line + "\n" in metrics.read_text(), f"the metrics have no line {line}")
    text = metrics.read_text()
    seen = re.search(r'last_seen_timestamp_seconds\{entity="17",port="10017"\} ([\d.]+)', text)
    if not seen or abs(time.time() - float(seen[1])) > 60:
        fail("the metrics have no time, or a wrong one")
    print("ok: metrics in a file")
    stop(child)
    send(payload(17))
    arrive(server, [(SHARED, payload(17))], "detached")


def reloads(server):
    """While datagrams come, the settings change a few times: each datagram lands at one port or the other."""
    settings()
    child, log = start("--generic", "--json")
    stopping = threading.Event()
    sent = [0]

    def sender():
        def body():
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
                while not stopping.is_set():
                    if sent[0] - len(got) > 400:  # not more than queues hold, however slow this machine is
                        time.sleep(0.001)
                        continue
                    s.sendto(payload(sent[0] % ENTITIES, 40, sent[0]), ("10.88.0.1", SHARED))
                    sent[0] += 1
                    if sent[0] % 16 == 0:
                        time.sleep(0.001)
            return True

        within("sender", body)

    got = []
    thread = threading.Thread(target=sender)
    collector_stops = threading.Event()

    def collect():
        while not collector_stops.is_set():
            server.received(quiet=0.1, got=got)

    collector = threading.Thread(target=collect)
    collector.start()
    thread.start()
    for n, first in enumerate((30000, FIRST, 30000, FIRST, 30000), 1):
        before = len(got)
        until(lambda: len(got) > before + 500, "no datagrams come any more")
        settings(first)
        child.send_signal(signal.SIGHUP)
        until(lambda: log.read_text().count("settings read again") == n, "no reload")
    SCRATCH.joinpath("settings.json").write_text('{"watch": [5000],\n "payload": {"min": "x"}}')
    child.send_signal(signal.SIGHUP)
    wait_for(log, 'the settings stay as they were: ' + str(SCRATCH / "settings.json") + ':2:21: payload.min: "x" is no size')
    before = len(got)
    until(lambda: len(got) > before + 500, "no datagrams come any more")
    stopping.set()
    thread.join()
    deadline = time.monotonic() + 30
    while len(got) < sent[0] and time.monotonic() < deadline:
        time.sleep(0.05)
    collector_stops.set()
    collector.join()
    serials = sorted(struct.unpack("!I", data[3:7])[0] for _, data in got)
    if serials != list(range(sent[0])):
        fail(f"of {sent[0]} datagrams {len(serials)} came during reloads")
    wrong = [p for p, data in got if p not in (FIRST + struct.unpack("!H", data[1:3])[0], 30000 + struct.unpack("!H", data[1:3])[0])]
    ports = {p >= 30000 for p, _ in got}
    if wrong or ports != {True, False}:
        fail(f"during reloads some landed at {wrong[:3]}")
    stop(child, signal.SIGTERM)
    last = json.loads((SCRATCH / f"{len(children) - 1}.out").read_text().splitlines()[-1])
    if sum(e["packets"] for e in last["entities"]) != sent[0] or last["outcomes"]["remapped"] != sent[0]:
        fail("the counters do not survive a reload")
    print(f"ok: five reloads and a bad one, {sent[0]} datagrams, none lost, none counted twice")


def serves_metrics(server):
    settings(entities=[{"tags": [0, ENTITIES - 1], "port": FIRST}, {"tag": 2000, "port": FIRST + 3, "name": "3"},
                       {"tag": 2001, "port": 7000, "name": "a\"b\\c\nd\u0001"}])  # fmt: skip
    child, _ = start("--generic", "--metrics", "127.0.0.1:9123")
    send(*[payload(3)] * 3, *[payload(2000)] * 2)
    arrive(server, [(FIRST + 3, payload(3))] * 3 + [(FIRST + 3, payload(2000))] * 2, "what is to be counted")

    def scrape(path):
        try:
            with urllib.request.urlopen("http://127.0.0.1:9123" + path, timeout=30) as answer:
                return answer.status, answer.headers["Content-Type"], answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, "", ""

    status, kind, text = within("server", lambda: scrape("/metrics"))
    if status != 200 or not kind.startswith("application/openmetrics-text; version=1.0.0") or not text.endswith("# EOF\n"):
        fail(f"/metrics: {status} {kind}")
    if 'entity_remap_packets_total{entity="3",port="10003"} 10\n' not in text or "# TYPE entity_remap_packets counter" not in text:
        fail("/metrics says something else")
    series = [line.rsplit(" ", 1)[0] for line in text.splitlines() if not line.startswith("#")]
    if len(set(series)) != len(series) or 'packets_total{entity="a\\"b\\\\c\\nd\x01",port="7000"}' not in text:
        fail("a series is there twice, or has another name than its entity")
    if within("server", lambda: scrape("/"))[0] != 404:
        fail("there is something at /")

    dawdlers = within("server", lambda: [socket.create_connection(("127.0.0.1", 9123)) for _ in range(8)])
    ending = threading.Event()

    def trickle():
        try:
            while not ending.wait(0.2):
                for s in dawdlers:
                    s.sendall(b"G")
        except OSError:
            pass  # it has given up on them, or has ended

    thread = threading.Thread(target=trickle)
    thread.start()
    if within("server", lambda: scrape("/metrics"))[0] != 200:
        fail("there are no metrics beside those who dawdle")
    stop(child)
    ending.set()
    thread.join()
    if "no address and port" not in subprocess.run([PROGRAM, "--interface", "lo", "--watch", "1", "--metrics", "127.0.0.1:65536"],
                                                   capture_output=True, text=True, timeout=60).stderr:  # fmt: skip
        fail("65536 is taken for a port")
    print("ok: metrics over HTTP")


def dies(server):
    settings()
    child, _ = start("--generic")
    stop(child, signal.SIGKILL)
    send(payload(17))
    arrive(server, [(SHARED, payload(17))], "killed, and nothing left")


def tees(server):
    settings()
    child, _ = start("--tee")
    send(*[payload(i) for i in range(0, ENTITIES, 7)])
    arrive(server, [(FIRST + i, payload(i)) for i in range(0, ENTITIES, 7)] + [(SHARED, payload(i)) for i in range(0, ENTITIES, 7)],
          "copies")
    send(payload(5, 7))
    arrive(server, [(SHARED, payload(5, 7))], "of a bad size there is no copy")
    stop(child)
    send(payload(17))
    arrive(server, [(SHARED, payload(17))], "no copies any more")


def capture(server):
    """What the program leaves of a capture, as tshark reads it."""
    if not shutil.which("tshark"):
        missing("tshark: apt install tshark")
    wire = SCRATCH / "wire.pcap"
    shark = subprocess.Popen(["ip", "netns", "exec", NAMES["server"], "tshark", "-q", "-i", "s0", "-F", "pcap", "-w", str(wire), "-f", "udp"],
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    children.append(shark)

    def captured(text):
        if not text:
            send(b"is it there", port=30002)
        return wire.exists() and text in wire.read_bytes() and wire.stat().st_size > 200

    until(lambda: captured(b""), "tshark does not capture")
    send(*[payload(i, 8 + i) for i in range(0, ENTITIES, 10)], payload(1, 7), payload(2000), b"the last one")
    until(lambda: wire.read_bytes().count(b"the last one") == 2, "tshark does not capture all")
    shark.send_signal(signal.SIGINT)
    shark.wait()
    server.received()
    settings()
    left = {}
    for side in ([], ["--host"]):
        out = SCRATCH / f"left{len(side)}.pcap"
        lines = run(PROGRAM, "--capture", wire, "--settings", SCRATCH / "settings.json", "--write", out, "--json", *side)
        left[len(side)] = (lines, out.read_bytes())
    if left[0] != left[1]:
        fail("the kernel's answers are others than the host's")
    rows = run("tshark", "-r", SCRATCH / "left0.pcap", "-o", "udp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE", "-d", "udp.port==1-65535,data",
               "-T", "fields", "-e", "udp.dstport", "-e", "udp.checksum.status", "-e", "data.data", check=False).splitlines()
    landed, good = {}, 0
    for line in rows:
        port, status, data = (line.split("\t") + ["", ""])[:3]
        if status not in ("1", "Good"):
            fail(f"tshark finds a wrong checksum: {line[:80]}")
        good += 1
        landed.setdefault(data, set()).add(int(port))
    for i in range(0, ENTITIES, 10):
        if landed.get(payload(i, 8 + i).hex()) != {FIRST + i}:
            fail(f"on the wire entity {i} is at {landed.get(payload(i, 8 + i).hex())}")
    if landed.get(payload(2000).hex()) != {7000} or payload(1, 7).hex() in landed:
        fail("on the wire an unknown entity is elsewhere, or a bad size is there")
    print(f"ok: {good} packets of a capture, in the kernel and natively, have good checksums to tshark")


def main():
    for tool, package in (("ip", "iproute2"), ("bpftool", "bpftool")):
        if not shutil.which(tool):
            missing(f"{tool}: apt install {package}")
    if os.geteuid() != 0:
        missing("a live test: not root")
    if not PROGRAM.exists():
        sys.exit(f"FAILED: there is no {PROGRAM}: build the target entity_remap")
    import resource
    resource.setrlimit(resource.RLIMIT_NOFILE, (8192, 8192))
    try:
        for side in NAMES.values():
            run("ip", "netns", "add", side)
        run("ip", "-n", NAMES["server"], "link", "add", "s0", "type", "veth", "peer", "name", "c0", "netns", NAMES["sender"])
        for side, device, number in (("server", "s0", 1), ("sender", "c0", 2)):
            run("ip", "-n", NAMES[side], "address", "add", f"10.88.0.{number}/24", "dev", device)
            run("ip", "-n", NAMES[side], "address", "add", f"fd88::{number}/64", "dev", device, "nodad")
            run("ip", "-n", NAMES[side], "link", "set", "lo", "up")
            run("ip", "-n", NAMES[side], "link", "set", device, "up")
            no_offload(side, device)
        server = Server()
        send(b"warm up")
        server.received(2)
        remaps(server)
        reloads(server)
        serves_metrics(server)
        dies(server)
        tees(server)
        capture(server)
    finally:
        for child in children:
            if child.poll() is None:
                child.kill()
                child.wait()
        for side in NAMES.values():
            run("ip", "netns", "del", side, check=False)
        shutil.rmtree(SCRATCH)


main()
