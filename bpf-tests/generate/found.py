#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""Generated programs that a kernel has refused, or that answered otherwise than their native build, each built as it was then:
found/*.bpf.cpp, with flags and reason in the second line. They load, and answer the same, now: here, or with --kernel NAME…
in virtual machines."""
import argparse
import concurrent.futures
import importlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import census
from runner import Batch, Runner

here = pathlib.Path(__file__).resolve().parent
build = pathlib.Path(os.environ.get("BPFXX_BUILD_DIR") or here.parent.parent / "build").resolve()
driver = build / "bin" / "bpfxx-generate-driver"


class Options:
    build = build


class Found:
    """What a machine wants to know of a program."""
    name, needs = "found", []


def built(path, folder, big_endian=False):
    """What is wrong with one of them, or nothing: then it is in this folder, with packets."""
    text = path.read_text()
    flags = re.match(r"// SPDX.*\n// (\S+) -(O\w) -mcpu=(\w+): ", text)
    if not flags:
        return "the second line is to say: // clang++-14 -O2 -mcpu=v3: what was wrong"
    compiler, optimize, cpu = flags.groups()
    if not shutil.which(compiler):
        compiler = next(c for c in ("clang++-19", "clang++-14", "clang++") if shutil.which(c))
    runner = Runner(Options, str(driver), (compiler, "-" + optimize, cpu), native=compiler, big_endian=big_endian)
    if failure := runner.build(folder, text.replace('"../common.hpp"', f'"{here}/common.hpp"')):
        return f"{failure.kind}:\n{failure.detail}"
    packets = [p for number in range(8) for p in census.program("found", number).packets(6)]
    (folder / "packets").write_text("".join(f"found {p.hex()}\n" for p in packets))
    return None


def judged(path, answer, where=""):
    """What is wrong with an answer, or nothing."""
    if answer["result"] not in ("ok", "lacking"):
        return json.dumps(answer, indent=1)[-3000:]
    print(f"{where}{path.name}: {answer['result']}, {answer.get('packets', 0)} packets, "
          f"{answer.get('verified', 0):,} verifier instructions", flush=True)
    return None


def fault(path):
    """What is wrong with one of them in this kernel, or nothing."""
    with tempfile.TemporaryDirectory(prefix="bpfxx-found-") as name:
        folder = pathlib.Path(name)
        if wrong := built(path, folder):
            return wrong
        ran = subprocess.run([driver, "./batch.so", "batch.bpf.o", "packets"], cwd=folder, text=True, capture_output=True)
        answers = [json.loads(line) for line in ran.stdout.splitlines()]
        if ran.returncode != 0 or len(answers) != 1:
            return f"exit status {ran.returncode}\n{ran.stderr[-3000:]}"
        return judged(path, answers[0])


def answered(path, folder, big_endian):
    """What is wrong with one of them natively, or nothing: then its answers are in this folder."""
    if wrong := built(path, folder, big_endian):
        return wrong
    with open(folder / "answers", "w") as out:
        ran = subprocess.run([driver, "--answers", "./batch.so", "batch.bpf.o", "packets"], cwd=folder, text=True, stdout=out,
                             stderr=subprocess.PIPE)
    return f"exit status {ran.returncode}\n{ran.stderr[-3000:]}" if ran.returncode != 0 else None


def faults_of_machines(pool, programs, names):
    """What is wrong, by program and kernel; and what kernels cannot be had."""
    os.environ["BPFXX_BUILD_DIR"] = str(build)
    sys.path.append(str(here.parent / "vm"))
    matrix, machines = importlib.import_module("matrix"), importlib.import_module("machines")
    try:
        chosen = matrix.choose(names)
        kernels, unreachable = machines.prepared(chosen, str(driver))
        with tempfile.TemporaryDirectory(prefix="bpfxx-found-") as work:
            folders = {p: pathlib.Path(tempfile.mkdtemp(dir=work)) for p in programs}
            big = any(k.endian == "big" for k in kernels)
            wrong = list(pool.map(lambda p: answered(p, folders[p], big), programs))
            faults = {str(p): w for p, w in zip(programs, wrong) if w}
            there = [p for p, w in zip(programs, wrong) if not w]
            for kernel in kernels:
                said, booted = kernel.ask([(Batch([Found], folders[p]), "") for p in there])
                for path, (job, by_name) in zip(there, said):
                    answer = by_name.get("found", {"result": "crashes", "said": [booted.problem, *job.output[-40:]]})
                    if what := judged(path, answer, f"{kernel.name}: "):
                        faults[f"{path} on {kernel.name}"] = what
    except matrix.Broken as broken:
        return {"virtual machines": str(broken)}, []
    return faults, unreachable


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kernel", nargs="+", metavar="NAME",
                        help="load and run them in virtual machines with these kernels, and not here: names as bpf-tests/vm/run "
                             "--list prints them")
    names = parser.parse_args().kernel
    if os.geteuid() != 0 and not names:
        print("SKIPPED: programs once found: not root")
        return 1 if os.environ.get("CI") == "true" else 77
    programs, unreachable = sorted((here / "found").glob("*.bpf.cpp")), []
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        if names:
            faults, unreachable = faults_of_machines(pool, programs, names)
        else:
            faults = {str(p): f for p, f in zip(programs, pool.map(fault, programs)) if f}
    for path, what in faults.items():
        print(f"FAILED: {path}: {what}")
    for why in unreachable:
        print(f"SKIPPED: {why}")
    if faults or not programs:
        return 1
    return (1 if os.environ.get("CI") == "true" else 77) if unreachable else 0


if __name__ == "__main__":
    sys.exit(main())
