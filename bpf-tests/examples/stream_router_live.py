#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""stream_router in front of nginx: backends by Host with curl and wrk, backends by the server's name with TLS, a thousand
requests at once, other rules while a download goes on, and a backend that is killed in mid-stream."""
import ctypes
import os
import pathlib
import re
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

BUILD = pathlib.Path(os.environ.get("BPFXX_BUILD_DIR", "build")).resolve()
PROGRAM = BUILD / "bin/stream_router"
SCRATCH = pathlib.Path(tempfile.mkdtemp())
ROUTER, METRICS = "127.0.0.1:8080", "127.0.0.1:9100"
NAMES = {"one": 8001, "two": 8002, "three": 8003}
BIG = 64 << 20
children = []


def missing(why):
    in_ci = os.environ.get("CI") == "true"
    print(("MISSING: " if in_ci else "SKIPPED: ") + why)
    sys.exit(1 if in_ci else 77)


def fail(why):
    for log in sorted(SCRATCH.glob("*.err")):
        print(f"--- {log.name}\n{log.read_text()[-2000:]}")
    sys.exit("FAILED: " + why)


def check(holds, why):
    if not holds:
        fail(why)


def start(name, *words):
    with open(SCRATCH / (name + ".err"), "a") as err:
        child = subprocess.Popen([str(w) for w in words], stdout=err, stderr=err, stdin=subprocess.DEVNULL)
    children.append(child)
    return child


def until(holds, why, patience=30):
    end = time.monotonic() + patience
    while not holds():
        if time.monotonic() > end:
            fail("this did not come true: " + why)
        time.sleep(0.02)


def listens(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


def nginx(name):
    """One process, with a port for HTTP and one, 1000 higher, for TLS."""
    folder = SCRATCH / name
    port = NAMES[name]
    if not folder.exists():
        (folder / "www").mkdir(parents=True)
        (folder / "www/who").write_text(name + "\n")
        with open(folder / "www/big", "wb") as big:
            for _ in range(BIG >> 20):
                big.write(os.urandom(1 << 20))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                        f"/CN={name}.example.org", "-addext", f"subjectAltName=DNS:{name}.example.org", "-keyout",
                        folder / "key", "-out", folder / "cert"], check=True, capture_output=True)
        (folder / "conf").write_text(f"""
