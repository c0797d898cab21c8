#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""Generated programs that a kernel has refused, or that answered otherwise than their native build, each built as it was then:
found/*.bpf.cpp, with flags and reason in the second line. They load, and answer the same, now: here, or with --kernel NAME…
in virtual machines."""
import argparse
import concurrent.futures
import importlib
import os
import pathlib
import re
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True
import census
from runner import Runner

here = pathlib.Path(__file__).resolve().parent
build = pathlib.Path(os.environ.get("BPFXX_BUILD_DIR") or here.parent.parent / "build").resolve()
driver = build / "bin" / "bpfxx-generate-driver"


class Options:
    build = build


class Found:
    """One of them, by another name than the others, as runners and machines want it."""
    needs = []

    def __init__(self, number, path):
        self.name, self.path = f"f{number}", path
        text = path.read_text()
        flags = re.match(r"// SPDX.*\n// (\S+) -(O\w) -mcpu=(\w+): ", text)
        if not flags:
            sys.exit(f"FAILED: {path}: the second line is to say: // clang++-14 -O2 -mcpu=v3: what was wrong")
        self.compiler, self.optimize, self.cpu = flags.groups()
        if not shutil.which(self.compiler):
            self.compiler = next(c for c in ("clang++-19", "clang++-14", "clang++") if shutil.which(c))
        self.text = re.sub(r"\bfound(?=_|\b)", self.name, text).replace('"../common.hpp"', f'"{here}/common.hpp"')


class AsFound(Runner):
    """Builds it as it was built then."""

    def __init__(self, program, big_endian=False):
        super().__init__(Options, str(driver), (program.compiler, "-" + program.optimize, program.cpu),
                         native=program.compiler, big_endian=big_endian)

    def prepare(self, folder, made, keep):
        packets = [p for number in range(8) for p in census.program("found", number).packets(6)]
        (folder / "packets").write_text("".join(f"{made[0].name} {p.hex()}\n" for p in packets))
        return self.build(folder, made[0].text)


def failures_here(pool, programs):
    """What became of those that fail, by name."""
    failures = {}
    for program, tally in zip(programs, pool.map(lambda p: AsFound(p).run([p]), programs)):
        failures |= tally.failures
        lacking = "".join(f", {why}" for why in tally.skipped)
        if not tally.failures:
            print(f"{program.path.name}: {tally.packets} packets, {tally.heaviest[0]:,} verifier instructions{lacking}", flush=True)
    return failures


def failures_of_machines(pool, programs, names):
    """What became of those that fail, by name and kernel; and which kernels cannot be had."""
    os.environ["BPFXX_BUILD_DIR"] = str(build)
    sys.path.append(str(here.parent / "vm"))
    matrix, machines = importlib.import_module("matrix"), importlib.import_module("machines")
    try:
        kernels, unreachable = machines.prepared(matrix.choose(names), str(driver))
        big = any(k.endian == "big" for k in kernels)
        with tempfile.TemporaryDirectory(prefix="bpfxx-found-") as work:
            batches, failures = [], {}
            for some, failed in pool.map(lambda p: AsFound(p, big).answers([p], work), programs):
                batches += some
                failures |= failed
            for kernel in kernels:
                kernel.tally, kernel.asked = kernel.run(batches), len(batches)
                failures |= {f"{name} on {kernel.name}": failure for name, failure in kernel.tally.failures.items()}
                print(kernel.line(), flush=True)
    except matrix.Broken as broken:
        sys.exit(f"FAILED: {broken}")
    return failures, unreachable


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kernel", nargs="+", metavar="NAME",
                        help="load and run them in virtual machines with these kernels, and not here: names as bpf-tests/vm/run "
                             "--list prints them")
    names = parser.parse_args().kernel
    if os.geteuid() != 0 and not names:
        print("SKIPPED: programs once found: not root")
        return 1 if os.environ.get("CI") == "true" else 77
    programs = [Found(number, path) for number, path in enumerate(sorted((here / "found").glob("*.bpf.cpp")))]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        failures, unreachable = (failures_of_machines(pool, programs, names) if names
                                 else (failures_here(pool, programs), []))
    by_name = {p.name: p.path for p in programs}
    for what, failure in failures.items():
        name, *where = what.split(" ", 1)
        print(f"FAILED: {by_name[name]} {' '.join([*where, failure.kind])}:\n{str(failure.detail)[-3000:]}")
    for why in unreachable:
        print(f"SKIPPED: {why}")
    if failures or not programs:
        return 1
    return (1 if os.environ.get("CI") == "true" else 77) if unreachable else 0


if __name__ == "__main__":
    sys.exit(main())
