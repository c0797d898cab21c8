# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""Streams through the kernel against streams through user space, all of it on one CPU: sockmap_echo and stream_router, each
against its own mode that uses epoll, and the router against haproxy (TCP mode, splice). All servers run all the time; in
each round each workload is given to each of them, in turns, and ratios are between figures of the same round. Each process
has a session of its own: where the scheduler shares a CPU out among sessions (sched_autogroup), a client, a server and a worker
of the kernel are then three parties, as elsewhere, and not two."""
import argparse
import json
import os
import pathlib
import platform
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

BUILD = pathlib.Path(os.environ.get("BPFXX_BUILD_DIR", "build"))
SOURCE = pathlib.Path(os.environ.get("BPFXX_SOURCE_DIR", "."))
SCRATCH = pathlib.Path(tempfile.mkdtemp())
children = []
# name, kind, bytes, connections
WORKLOADS = {
    "echo": [("64 B round trips, 1 connection", "trips", 64, 1), ("64 B round trips, 16 connections", "trips", 64, 16),
             ("64 KiB streaming", "stream", 65536, 1), ("64 B writes without a pause", "writes", 64, 1)],
    "router": [("4 KiB round trips, 1 connection", "trips", 4096, 1),
               ("4 KiB round trips, 16 connections", "trips", 4096, 16),
               ("64 KiB streaming", "stream", 65536, 1), ("64 B writes without a pause", "writes", 64, 1)],
}
# what is measured, against what: at least so much of it
TARGETS = {("echo", "trips", "epoll"): 1.2, ("echo", "stream", "epoll"): 1.05, ("router", "trips", "epoll"): 1.15,
           ("router", "trips", "haproxy"): 1.35, ("router", "stream", "epoll"): 1.0, ("router", "stream", "haproxy"): 1.2}
BACKEND = 7100


def fail(why):
    for log in sorted(SCRATCH.glob("*.err")):
        print(f"--- {log.name}\n{log.read_text()[-1500:]}", file=sys.stderr)
    sys.exit("bench/streams: " + why)


def start(name, ready, *words):
    with open(SCRATCH / (name + ".err"), "w") as err:
        child = subprocess.Popen([str(w) for w in words], stdout=subprocess.DEVNULL, stderr=err, start_new_session=True)
    children.append(child)
    end = time.monotonic() + 60
    while not ready(SCRATCH / (name + ".err")):
        if child.poll() is not None or time.monotonic() > end:
            fail(name + " does not start")
        time.sleep(0.05)


def says(text):
    return lambda log: text in log.read_text()


def listens(port):
    """Without connecting: that would be passed on to a backend."""
    return lambda _: f":{port} " in subprocess.run(["ss", "-Hltn"], capture_output=True, text=True).stdout


def servers(budget):
    """Starts them, and says where they are: by what is measured, by contender: port, backend, first line."""
    on = ["taskset", "-c", CPU]
    more = ["--budget", budget] if budget else []
    for port, mode in ((7001, "stream_verdict"), (7002, "epoll")):
        start(f"echo-{mode}", says("Ctrl-C"), *on, BUILD / "bin/sockmap_echo", "-a", "127.0.0.1", "-p", port, "--mode",
              mode, *(more if mode != "epoll" else []))
    (SCRATCH / "rules").write_text(f"line bench 127.0.0.1:{BACKEND}\n")
    for port, mode in ((7003, "stream_verdict"), (7004, "epoll")):
        start(f"router-{mode}", says("Ctrl-C"), *on, BUILD / "bin/stream_router", "-a", "127.0.0.1", "-p", port, "--mode",
              mode, "--rules", SCRATCH / "rules", "--quiet", *(more if mode != "epoll" else []))
    (SCRATCH / "haproxy.cfg").write_text(f"""
global
    nbthread 1
    maxconn 4096
defaults
    mode tcp
    timeout connect 5s
    timeout client 60s
    timeout server 60s
    option splice-auto
listen router
    bind 127.0.0.1:7005
    server backend 127.0.0.1:{BACKEND}
