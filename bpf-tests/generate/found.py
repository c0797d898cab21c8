#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""Generated programs that a kernel has refused, or that answered otherwise than their native build, each built as it was then:
found/*.bpf.cpp, with flags and reason in the second line. They load, and answer the same, now."""
import concurrent.futures
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
from runner import Runner

here = pathlib.Path(__file__).resolve().parent
build = pathlib.Path(os.environ.get("BPFXX_BUILD_DIR") or here.parent.parent / "build")


class Options:
    build = build


def fault(path):
    """What is wrong with one of them, or nothing."""
    text = path.read_text()
    flags = re.match(r"// SPDX.*\n// (\S+) -(O\w) -mcpu=(\w+): ", text)
    if not flags:
        return "the second line is to say: // clang++-14 -O2 -mcpu=v3: what was wrong"
    compiler, optimize, cpu = flags.groups()
    if not shutil.which(compiler):
        compiler = next(c for c in ("clang++-19", "clang++-14", "clang++") if shutil.which(c))
    packets = [p for number in range(8) for p in census.program("found", number).packets(6)]
    with tempfile.TemporaryDirectory(prefix="bpfxx-found-") as name:
        folder = pathlib.Path(name)
        driver = build / "bin" / "bpfxx-generate-driver"
        runner = Runner(Options, str(driver), (compiler, "-" + optimize, cpu), native=compiler)
        if failure := runner.build(folder, text.replace('"../common.hpp"', f'"{here}/common.hpp"')):
            return f"{failure.kind}:\n{failure.detail}"
        (folder / "packets").write_text("".join(f"found {p.hex()}\n" for p in packets))
        ran = subprocess.run([driver, "./batch.so", "batch.bpf.o", "packets"], cwd=folder, text=True, capture_output=True)
        answers = [json.loads(line) for line in ran.stdout.splitlines()]
        if ran.returncode != 0 or len(answers) != 1:
            return f"exit status {ran.returncode}\n{ran.stderr[-3000:]}"
        if answers[0]["result"] not in ("ok", "lacking"):
            return json.dumps(answers[0], indent=1)[-3000:]
        print(f"{path.name}: {answers[0]['result']}, {answers[0].get('packets', 0)} packets, "
              f"{answers[0].get('verified', 0):,} verifier instructions", flush=True)
    return None


def main():
    if os.geteuid() != 0:
        print("SKIPPED: programs once found: not root")
        return 1 if os.environ.get("CI") == "true" else 77
    programs = sorted((here / "found").glob("*.bpf.cpp"))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        faults = {p: f for p, f in zip(programs, pool.map(fault, programs)) if f}
    for path, what in faults.items():
        print(f"FAILED: {path}: {what}")
    return 1 if faults or not programs else 0


if __name__ == "__main__":
    sys.exit(main())
