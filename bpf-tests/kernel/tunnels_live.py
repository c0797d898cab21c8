#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""Tunnels on a wire: two network namespaces and a veth pair between them. On the near side the programs of
encapsulate.bpf.cpp and decapsulate.bpf.cpp make the tunnel, on the far side a device of the kernel, where this kernel has one
of that kind; otherwise the same programs. Pings, datagrams and a TCP stream go through, and tshark has no complaint."""
import ctypes
import fcntl
import hashlib
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

SOURCE = Path(os.environ.get("BPFXX_SOURCE_DIR", Path(__file__).resolve().parents[2]))
BUILD = Path(os.environ.get("BPFXX_BUILD_DIR", SOURCE / "build"))
NEAR, FAR = f"bpfxx-near-{os.getpid()}", f"bpfxx-far-{os.getpid()}"
PINS = Path(f"/sys/fs/bpf/bpfxx-{os.getpid()}")
STREAM = 4 << 20
DATAGRAMS = range(1, 1300, 67)  # their sizes


def missing(what, how):
    ci = os.environ.get("CI") == "true"
    print(f"{'MISSING' if ci else 'SKIPPED'}: {what}: {how}")
    sys.exit(1 if ci else 77)


def enter(namespace):
    with open(f"/run/netns/{namespace}") as there:
        if ctypes.CDLL(None, use_errno=True).setns(there.fileno(), 0x40000000) != 0:
            raise OSError(ctypes.get_errno(), "setns")


def run(*command, check=True, inside=None):
    """In a network namespace, but with the file systems that are mounted here: `ip netns exec` hides the pins."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          preexec_fn=(lambda: enter(inside)) if inside else None)
    if check and done.returncode != 0:
        sys.exit(f"FAILED: {' '.join(command)}:\n{done.stdout}")
    return done


def ip(namespace, *arguments, check=True):
    return run("ip", *arguments, check=check, inside=namespace)


def tc(namespace, *arguments, check=True):
    return run("tc", *arguments, check=check, inside=namespace)


class Tunnel:
    def __init__(self, name, take_off, device, six=False):
        self.name, self.take_off, self.device, self.six = name, take_off, device, six


TUNNELS = [
    Tunnel("vxlan", "un_vxlan", "vxlan id 1193046 local 10.0.0.2 remote 10.0.0.1 dstport 4789"),
    Tunnel("vxlan6", "un_vxlan", "vxlan id 7 local fc00::2 remote fc00::1 dstport 4789"),
    Tunnel("ipip", "un_ip", "ipip local 10.0.0.2 remote 10.0.0.1"),
    Tunnel("ipip", "un_ip", "sit local 10.0.0.2 remote 10.0.0.1", six=True),
    Tunnel("ip6ip", "un_ip", "ip6tnl local fc00::2 remote fc00::1 mode any encaplimit none"),
    Tunnel("ip6ip", "un_ip", "ip6tnl local fc00::2 remote fc00::1 mode any encaplimit none", six=True),
    Tunnel("gre", "un_gre", "gre local 10.0.0.2 remote 10.0.0.1"),
    Tunnel("gretap", "un_gretap", "gretap local 10.0.0.2 remote 10.0.0.1"),
    Tunnel("geneve", "un_geneve", "geneve id 6636321 remote 10.0.0.1"),
    Tunnel("gue", "un_gue", "ipip local 10.0.0.2 remote 10.0.0.1 encap gue encap-sport auto encap-dport 6080"),
]


FRAMES = ("vxlan", "vxlan6", "gretap", "geneve")


def attach(namespace, device, direction, program):
    tc(namespace, "filter", "replace", "dev", device, direction, "prio", "1", "handle", "1", "bpf", "da", "pinned",
       str(PINS / program))


def without_checksum_offload(namespace, device):
    """As `ethtool -K DEVICE tx off` does."""
    
    def set_it():
        value = ctypes.create_string_buffer(struct.pack("II", 0x17, 0))
        request = struct.pack("16sP", device.encode(), ctypes.addressof(value))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            fcntl.ioctl(s, 0x8946, request)
    in_thread(namespace, set_it)


def in_thread(namespace, call):
    result = []

    def work():
        try:
            enter(namespace)
            result.append((call(), None))
        except Exception as error:
            result.append((None, error))
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    value, error = result[0]
    if error:
        raise error
    return value