""")
    start("haproxy", listens(7005), *on, shutil.which("haproxy") or "/usr/sbin/haproxy", "-db", "-f",
          SCRATCH / "haproxy.cfg")
    return {"echo": {"kernel": (7001, 0, ""), "epoll": (7002, 0, "")},
            "router": {"kernel": (7003, BACKEND, "ROUTE bench"), "epoll": (7004, BACKEND, "ROUTE bench"),
                       "haproxy": (7005, BACKEND, "")}}


def measured(kind, size, lanes, seconds, port, backend, hello):
    words = ["taskset", "-c", CPU, BUILD / "bench/load", kind, size, lanes, seconds, port, backend]
    done = subprocess.run([str(w) for w in words] + ([hello] if hello else []), capture_output=True, text=True,
                          start_new_session=True)
    if done.returncode != 0:
        fail(f"{' '.join(map(str, words))}: {done.stderr}")
    got = json.loads(done.stdout)
    time.sleep(0.05)  # until its connections are gone
    return {"rate": (got["trips"] if kind == "trips" else got["bytes"]) / got["seconds"],
            "per_gib": got["busy"] / got["bytes"] * 2**30 if got["bytes"] else 0}


def rounds(where, count, seconds):
    found = {}
    for number in range(count):
        for subject, workloads in WORKLOADS.items():
            names = list(where[subject])
            for name, kind, size, lanes in workloads:
                turn = names[number % len(names):] + names[:number % len(names)]
                for contender in turn:
                    if sys.stderr.isatty():
                        print(f"\r\033[Kround {number + 1} of {count}: {subject}, {name}, {contender}", end="\r",
                              file=sys.stderr)
                    got = measured(kind, size, lanes, seconds, *where[subject][contender])
                    found.setdefault((subject, name), {}).setdefault(contender, []).append(got)
    return found


def findings(found):
    result = []
    for (subject, name), by in found.items():
        kind = next(k for n, k, _, _ in WORKLOADS[subject] if n == name)
        entry = {"subject": subject, "workload": name, "kind": kind, "contenders": {}, "ratios": {}}
        for contender, all_of in by.items():
            entry["contenders"][contender] = {key: statistics.median(g[key] for g in all_of) for key in all_of[0]}
            if contender != "kernel":
                each = [mine["rate"] / theirs["rate"] for mine, theirs in zip(by["kernel"], all_of)]
                entry["ratios"][contender] = {"median": statistics.median(each), "least": min(each), "most": max(each),
                                              "target": TARGETS.get((subject, kind, contender))}
        result.append(entry)
    return result


def machine():
    name = platform.machine()
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            name = line.split(": ")[1]
            break
    return f"{name}, Linux {platform.release().split('-')[0]}"


def rate(entry, contender):
    got = entry["contenders"].get(contender)
    if not got:
        return ""
    return f"{got['rate'] / 1000:.1f} k/s" if entry["kind"] == "trips" else f"{got['rate'] / 2**20:.0f} MiB/s"


def table(all_of):
    head = ["", "workload", "kernel", "epoll", "haproxy", "/ epoll", "/ haproxy", "CPU s per GiB: kernel, epoll, haproxy"]
    rows = []
    for e in all_of:
        ratios = []
        for other in ("epoll", "haproxy"):
            r = e["ratios"].get(other)
            ratios.append("" if not r else f"**{r['median']:.2f}**" + (f" (≥ {r['target']})" if r["target"] else ""))
        costs = ", ".join(f"{c['per_gib']:.2f}" for c in e["contenders"].values()) if e["kind"] != "trips" else ""
        rows.append([e["subject"], e["workload"], rate(e, "kernel"), rate(e, "epoll"), rate(e, "haproxy"), *ratios, costs])
    return "\n".join("| " + " | ".join(r) + " |" for r in [head, ["---"] * len(head)] + rows)


def plot(all_of):
    """Bars: kernel mode as a multiple of each of the others."""
    bars = [(e, other, r) for e in all_of for other, r in e["ratios"].items()]
    left, wide, row, most = 330, 330, 22, max(2.0, max(r["most"] for _, _, r in bars) * 1.05)
    height = 40 + row * len(bars)
    colours = {"epoll": "#2f6bc4", "haproxy": "#c45f1c"}
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + wide + 60} {height}" role="img" '
           'font-family="sans-serif" font-size="12">', "<title>Streams in the kernel as multiples of user space</title>",
           "<style>text{fill:#6e7681}.unit{stroke:#6e7681;stroke-dasharray:3 3}.limit{stroke:#222;stroke-width:2}"
           ".spread{stroke:#6e7681}</style>"]
    at = lambda value: left + wide * value / most
    out.append(f'<line class="unit" x1="{at(1):.1f}" x2="{at(1):.1f}" y1="20" y2="{height - 8}"/>'
               f'<text x="{at(1):.1f}" y="14" text-anchor="middle">1</text>')
    for i, (e, other, r) in enumerate(bars):
        y = 26 + row * i
        out.append(f'<text x="{left - 8}" y="{y + 11}" text-anchor="end">{e["subject"]}, {e["workload"]} / {other}</text>'
                   f'<rect x="{left}" y="{y}" width="{wide * r["median"] / most:.1f}" height="14" fill="{colours[other]}"/>'
                   f'<line class="spread" x1="{at(r["least"]):.1f}" x2="{at(r["most"]):.1f}" y1="{y + 7}" y2="{y + 7}"/>'
                   f'<text x="{left + wide + 8}" y="{y + 11}">{r["median"]:.2f}</text>')
        if r["target"]:
            out.append(f'<line class="limit" x1="{at(r["target"]):.1f}" x2="{at(r["target"]):.1f}" y1="{y - 2}" '
                       f'y2="{y + 16}"/>')
    return "\n".join(out + ["</svg>"]) + "\n"


def write_docs(all_of, options):
    page = SOURCE / "docs/performance.md"
    text = page.read_text()
    begin, end = "<!-- streams: begin -->", "<!-- streams: end -->"
    if begin not in text:
        sys.exit(f"bench/streams: {page} has no line {begin}")
    body = f"""{begin}

