#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""Streams in segments of more than 64 KiB (BIG TCP), IPv4 and IPv6: a chain that honours lengths takes none of them for TCP, for
their IP header says 0, and one that is ignoring_lengths takes all."""
import json
import os
import pathlib
import platform
import re
import subprocess
import sys
import time

BUILD = pathlib.Path(os.environ.get("BPFXX_BUILD_DIR", "build"))
FROM, TO = (f"bpfxx-big-{side}-{os.getpid()}" for side in ("from", "to"))
MEBIBYTES = 40
SERVER = """
import socket
with socket.create_server(("::", 5), family=socket.AF_INET6, dualstack_ipv6=True) as server:
    for _ in range(2):
        peer, _ = server.accept()
        size = 0
        while data := peer.recv(1 << 20): size += len(data)
        peer.close()
        print(size, flush=True)
"""
CLIENT = """
import socket, sys
with socket.create_connection((sys.argv[1], 5), timeout=30) as peer:
    for _ in range(int(sys.argv[2])): peer.sendall(bytes(1 << 20))
"""
# What iproute2 of Debian 12 has no words for: the largest segments that a device takes, and makes of others.
SIZES = """
import socket, struct, sys
attributes = b"".join(struct.pack("<HHI", 8, kind, 200000) for kind in (41, 58, 63, 64)) # IFLA_{GSO,GRO}_[IPV4_]MAX_SIZE
body = struct.pack("<BBHiII", 0, 0, 0, socket.if_nametoindex(sys.argv[1]), 0, 0) + attributes
with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as s:
    s.send(struct.pack("<IHHII", 16 + len(body), 19, 5, 1, 0) + body) # RTM_SETLINK
    error = -struct.unpack("<i", s.recv(4096)[16:20])[0]
    if error: sys.exit(f"RTM_SETLINK: errno {error}")
"""


def skip(why):
    print(("MISSING: " if os.environ.get("CI") == "true" else "SKIPPED: ") + why)
    sys.exit(1 if os.environ.get("CI") == "true" else 77)


def run(*words, check=True):
    done = subprocess.run([str(w) for w in words], capture_output=True, text=True)
    if check and done.returncode != 0:
        sys.exit(f"FAILED: {' '.join(map(str, words))}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def python(side, source, *words):
    return run("ip", "netns", "exec", side, sys.executable, "-c", source, *words)


def network():
    for side in (FROM, TO):
        run("ip", "netns", "add", side)
    run("ip", "-n", FROM, "link", "add", "b0", "type", "veth", "peer", "name", "b0", "netns", TO)
    for side, number in ((FROM, 1), (TO, 2)):
        run("ip", "-n", side, "address", "add", f"10.9.0.{number}/24", "dev", "b0")
        run("ip", "-n", side, "address", "add", f"fd09::{number}/64", "dev", "b0", "nodad")
        run("ip", "-n", side, "link", "set", "b0", "up")
        python(side, SIZES, "b0")
    run("tc", "-n", FROM, "qdisc", "add", "dev", "b0", "clsact")


def until(what, holds):
    for _ in range(100):
        if holds():
            return
        time.sleep(0.1)
    sys.exit(f"FAILED: after 10 s it is not so that {what}")


def counted():
    values = json.loads(run("bpftool", "-j", "map", "dump", "name", "big_segments"))[0]["formatted"]["value"]
    return {key: int(value) for key, value in values.items()}


def main():
    for tool, package in (("ip", "iproute2"), ("tc", "iproute2"), ("bpftool", "bpftool")):
        if subprocess.run(["which", tool], capture_output=True).returncode != 0:
            skip(f"{tool}: apt install {package}")
    if os.geteuid() != 0:
        skip("a live test: not root")
    if tuple(map(int, re.match(r"(\d+)\.(\d+)", platform.release()).groups())) < (6, 3):
        print("SKIPPED: BIG TCP of IPv4 needs Linux 6.3")
        sys.exit(77)
    objects = sorted((BUILD / "bpf/tests").glob("clang-*/kernel/tc_big.bpf.o"))
    if not objects:
        sys.exit(f"FAILED: no tc_big.bpf.o in {BUILD}/bpf/tests: build the tests")
    try:
        network()
        for object_file in objects:
            run("tc", "-n", FROM, "filter", "add", "dev", "b0", "egress", "bpf", "da", "object-file", object_file, "section", "tc")
            with subprocess.Popen(["ip", "netns", "exec", TO, sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True) as server:
                try:
                    before = counted()
                    for address in ("10.9.0.2", "fd09::2"):
                        until("the server listens",
                              lambda: ":0005 " in run("ip", "netns", "exec", TO, "cat", "/proc/net/tcp6"))
                        python(FROM, CLIENT, address, MEBIBYTES)
                        if server.stdout.readline() != f"{MEBIBYTES << 20}\n":
                            sys.exit(f"FAILED: {address}: the stream did not arrive whole")
                        now = counted()
                        seen = {key: now[key] - before[key] for key in now}
                        before = now
                        print(f"{object_file.parent.parent.name}, {address}: {seen}")
                        if seen["all"] < MEBIBYTES:
                            sys.exit(f"FAILED: {address}: of {MEBIBYTES} MiB hardly a segment had more than 64 KiB")
                        if seen["by_frame"] != seen["all"] or seen["by_length"] != 0:
                            sys.exit(f"FAILED: {address}: {seen}")
                finally:
                    server.kill()
            run("tc", "-n", FROM, "filter", "del", "dev", "b0", "egress")
            until("the map is gone", lambda: not run("bpftool", "map", "show", "name", "big_segments", check=False))
    finally:
        for side in (FROM, TO):
            run("ip", "netns", "del", side, check=False)


main()
