#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""mirror.py: every header include/bpfxx/FOLDER/STEM.hpp has its test bpf-tests/FOLDER/STEM.cpp, but for those listed here.
The test of a protocol cuts a packet off at every length, the protocol's checks each meet what is malformed, and a chain
that it does not belong in is among bpf-tests/reject."""
import os
import pathlib
import re
import sys

# What has no test of its own name, and where its tests are.
ELSEWHERE = {
    # Two bodies of what kernel/platform.hpp declares: each test of a program runs on both.
    "kernel/bpf/helper": "kernel/helper",
    "kernel/bpf/netfilter": "kernel/netfilter",
    "kernel/bpf/platform": "kernel/platform",
    "kernel/bpf/relocation": "kernel/co_re",
    "kernel/bpf/stream": "kernel/sk_skb",
    "kernel/host/context": "kernel/platform",
    "kernel/host/netfilter": "kernel/netfilter",
    "kernel/host/platform": "kernel/platform",
    "kernel/host/relocation": "kernel/co_re",
    "kernel/host/geometry": "kernel/resize",
    "kernel/host/unmodelled": "kernel/helper_check",
    # One body of several kinds of maps: asked by the test of each kind.
    "kernel/map/line": "kernel/map/queue",
    "kernel/map/of_maps": "kernel/map/array_of_maps",
    "kernel/map/owned": "kernel/map/sk_storage",
    "kernel/map/slots": "kernel/map/array",
    "kernel/map/sockets": "kernel/map/sockmap",
    "kernel/map/table": "kernel/map/hash",
    "kernel/map/target": "kernel/map/devmap",
    # Steps on the way to a packet that is another one: seen in packets only.
    "core/compose": "kernel/encapsulate",
    "kernel/reframe": "kernel/encapsulate",
    "kernel/frame_start": "kernel/resize",
    # A struct without functions, between a reader and a writer.
    "user/captured_packet": "user/capture_writer",
}


ROOT = pathlib.Path(os.environ.get("BPFXX_SOURCE_DIR", pathlib.Path(__file__).resolve().parents[2]))
HEADERS, TESTS = ROOT / "include/bpfxx", ROOT / "bpf-tests"


def has_test(stem):
    return any((TESTS / f"{stem}{ending}").exists() for ending in (".cpp", ".py", ".sh"))


def of_protocol(stem, header):
    """What is missing where a header of net/ says by which key it is named."""
    if not stem.startswith("net/") or not re.search(r"\bid(?: = |\{)", header):
        return
    test = (TESTS / f"{stem}.cpp").read_text()
    if not re.search(r"sweep\(|size_t length = 0;", test):
        yield "no packet is cut off at every length"
    if "auto valid()" in header and "reason::malformed" not in test:
        yield "nothing is malformed"
    if not any((TESTS / "reject/net").glob(f"{pathlib.Path(stem).name}*.cpp")):
        yield "bpf-tests/reject/net has no chain that it does not belong in"


def faults():
    stems = sorted(str(h.relative_to(HEADERS).with_suffix("")) for h in HEADERS.rglob("*.hpp"))
    if not stems:
        yield "there are no headers"
    for stem in stems:
        if stem in ELSEWHERE:
            if not has_test(ELSEWHERE[stem]):
                yield f"{stem}: {ELSEWHERE[stem]}, which is to test it, is not there"
            if has_test(stem):
                yield f"{stem}: it has a test and need not be listed in {pathlib.Path(__file__).name}"
        elif not (TESTS / f"{stem}.cpp").exists():
            yield f"{stem}: there is no bpf-tests/{stem}.cpp"
        else:
            for what in of_protocol(stem, (HEADERS / f"{stem}.hpp").read_text()):
                yield f"{stem}: {what}"
    for stem in sorted(set(ELSEWHERE) - set(stems)):
        yield f"{stem}: there is no such header, but {pathlib.Path(__file__).name} lists it"
    print(f"{len(stems)} headers, {len(ELSEWHERE)} of them tested by others' tests")


found = list(faults())
print("\n".join(found))
sys.exit(1 if found else 0)