def set_up():
    for namespace in (NEAR, FAR):
        if run("ip", "netns", "add", namespace, check=False).returncode != 0:
            missing("a live test", "no network namespaces: ip netns add failed")
    ip(NEAR, "link", "add", "v0", "mtu", "1600", "type", "veth", "peer", "name", "v1", "netns", FAR)
    ip(FAR, "link", "set", "v1", "mtu", "1600")
    for namespace, device, number in ((NEAR, "v0", 1), (FAR, "v1", 2)):
        ip(namespace, "link", "set", "lo", "up")
        run("ip", "netns", "exec", namespace, "sh", "-c",
            f"echo 1 > /proc/sys/net/ipv6/conf/{device}/accept_dad; echo 0 > /proc/sys/net/ipv6/conf/{device}/router_solicitations;"
            f"echo 0 > /proc/sys/net/ipv4/conf/all/rp_filter; echo 0 > /proc/sys/net/ipv4/conf/{device}/rp_filter")
        ip(namespace, "link", "set", device, "address", f"02:00:00:00:00:0{number}", "up")
        ip(namespace, "address", "add", f"10.0.0.{number}/24", "dev", device)
        ip(namespace, "address", "add", f"fc00::{number}/64", "dev", device, "nodad")
        other = 3 - number
        for address in (f"10.0.0.{other}", f"fc00::{other}"):
            ip(namespace, "neigh", "replace", address, "lladdr", f"02:00:00:00:00:0{other}", "dev", device, "nud", "permanent")
        tc(namespace, "qdisc", "add", "dev", device, "clsact")
    # What travels in the tunnel, on the near side: without a device of its own.
    ip(NEAR, "address", "add", "192.168.7.1/24", "dev", "v0")
    ip(NEAR, "address", "add", "fd07::1/64", "dev", "v0", "nodad")


def far_end(tunnel):
    """A device of the kernel that ends the tunnel, or programs: which."""
    made = ip(FAR, "link", "add", "far0", "type", *tunnel.device.split(), check=False).returncode == 0
    if made and "gue" in tunnel.device:
        made = ip(FAR, "fou", "add", "port", "6080", "gue", check=False).returncode == 0
        if not made:
            ip(FAR, "link", "del", "far0")
    device = "far0" if made else "v1"
    if made:
        if tunnel.name in FRAMES: # the far end of the outer frames as of the inner ones
            ip(FAR, "link", "set", "far0", "address", "02:00:00:00:00:02")
        ip(FAR, "link", "set", "far0", "mtu", "1400", "up")
    else:
        attach(FAR, "v1", "egress", f"{tunnel.name}_tc")
        ip(FAR, "link", "set", "v1", "xdp", "pinned", str(PINS / tunnel.take_off))
    ip(FAR, "address", "add", "192.168.7.2/24", "dev", device)
    ip(FAR, "address", "add", "fd07::2/64", "dev", device, "nodad")
    return made


def neighbours(carries_frames, made):
    """Where no frame is carried, nobody can ask who has an address."""
    if carries_frames:
        return
    for address in ("192.168.7.2", "fd07::2"):
        ip(NEAR, "neigh", "replace", address, "lladdr", "02:00:00:00:00:02", "dev", "v0", "nud", "permanent")
    if not made:
        for address in ("192.168.7.1", "fd07::1"):
            ip(FAR, "neigh", "replace", address, "lladdr", "02:00:00:00:00:01", "dev", "v1", "nud", "permanent")


def take_down(made):
    for address in ("192.168.7.2", "fd07::2"):
        ip(NEAR, "neigh", "del", address, "dev", "v0", check=False)
    for direction in ("ingress", "egress"):
        tc(NEAR, "filter", "del", "dev", "v0", direction, check=False)
    ip(NEAR, "link", "set", "v0", "xdp", "off")
    if made:
        ip(FAR, "link", "del", "far0")
        ip(FAR, "fou", "del", "port", "6080", check=False)
        return
    tc(FAR, "filter", "del", "dev", "v1", "egress", check=False)
    ip(FAR, "link", "set", "v1", "xdp", "off")
    for address in ("192.168.7.1", "fd07::1"):
        ip(FAR, "neigh", "del", address, "dev", "v1", check=False)
    ip(FAR, "address", "del", "192.168.7.2/24", "dev", "v1")
    ip(FAR, "address", "del", "fd07::2/64", "dev", "v1")