daemon off; master_process off; pid {folder}/pid; error_log stderr error;
events {{ worker_connections 4096; }}
http {{
    access_log off; keepalive_requests 1000000; client_max_body_size 0;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port} backlog=4096; listen 127.0.0.1:{port + 1000} ssl;
        ssl_certificate {folder}/cert; ssl_certificate_key {folder}/key;
        root {folder}/www;
    }}
}}
""")
    child = start("nginx-" + name, "nginx", "-p", folder, "-c", folder / "conf", "-e", "stderr")
    until(lambda: listens(port) and listens(port + 1000) or child.poll() is not None, "nginx listens")
    check(child.poll() is None, "nginx does not start")
    return child


def curl(*words):
    done = subprocess.run(["curl", "-sS", "--max-time", "60", *map(str, words)], capture_output=True)
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode()


def host(name, path="who", *more):
    return curl("-H", f"Host: {name}", f"http://{ROUTER}/{path}", *more)


def sni(name, backend):
    port = ROUTER.split(":")[1]
    return curl("--resolve", f"{name}:{port}:127.0.0.1", "--cacert", SCRATCH / backend / "cert",
                f"https://{name}:{port}/who")


def metric(name, route=None, label=None):
    text = curl(f"http://{METRICS}/metrics")[1]
    check(text.endswith("# EOF\n"), "these are no metrics: " + text[-200:])
    label = f'{{route="{route}"}}' if route else f"{{{label}}}" if label else ""
    found = re.search(rf"^stream_router_{name}{re.escape(label)} (\d+)$", text, re.M)
    check(found, f"there is no {name}{label}")
    return int(found[1])


def rules(router=None, **moved):
    to = {name: NAMES[moved.get(name, name)] for name in NAMES}
    (SCRATCH / "rules").write_text("".join(
        f"host {name}.example.org 127.0.0.1:{port}\nsni {name}.example.org 127.0.0.1:{port + 1000}\n"
        for name, port in to.items()) + "host *.default.example.org 127.0.0.1:8003\n")
    if router:
        reloads = lambda: metric("reloads_total", label='result="ok"')
        before = reloads()
        router.send_signal(signal.SIGHUP)
        until(lambda: reloads() > before, "a reload")


def at_once(how_many):
    """So many connections that all stand before the first of them asks."""
    address, port = ROUTER.split(":")
    sockets = [socket.create_connection((address, int(port)), 30) for _ in range(how_many)]
    names = list(NAMES)
    waiting = selectors.DefaultSelector()
    for i, s in enumerate(sockets):
        name = names[i % 3]
        s.sendall(f"GET /who HTTP/1.1\r\nHost: {name}.example.org\r\nConnection: close\r\n\r\n".encode())
        waiting.register(s, selectors.EVENT_READ, [name, b""])
    right, end = 0, time.monotonic() + 60
    while waiting.get_map() and time.monotonic() < end:
        for key, _ in waiting.select(1):
            part = key.fileobj.recv(65536)
            key.data[1] += part
            if not part:
                right += key.data[1].endswith(b"\r\n\r\n" + key.data[0].encode() + b"\n")
                waiting.unregister(key.fileobj)
                key.fileobj.close()
    return right


def main():
    for tool in ("nginx", "curl", "wrk", "openssl", "ip"):
        if not shutil.which(tool):
            missing(tool + " is not installed")
    if os.geteuid() != 0:
        missing("this needs root")
    if ctypes.CDLL(None, use_errno=True).unshare(0x40000000) != 0:  # a network of our own, gone when we are
        missing("a network namespace cannot be made")
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    backends = {name: nginx(name) for name in NAMES}
    rules()
    router = start("router", PROGRAM, "--rules", SCRATCH / "rules", "--address", "127.0.0.1", "--port", "8080", "--metrics",
                   METRICS)
    until(lambda: "Ctrl-C" in (SCRATCH / "router.err").read_text() or router.poll() is not None, "the router starts")
    if router.poll() is not None:
        fail("the router does not start")

    for name in NAMES:
        check(host(f"{name}.example.org")[1] == name + "\n", f"Host {name}.example.org goes elsewhere")
        check(sni(f"{name}.example.org", name)[1] == name + "\n", f"TLS to {name}.example.org goes elsewhere")
    check(host("x.default.example.org")[1] == "three\n", "a name with * does not fit")
    check(host("four.example.org", "who", "-o", "/dev/null", "-w", "%{http_code}")[1] == "404", "an unknown Host")
    code, _, said = sni("four.example.org", "one")
    check(code == 35 and "unrecognized name" in said, f"an unknown name of TLS: {code} {said}")
    check(metric("refused_total") == 2, "what was refused is not counted")
    print("Host and SNI: right")

    for name in ("one", "two"):
        said = subprocess.run(["wrk", "-t1", "-c64", "-d2s", "-H", f"Host: {name}.example.org", f"http://{ROUTER}/who"],
                              capture_output=True, text=True).stdout
        check("Socket errors" not in said and "Non-2xx" not in said, said)
        check(int(re.search(r"(\d+) requests in", said)[1]) > 100, said)
    check(metric("streams_total", "host one.example.org 127.0.0.1:8001") >= 65, "wrk's streams are not counted")
    print("wrk: no error")
    check(at_once(1000) == 1000, "a thousand requests at once")
    print("1000 requests at once: right")

    big = SCRATCH / "one/www/big"
    code, _, _ = host("one.example.org", "big", "-o", SCRATCH / "got")
    check(code == 0 and (SCRATCH / "got").read_bytes() == big.read_bytes(), "a download is not what it was")
    slow = subprocess.Popen(["curl", "-sS", "--limit-rate", "24M", "--max-time", "60", "-H", "Host: one.example.org",
                             "-o", SCRATCH / "slowly", f"http://{ROUTER}/big"], stderr=subprocess.PIPE, text=True)
    children.append(slow)
    open_streams = lambda: metric("open_streams", "host one.example.org 127.0.0.1:8001")
    until(lambda: open_streams() == 1, "a download begins")
    rules(router, one="two")
    check(host("one.example.org")[1] == "two\n", "the new rules do not hold")
    check(slow.poll() is None, "the download was over too soon to see anything")
    check(slow.wait() == 0 and (SCRATCH / "slowly").read_bytes() == big.read_bytes(), "a reload disturbs a download")
    rules(router)
    print("other rules during a download: right")

    slow = subprocess.Popen(["curl", "-sS", "--limit-rate", "8M", "--max-time", "60", "-H", "Host: one.example.org",
                             "-o", SCRATCH / "broken", f"http://{ROUTER}/big"], stderr=subprocess.PIPE, text=True)
    children.append(slow)
    until(lambda: (SCRATCH / "broken").exists() and (SCRATCH / "broken").stat().st_size > 1 << 20, "a download goes on")
    backends["one"].kill()
    backends["one"].wait()
    check(slow.wait() in (18, 56), f"a killed backend makes curl end with {slow.returncode}")
    got = (SCRATCH / "broken").read_bytes()
    check(big.read_bytes().startswith(got) and len(got) < BIG, "what came of the killed backend is wrong")
    until(lambda: open_streams() == 0, "its stream is gone")
    check(host("one.example.org", "who", "-o", "/dev/null", "-w", "%{http_code}")[1] == "502", "a backend that is down")
    check(sni("one.example.org", "one")[0] == 35, "a backend of TLS that is down")
    check(metric("backend_down_total", "host one.example.org 127.0.0.1:8001") == 1, "a backend that is down is not counted")
    check(host("two.example.org")[1] == "two\n", "the others do not go on")
    nginx("one")
    check(host("one.example.org")[1] == "one\n", "it is not found again")
    print("a backend that is killed: right")

    router.send_signal(signal.SIGTERM)
    check(router.wait(30) == 0, f"the router ends with {router.returncode}")


try:
    main()
finally:
    for each in children:
        if each.poll() is None:
            each.kill()
            each.wait()
    shutil.rmtree(SCRATCH, ignore_errors=True)