![Streams in the kernel as multiples of user space](streams.svg)

Medians of {options.rounds} rounds of {options.seconds:g} s each, {machine()}; haproxy {haproxy_version()}.

{table(all_of)}

{end}"""
    page.write_text(re.sub(re.escape(begin) + ".*?" + re.escape(end), lambda _: body, text, flags=re.S))
    (SOURCE / "docs/streams.svg").write_text(plot(all_of))


def haproxy_version():
    said = subprocess.run(["haproxy", "-v"], capture_output=True, text=True).stdout
    found = re.search(r"version ([0-9.]+)", said)
    return found[1] if found else "of an unknown version"


def main():
    global CPU
    parser = argparse.ArgumentParser(prog="bpf-tests/bench/streams/run", description=__doc__)
    parser.add_argument("--seconds", type=float, default=1, metavar="N", help="of each measurement (default 1)")
    parser.add_argument("--rounds", type=int, default=9, metavar="N", help="how often all is measured (default 9)")
    parser.add_argument("--cpu", type=int, metavar="N", help="the CPU (default: the last one)")
    parser.add_argument("--budget", type=int, metavar="KIB", help="of the programs, instead of their own default")
    parser.add_argument("--json", metavar="FILE", help="also write the findings, with each round's figures, as JSON")
    parser.add_argument("--docs", action="store_true", help="also rewrite docs/performance.md and docs/streams.svg")
    parser.add_argument("--check", action="store_true", help="exit 1 if a target is missed")
    options = parser.parse_args()
    CPU = str(options.cpu if options.cpu is not None else max(os.sched_getaffinity(0)))
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    found = rounds(servers(options.budget), options.rounds, options.seconds)
    all_of = findings(found)
    print(table(all_of))
    missed = [f"{e['subject']}, {e['workload']}: {r['median']:.2f} of {other}, not {r['target']}"
              for e in all_of for other, r in e["ratios"].items() if r["target"] and r["median"] < r["target"]]
    for each in missed:
        print("below its target: " + each)
    if options.json:
        raw = {f"{s}: {n}": by for (s, n), by in found.items()}
        pathlib.Path(options.json).write_text(json.dumps({"machine": machine(), "findings": all_of, "rounds": raw}, indent=1))
    if options.docs:
        write_docs(all_of, options)
    return 1 if options.check and missed else 0


CPU = "0"
try:
    status = main()
finally:
    for each in children:
        each.send_signal(signal.SIGKILL)
        each.wait()
    shutil.rmtree(SCRATCH, ignore_errors=True)
sys.exit(status)