def ping(namespace, address):
    for attempt in range(10):
        done = run(sys.executable, str(Path(__file__).resolve()), "--ping", address, check=False, inside=namespace)
        if done.returncode == 0:
            return
    sys.exit(f"FAILED: no answer to a ping of {address}: {done.stdout}")


def answer_to_ping(address):
    six = ":" in address
    with socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_RAW,
                       socket.IPPROTO_ICMPV6 if six else socket.IPPROTO_ICMP) as s:
        s.settimeout(2)
        message = bytearray(struct.pack("!BBHHH", 128 if six else 8, 0, 0, os.getpid() & 0xffff, 1) + b"bpfxx" * 20)
        if not six:
            total = sum(struct.unpack(f"!{len(message) // 2}H", message))
            total = (total & 0xffff) + (total >> 16)
            message[2:4] = struct.pack("!H", ~(total + (total >> 16)) & 0xffff)
        s.sendto(message, (address, 0))
        deadline = time.monotonic() + 2
        while time.monotonic() < deadline:
            data, sender = s.recvfrom(2000)
            data = data if six else data[20:]
            if data[0] == (129 if six else 0) and data[8:] == message[8:]:
                return


def datagrams(address):
    """There and back."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    server = in_thread(FAR, lambda: socket.socket(family, socket.SOCK_DGRAM))
    client = in_thread(NEAR, lambda: socket.socket(family, socket.SOCK_DGRAM))
    with server, client:
        server.bind((address, 5000))
        for s in (server, client):
            s.settimeout(30)
        for size in DATAGRAMS:
            text = (b"bpfxx tests its tunnels " * 60)[:size]  # what no dissector claims
            client.sendto(text, (address, 5000))
            got, back = server.recvfrom(2000)
            if got != text:
                sys.exit(f"FAILED: a datagram of {size} bytes arrived as another one")
            server.sendto(text[::-1], back)
            if client.recv(2000) != text[::-1]:
                sys.exit(f"FAILED: a datagram of {size} bytes came back as another one")


def stream(address):
    """Bytes of a TCP stream in both directions."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = in_thread(FAR, lambda: socket.socket(family, socket.SOCK_STREAM))
    client = in_thread(NEAR, lambda: socket.socket(family, socket.SOCK_STREAM))
    data = os.urandom(STREAM)
    seen = {}

    def serve():
        connection, _ = listener.accept()
        with connection:
            connection.settimeout(60)
            got = hashlib.sha256()
            left = STREAM
            while left > 0 and (part := connection.recv(1 << 16)):
                got.update(part)
                left -= len(part)
            seen["there"] = got.hexdigest()
            connection.sendall(data)

    with listener, client:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, 5001))
        listener.listen()
        listener.settimeout(60)
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        client.settimeout(60)
        client.connect((address, 5001))
        client.sendall(data)
        got = hashlib.sha256()
        left = STREAM
        while left > 0 and (part := client.recv(1 << 16)):
            got.update(part)
            left -= len(part)
        thread.join()
    expected = hashlib.sha256(data).hexdigest()
    if seen.get("there") != expected or got.hexdigest() != expected:
        sys.exit("FAILED: the stream did not arrive as it was sent")


