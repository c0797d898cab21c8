#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""Rewrites of real packets, in whatever state their checksums are on the way.

  client ---- router (TC: 10.9.0.9 port 7007 becomes 10.1.2.1 port 8008, and back) ---- server

With checksum offload on, what arrives at the router has only its pseudo header summed up (CHECKSUM_PARTIAL); the second
link has none, so the router's kernel completes it and the server's kernel verifies it. The other way, and without any
offload, it is a whole checksum. Then the same through a VXLAN tunnel with checksums, behind which the kernel has the sum
of all bytes (CHECKSUM_COMPLETE): a second program compares that with the bytes. TCP and UDP, IPv4 and IPv6."""
import ctypes
import fcntl
import json
import os
import pathlib
import socket
import struct
import subprocess
import sys
import tempfile
import threading

BUILD = pathlib.Path(os.environ.get("BPFXX_BUILD_DIR", "build"))
NAMES = {side: f"bpfxx-tc-{side}-{os.getpid()}" for side in ("client", "router", "server")}
MOUNT = pathlib.Path(tempfile.mkdtemp())  # a file system for pins: /sys is another one in each namespace
PINS = MOUNT / "pins"
LIBC = ctypes.CDLL(None, use_errno=True)
BIG = os.urandom(1 << 20)
SIZES = [*range(200), 511, 512, 1000, 1201]  # of datagrams


def skip(why):
    print(("MISSING: " if os.environ.get("CI") == "true" else "SKIPPED: ") + why)
    sys.exit(1 if os.environ.get("CI") == "true" else 77)


def run(*words, check=True):
    done = subprocess.run([str(w) for w in words], capture_output=True, text=True)
    if check and done.returncode != 0:
        sys.exit(f"FAILED: {' '.join(map(str, words))}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def within(side, function):
    """Calls it in a thread of this network namespace."""
    result = []

    def body():
        handle = os.open(f"/run/netns/{NAMES[side]}", os.O_RDONLY)
        if LIBC.setns(handle, 0x40000000) != 0:
            sys.exit("FAILED: setns: " + os.strerror(ctypes.get_errno()))
        os.close(handle)
        result.append(function())

    thread = threading.Thread(target=body)
    thread.start()
    thread.join()
    if not result:
        sys.exit("FAILED: in " + side)
    return result[0]


def offload(side, device, on):
    def body():
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            for command in (0x17, 0x1f) if not on else (0x17,):  # ETHTOOL_STXCSUM, ETHTOOL_STSO
                value = ctypes.create_string_buffer(struct.pack("II", command, on))
                fcntl.ioctl(s, 0x8946, struct.pack("16sP16x", device.encode(), ctypes.addressof(value)))
        return True

    within(side, body)


def ip(side, words):
    run("ip", "-n", NAMES[side], *words.split())


def serve():
    """Echoes, on the real port."""
    for family, address in ((socket.AF_INET, "10.1.2.1"), (socket.AF_INET6, "fd02::1")):
        datagrams = socket.socket(family, socket.SOCK_DGRAM)
        datagrams.bind((address, 8008))
        streams = socket.socket(family, socket.SOCK_STREAM)
        streams.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        streams.bind((address, 8008))
        streams.listen()

        def echo_datagrams(s=datagrams):
            while True:
                data, peer = s.recvfrom(65536)
                s.sendto(data, peer)

        def echo_streams(s=streams):
            while True:
                peer, _ = s.accept()
                with peer:
                    while data := peer.recv(65536):
                        peer.sendall(data)

        for loop in (echo_datagrams, echo_streams):
            threading.Thread(target=loop, daemon=True).start()
    return True


def ask():
    """Datagrams of many sizes and a large stream come back as they went out."""
    for family, address in ((socket.AF_INET, "10.9.0.9"), (socket.AF_INET6, "fd09::9")):
        with socket.socket(family, socket.SOCK_DGRAM) as s:
            s.settimeout(30)
            s.connect((address, 7007))
            for size in SIZES:
                s.send(BIG[size:2 * size])
                try:
                    back = s.recv(65536)
                except (TimeoutError, OSError) as error:
                    return f"{address}: a datagram of {size} bytes is lost: {error}"
                if back != BIG[size:2 * size]:
                    return f"{address}: a datagram of {size} bytes is another one"
        with socket.create_connection((address, 7007), timeout=60) as s:
            sender = threading.Thread(target=lambda: (s.sendall(BIG), s.shutdown(socket.SHUT_WR)))
            sender.start()
            back = bytearray()
            while data := s.recv(65536):
                back += data
            sender.join()
            if back != BIG:
                return f"{address}: {len(back)} of {len(BIG)} bytes came back"
    return ""


def errors(side):
    """Packets that the kernel there found to have a wrong checksum."""
    def body():
        words = pathlib.Path("/proc/thread-self/net/snmp").read_text().splitlines()
        found = 0
        for head, values in zip(words[::2], words[1::2]):
            found += sum(int(v) for k, v in zip(head.split(), values.split()) if "Csum" in k or k == "InErrs")
        for line in pathlib.Path("/proc/thread-self/net/snmp6").read_text().splitlines():
            found += int(line.split()[1]) if "CsumErr" in line else 0
        return found

    return within(side, body)


def attach(side, device, hook, *programs):
    run("tc", "-n", NAMES[side], "qdisc", "replace", "dev", device, "clsact")
    run("tc", "-n", NAMES[side], "filter", "del", "dev", device, hook, check=False)
    for priority, program in enumerate(programs, 1):
        run("tc", "-n", NAMES[side], "filter", "add", "dev", device, hook, "protocol", "all", "prio", priority, "bpf", "da",
            "object-pinned", PINS / program)


def check(what):
    wrong = within("client", ask)
    if wrong:
        sys.exit(f"FAILED: {what}: {wrong}")
    for side in NAMES:
        if errors(side):
            sys.exit(f"FAILED: {what}: {errors(side)} packets with wrong checksums at the {side}")
    print("ok:", what)


def network():
    for side in NAMES.values():
        run("ip", "netns", "add", side)
    for one, other, device, link in (("client", "router", "c", 1), ("router", "server", "s", 2)):
        ip(one, f"link add {device}0 type veth peer name {device}1 netns {NAMES[other]}")
    for side, device, number, v6 in (("client", "c0", "10.1.1.1/24", "fd01::1/64"), ("router", "c1", "10.1.1.2/24", "fd01::2/64"),
                                     ("router", "s0", "10.1.2.2/24", "fd02::2/64"), ("server", "s1", "10.1.2.1/24", "fd02::1/64")):
        ip(side, f"address add {number} dev {device}")
        ip(side, f"address add {v6} dev {device} nodad")
        ip(side, f"link set {device} up")
    for side in NAMES:
        ip(side, "link set lo up")
        run("ip", "netns", "exec", NAMES[side], "sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1")
    ip("client", "route add default via 10.1.1.2")
    ip("client", "route add default via fd01::2")
    ip("server", "route add default via 10.1.2.2")
    ip("server", "route add default via fd02::2")


def tunnel():
    """A VXLAN from router to server, with checksums, over links that compute none."""
    for side, device, here, there in (("router", "s0", "10.1.2.2", "10.1.2.1"), ("server", "s1", "10.1.2.1", "10.1.2.2")):
        ip(side, f"link add v0 type vxlan id 7 local {here} remote {there} dstport 4789 dev {device} udpcsum")
    for side, v4, v6 in (("router", "10.1.3.2/24", "fd03::2/64"), ("server", "10.1.3.1/24", "fd03::1/64")):
        ip(side, f"address add {v4} dev v0")
        ip(side, f"address add {v6} dev v0 nodad")
        ip(side, "link set v0 up")
    ip("router", "route add 10.9.0.9/32 via 10.1.3.1")
    ip("router", "route add fd09::9/128 via fd03::1")
    ip("server", "route replace default via 10.1.3.2")
    ip("server", "route replace default via fd03::2")


def judged():
    entries = json.loads(run("bpftool", "-j", "map", "dump", "pinned", PINS / "judged"))
    return entries[0]["formatted"]["value"]


def main():
    for tool, package in (("ip", "iproute2"), ("tc", "iproute2"), ("bpftool", "bpftool")):
        if subprocess.run(["which", tool], capture_output=True).returncode != 0:
            skip(f"{tool}: apt install {package}")
    if os.geteuid() != 0:
        skip("a live test: not root")
    objects = sorted((BUILD / "bpf/tests").glob("clang-*/kernel/tc_live.bpf.o"))
    if not objects:
        sys.exit(f"FAILED: no tc_live.bpf.o in {BUILD}/bpf/tests: build the tests")
    try:
        run("mount", "-t", "bpf", "bpf", MOUNT)
        network()
        within("server", serve)
        for object_file in objects:
            compiler = object_file.parent.parent.name
            run("rm", "-rf", PINS)
            run("bpftool", "prog", "loadall", object_file, PINS, "pinmaps", PINS)
            attach("router", "c1", "ingress", "to_real")
            attach("router", "c1", "egress", "to_shown")
            for client, server in ((True, False), (False, True), (True, True), (False, False)):
                for side, device, on in (("client", "c0", client), ("router", "c1", client), ("router", "s0", server),
                                         ("server", "s1", server)):
                    offload(side, device, on)
                check(f"{compiler}: offload to the client {'on' if client else 'off'}, to the server {'on' if server else 'off'}")
            run("tc", "-n", NAMES["router"], "qdisc", "del", "dev", "c1", "clsact")
        for side, device in (("client", "c0"), ("router", "c1"), ("router", "s0"), ("server", "s1")):
            offload(side, device, False)
        tunnel()
        for object_file in objects:
            compiler = object_file.parent.parent.name
            run("rm", "-rf", PINS)
            run("bpftool", "prog", "loadall", object_file, PINS, "pinmaps", PINS)
            attach("server", "v0", "ingress", "judge", "to_real", "judge")
            attach("server", "v0", "egress", "to_shown")
            check(f"{compiler}: in a tunnel whose checksum gives the sum of all")
            sums = {k: int(v) for k, v in judged().items()}
            print(f"    {sums['complete']} packets before and behind the rewrite with the sum of all bytes, {sums['wrong']} wrong")
            # Each datagram is seen twice; how many packets a stream becomes is for the kernel to say.
            if sums["wrong"] or sums["complete"] < 2 * 2 * len(SIZES):
                sys.exit("FAILED: the kernel's sum of all bytes is another than that of the bytes, or it had none")
    finally:
        for side in NAMES.values():
            run("ip", "netns", "del", side, check=False)
        run("umount", MOUNT, check=False)
        MOUNT.rmdir()


main()
