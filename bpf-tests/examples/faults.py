#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""Every call of the examples into the kernel for BPF fails in turn, or ends the process.

What a failed call leads to is the right output by another way, or exit status 1 and an error that says what failed, why,
and what to do; nothing that was made is left, nothing is attached. Each call fails in one of five ways, the next call in
the next, and at every fourth one the process is killed; `faults.py --all [WORD…]`: all of it, of the scenarios of this name."""
import ctypes
import errno
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

SOURCE = pathlib.Path(os.environ.get("BPFXX_SOURCE_DIR", pathlib.Path(__file__).resolve().parents[2]))
BUILD = pathlib.Path(os.environ.get("BPFXX_BUILD_DIR", SOURCE / "build")).resolve()
SCRATCH = pathlib.Path(tempfile.mkdtemp())
LIBC = ctypes.CDLL(None, use_errno=True)
CODES = [errno.EPERM, errno.ENOMEM, errno.EBUSY, errno.ENOSPC, errno.EINTR]
# What may be said instead of the code's own words: a call has words of its own for it.
OTHER_WORDS = re.compile(r"missing:|is attached there|it is full|did not end in time|is referenced but wasn't created|"
                         "cannot use helper bpf_probe_read|BPF program is too large|the kernel refuses its BTF")
# What is said as a hint, or in place of one.
ADVICE = re.compile(r"\nhint: |: this kernel, ")
TIME = re.compile(r'"ns":[0-9.]+')
PATIENCE = 120


class Scenario:
    def __init__(self, name, words, place, ready=None, interface=None, talk=None):
        # Without types libbpf takes global functions for others: the verifier then walks through each of their calls.
        self.spares_types = "--all" not in sys.argv and "dissect" in name
        self.name, self.words, self.place, self.ready, self.interface, self.talk = name, words, place, ready, interface, talk


def talk(said, first):
    """As a client, with what serves at the port that is said: a few bytes there and back, until the end."""
    try:
        with socket.create_connection(("127.0.0.1", int(re.search(r" on [0-9.]+:(\d+)", said)[1])), 10) as client:
            client.sendall(first + b"hello")
            client.shutdown(socket.SHUT_WR)
            while client.recv(1 << 16):
                pass
    except OSError:
        pass  # it may be cut off, or have nobody to talk to any more


BACKEND = 4242


def serve():
    """A backend that sends back what it hears."""
    listening = socket.create_server(("127.0.0.1", BACKEND), backlog=64)

    def answer(peer):
        with peer:
            try:
                while heard := peer.recv(1 << 16):
                    peer.sendall(heard)
            except OSError:
                pass

    while True:
        threading.Thread(target=answer, args=(listening.accept()[0],), daemon=True).start()


def example(name):
    return str(SOURCE / "examples" / name)


def scenarios(spot):
    """All of them for one worker: what they write is in a folder of its own, in which no other clears away."""
    place = SCRATCH / str(spot)
    place.mkdir(exist_ok=True)

    def binary(name):
        return str(BUILD / "bin" / name)

    remap = ["--settings", example("entity_remap/demo.json")]
    for name, *words in (("block_http", "--json"), ("dissect", "--json", "--count", "5"), ("dissect", "--json", "--count", "5", "--tc"),
                         ("entity_remap", "--json", *remap), ("flow_dissector", "--json")):
        yield Scenario(" ".join((name, "capture", *words[3:])), [binary(name), "--capture", example(name + "/demo.pcap"), *words],
                       place)
    yield Scenario("replay", [binary("replay"), str(BUILD / "bpf/swap_macs.bpf.o"), "--capture", example("block_http/demo.pcap"), "--json",
                              "--write", str(place / "replay.pcap")], place)
    for name, *words in (("block_http",), ("block_http", "--generic"), ("dissect",), ("dissect", "--tc"),
                         ("entity_remap", *remap), ("entity_remap", "--tee", *remap)):
        yield Scenario(" ".join((name, "interface", *words[:1])), [binary(name), "--interface", f"fault{spot}", *words], place,
                       "attached to", f"fault{spot}")
    yield Scenario("flow_dissector netns", [binary("flow_dissector"), "--netns", "/proc/self/ns/net"], place, "attached to")
    for mode in ("stream_verdict", "parser", "verdict") if "--all" in sys.argv else ("parser",):
        yield Scenario(f"sockmap_echo {mode}", [binary("sockmap_echo"), "--port", "0", "--mode", mode], place, "echoes on",
                       talk=lambda said: talk(said, b""))
    yield Scenario("stream_router", [binary("stream_router"), "--port", "0", "--rules", str(SCRATCH / "rules")], place,
                   "routes on", talk=lambda said: talk(said, b"ROUTE echo\n"))


def missing(why):
    in_ci = os.environ.get("CI") == "true"
    print(("MISSING: " if in_ci else "SKIPPED: ") + why)
    sys.exit(1 if in_ci else 77)


def run(*words):
    return subprocess.run([str(w) for w in words], capture_output=True, text=True).stdout


class Kernel:
    """Whether what was made is still there, by its number."""
    COMMANDS = {"program": 13, "map": 14, "types": 19, "link": 30}

    def has(self, kind, number):
        request = (ctypes.c_uint32 * 32)(number)
        fd = LIBC.syscall(321 if os.uname().machine == "x86_64" else 280 if os.uname().machine == "aarch64" else 351, self.COMMANDS[kind],
                          ctypes.byref(request), 128)
        if fd >= 0:
            os.close(fd)
        return fd >= 0


class Run:
    """One process, of whose calls one fails."""

    def __init__(self, scenario, number, code):
        self.log, out, err = (scenario.place / name for name in ("log", "out", "err"))
        self.log.write_text("")
        environment = os.environ | {"LD_PRELOAD": str(SCRATCH / "faults.so"), "FAULT_NUMBER": str(number), "FAULT_CODE": str(code),
                                    "FAULT_LOG": str(self.log)}
        if scenario.spares_types:
            environment["FAULT_SPARES_TYPES"] = "yes"
        with out.open("wb") as o, err.open("wb") as e:
            child = subprocess.Popen(scenario.words, stdin=subprocess.DEVNULL, stdout=o, stderr=e, env=environment,
                                     cwd=scenario.place)
        self.hung = False
        deadline = time.monotonic() + PATIENCE
        told = scenario.ready is None
        while child.poll() is None:
            if not told and scenario.ready in err.read_text():
                if scenario.talk:
                    scenario.talk(err.read_text())
                child.send_signal(signal.SIGTERM)
                told = True
            if time.monotonic() > deadline:
                child.kill()
                self.hung = True
            time.sleep(0.003)
        self.status = child.wait()
        self.out, self.err = out.read_text(), err.read_text()
        self.failed, self.made = "", []
        for line in self.log.read_text().splitlines():
            kind, value = line.rsplit(" ", 1)
            if kind in Kernel.COMMANDS:
                self.made.append((kind, int(value)))
            else:
                self.failed = line


def is_bare(interface):
    shown = run("ip", "-d", "link", "show", "dev", interface)
    return interface in shown and "xdp" not in shown and "clsact" not in run("tc", "qdisc", "show", "dev", interface)


def until(holds):
    deadline = time.monotonic() + 60
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def test(scenario, every_code, wrong):
    name = pathlib.Path(scenario.words[0]).name
    # What is in the output of a run in which nothing fails.
    whole = Run(scenario, 0, 0)
    if whole.status != 0:
        wrong.append(f"{scenario.name}: exit status {whole.status} though nothing fails: {whole.err}")
        return
    made, runs, errors, number, alike = set(whole.made), 0, 0, 1, {}
    while True:
        reached = False
        kills = [0] if every_code or number % 4 == 0 else []
        for code in (CODES if every_code else [CODES[number % len(CODES)]]) + kills:
            done = Run(scenario, number, code)
            made |= set(done.made)
            runs += 1
            what = f"{scenario.name}, call {number}: {done.failed}: " + (os.strerror(code) if code else "SIGKILL")

            def complain(why):
                wrong.append(f"{what}: {why}\n    " + done.err.strip().replace("\n", "\n    "))

            if os.environ.get("FAULTS_SHOW"):
                print(what, done.status, flush=True)
            if not done.failed:
                if done.status != 0:
                    complain(f"exit status {done.status} though nothing fails")
                continue
            reached = True
            if done.hung:
                complain("it does not end")
            elif code == 0:
                if done.status != -signal.SIGKILL:
                    complain(f"exit status {done.status}")
            elif done.status == 1:
                errors += 1
                if not done.err.startswith(f"{name}: ") and f"\n{name}: " not in done.err:
                    complain("it does not say who it is")
                if os.strerror(code) not in done.err and not OTHER_WORDS.search(done.err):
                    complain("it does not say why")
                if not ADVICE.search(done.err):
                    complain("it does not say what to do")
            elif done.status == -signal.SIGTERM and scenario.ready:
                pass  # the signal came between the error and its words: all is in order, as is looked at below
            elif done.status != 0:
                complain(f"exit status {done.status}")
            elif not scenario.ready and TIME.sub("", done.out) != TIME.sub("", whole.out):
                complain("another output, and no error")
            if code == 0:
                for part in scenario.place.glob("*.part"):  # nobody is there to take it away
                    part.unlink()
            if scenario.interface and not until(lambda: is_bare(scenario.interface)):
                complain("something is left at the interface")
                subprocess.run(["ip", "link", "set", "dev", scenario.interface, "xdp", "off"])
                subprocess.run(["tc", "qdisc", "del", "dev", scenario.interface, "clsact"])
        if not reached:
            break
        # Of many that are alike only every tenth: a map that is filled, or read.
        alike[done.failed] = alike.get(done.failed, 0) + 1
        number += 10 if alike[done.failed] > 15 and not every_code else 1
    kernel = Kernel()
    if not until(lambda: not any(kernel.has(*one) for one in made)):
        wrong.append(f"{scenario.name}: left in the kernel: {[one for one in made if kernel.has(*one)]}")
    for part in scenario.place.glob("*.part"):
        wrong.append(f"{scenario.name}: left: {part}")
        part.unlink()
    print(f"{scenario.name}: up to {number - 1} calls, {runs} runs, {errors} errors", flush=True)


def vanish(scenario, wrong):
    """The interface goes while the program is attached: it ends, and says so."""
    run("ip", "link", "add", "going", "type", "veth", "peer", "name", "going2")
    run("ip", "link", "set", "going", "up")
    words = [w.replace(scenario.interface, "going") for w in scenario.words]
    err = SCRATCH / "going.err"
    with err.open("wb") as e:
        child = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=e)
    if not until(lambda: scenario.ready in err.read_text()):
        wrong.append(f"{scenario.name}: it does not attach: {err.read_text()}")
    run("ip", "link", "del", "going")
    if not until(lambda: child.poll() is not None):
        child.kill()
        wrong.append(f"{scenario.name}: it goes on at an interface that has vanished")
    if child.wait() != 1 or "interface going has vanished" not in err.read_text():
        wrong.append(f"{scenario.name}: exit status {child.returncode} at an interface that has vanished: {err.read_text()}")


def main():
    every_code = "--all" in sys.argv
    only = [w for w in sys.argv[1:] if not w.startswith("-")]
    for tool, package in (("ip", "iproute2"), ("tc", "iproute2")):
        if not shutil.which(tool):
            missing(f"{tool}: apt install {package}")
    if os.geteuid() != 0:
        missing("faults: not root")
    for scenario in scenarios(0):
        if all(w in scenario.name for w in only) and not pathlib.Path(scenario.words[0]).exists():
            sys.exit(f"FAILED: there is no {scenario.words[0]}: build the examples")
    subprocess.run([os.environ.get("BPFXX_CXX", "g++"), "-x", "c", "-O1", "-shared", "-fPIC", "-o", SCRATCH / "faults.so",
                    SOURCE / "bpf-tests/examples/faults.c", "-ldl"], check=True)
    if LIBC.unshare(0x40000000) != 0:
        missing("faults: no network namespaces: " + os.strerror(ctypes.get_errno()))
    workers = 2
    run("ip", "link", "set", "lo", "up")
    threading.Thread(target=serve, daemon=True).start()
    (SCRATCH / "rules").write_text(f"line echo 127.0.0.1:{BACKEND}\n")
    for spot in range(workers):
        run("ip", "link", "add", f"fault{spot}", "type", "veth", "peer", "name", f"peer{spot}")
        run("ip", "link", "set", f"fault{spot}", "up")
        run("ip", "link", "set", f"peer{spot}", "up")
    waiting = [s.name for s in scenarios(0) if all(w in s.name for w in only)]
    wrong, lock = [], threading.Lock()

    def work(spot):
        mine = {s.name: s for s in scenarios(spot)}
        while True:
            with lock:
                if not waiting:
                    return
                name = waiting.pop()
            try:
                test(mine[name], every_code, wrong)
            except Exception as error:  # a thread's exception would be lost
                wrong.append(f"{name}: {error!r}")

    threads = [threading.Thread(target=work, args=(spot,)) for spot in range(workers)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    for scenario in scenarios(0):
        if scenario.interface and all(w in scenario.name for w in only):
            vanish(scenario, wrong)
    shutil.rmtree(SCRATCH)
    for one in wrong:
        print("FAILED:", one)
    sys.exit(1 if wrong else 0)


main()