class Capture:
    def __init__(self, scratch):
        self.file = scratch / "wire.pcap"
        self.file.unlink(missing_ok=True)
        self.log = (scratch / "tshark.log").open("w")
        self.process = subprocess.Popen(["ip", "netns", "exec", FAR, "tshark", "-q", "-i", "v1", "-w", str(self.file)],
                                        stdout=self.log, stderr=self.log)
        deadline = time.monotonic() + 20
        while not (self.file.exists() and self.file.stat().st_size > 0):
            if time.monotonic() > deadline or self.process.poll() is not None:
                sys.exit("FAILED: tshark does not capture: " + Path(self.log.name).read_text())
            time.sleep(0.1)

    def judge(self):
        deadline = time.monotonic() + 30  # what was sent may still be on its way to the file
        while self.file.stat().st_size < 2 * sum(DATAGRAMS) and time.monotonic() < deadline:
            time.sleep(0.1)
        self.process.send_signal(signal.SIGINT)
        self.process.wait(60)
        checks = [f"-o{name}:TRUE" for name in ("ip.check_checksum", "udp.check_checksum", "tcp.check_checksum")]
        fields = ["ip.checksum.status", "udp.checksum.status", "tcp.checksum.status", "icmp.checksum.status",
                  "icmpv6.checksum.status", "_ws.malformed", "frame.protocols"]
        out = subprocess.run(["tshark", "-r", str(self.file), *checks, "-Tfields",
                              *(f"-e{field}" for field in fields)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if out.returncode != 0:
            sys.exit("FAILED: tshark: " + out.stderr)
        lines = [line.split("\t") for line in out.stdout.splitlines()]
        for number, line in enumerate(lines, 1):
            if any("0" in status.split(",") for status in line[:5]) or line[5]:
                sys.exit(f"FAILED: frame {number} has a wrong checksum or is malformed: {dict(zip(fields, line))}")
        return len(lines), {line[6] for line in lines}


def main():
    if os.geteuid() != 0:
        missing("a live test", "not root")
    for tool, package in (("ip", "iproute2"), ("tc", "iproute2"), ("bpftool", "bpftool"), ("tshark", "tshark")):
        if not shutil.which(tool):
            missing(tool, f"apt install {package}")
    objects = next((d for d in (BUILD / "bpf/tests/clang-19/kernel", BUILD / "bpf/tests/clang-14/kernel")
                    if (d / "encapsulate.bpf.o").exists()), None)
    if not objects:
        sys.exit("FAILED: there is no encapsulate.bpf.o: build the tests")
    scratch = Path(tempfile.mkdtemp())
    begun = time.monotonic()
    try:
        for name in ("encapsulate", "decapsulate"):
            PINS.mkdir(exist_ok=True)
            run("bpftool", "prog", "loadall", str(objects / f"{name}.bpf.o"), str(PINS))
        set_up()
        for tunnel in TUNNELS:
            frames = tunnel.name in FRAMES
            made = far_end(tunnel)
            neighbours(frames, made)
            attach(NEAR, "v0", "egress", f"{tunnel.name}_tc")
            ip(NEAR, "link", "set", "v0", "xdp", "pinned", str(PINS / tunnel.take_off))
            far = "fd07::2" if tunnel.six else "192.168.7.2"
            near = "fd07::1" if tunnel.six else "192.168.7.1"
            # First with checksums that are in the bytes of all packets, and every one of them looked at.
            for namespace, device in ((NEAR, "v0"), (FAR, "v1"), *(((FAR, "far0"),) if made else ())):
                without_checksum_offload(namespace, device)
            capture = Capture(scratch)
            ping(NEAR, far)
            ping(FAR, near)
            datagrams(far)
            count, protocols = capture.judge()
            wanted = {"vxlan6": "vxlan", "gretap": "gre", "ip6ip": "ipv6:ip", "ipip": "ip:ip", "gue": "udp"}.get(tunnel.name, tunnel.name)
            if not any(wanted in p for p in protocols):
                sys.exit(f"FAILED: no {wanted} on the wire, but {protocols}")
            what = tunnel.device.split()[0] if made else "our own"
            print(f"{time.monotonic() - begun:.0f} s: {tunnel.name}{' of IPv6' if tunnel.six else ''}, far end {what}: "
                  f"pings and datagrams, {count} frames", flush=True)
            if made and tunnel.name != "vxlan6":
                # Then a stream, whose large packets the kernel cuts up behind the programs. Not where UDP has a checksum over
                # all that it carries: it would have to be made for each piece.
                ip(NEAR, "link", "set", "v0", "xdp", "off")
                attach(NEAR, "v0", "ingress", f"{tunnel.take_off}_tc")
                stream(far)
                print(f"{time.monotonic() - begun:.0f} s: {tunnel.name}: a stream of {STREAM >> 20} MiB, both ways", flush=True)
            take_down(made)
    finally:
        for namespace in (NEAR, FAR):
            run("ip", "netns", "del", namespace, check=False)
        shutil.rmtree(scratch, ignore_errors=True)
        for pin in PINS.glob("*"):
            pin.unlink()
        if PINS.exists():
            PINS.rmdir()


if sys.argv[1:2] == ["--ping"]:
    answer_to_ping(sys.argv[2])
else:
    main()
