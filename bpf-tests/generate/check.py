#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""What run says where it can ask no kernel, and that the kernel at hand answers what is written down of the native build,
and nothing else: with one byte of it changed, the program differs."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import census
from runner import Runner

here = pathlib.Path(__file__).resolve().parent
build = pathlib.Path(os.environ.get("BPFXX_BUILD_DIR") or here.parent.parent / "build")
sys.path.append(str(here.parent / "vm"))
from kernels import KERNELS


def expect(holds, what, *details):
    if not holds:
        sys.exit("\n".join(["FAILED: " + what, *map(str, details)]))


def run(*words, **environment):
    said = subprocess.run([here / "run", "--build", build, "--programs", "1", *words], capture_output=True, text=True,
                          env={**os.environ, **environment})
    return said.returncode, said.stdout + said.stderr


def refusals(folder):
    status, said = run("--kernel", "5.10-amd64", "nonsense")
    expect(status == 1 and "no kernel nonsense; there are " in said and all(k.name in said for k in KERNELS),
           "a kernel that is none", status, said)
    nowhere = {"BPFXX_CACHE": str(folder / "cache"), "BPFXX_MIRROR": "file:///nonexistent"}
    for ci, expected, word in (("", 77, "SKIPPED: 5.10-amd64: "), ("true", 1, "MISSING: 5.10-amd64: ")):
        status, said = run("--kernel", "5.10-amd64", **nowhere, CI=ci)
        expect(status == expected and word in said, f"a kernel that cannot be had, CI={ci}", status, said)


class Options:
    build, packets = build, 8


def asked(driver, folder, answers):
    (folder / "asked").write_text("".join(json.dumps(line) + "\n" for line in answers))
    said = subprocess.run([driver, "--ask", folder / "asked", folder / "batch.bpf.o"], capture_output=True, text=True)
    expect(said.returncode == 0, "the driver", said.returncode, said.stderr)
    return {line["program"]: line for line in map(json.loads, said.stdout.splitlines())}


def changed(digits):
    return ("1" if digits[0] == "0" else "0") + digits[1:]


def answers(folder):
    driver = build / "bin/bpfxx-generate-driver"
    # All of them end with the same map, and see what the kernel shows them of a packet.
    made = [p for p in (census.program("check", n) for n in range(50))
            if p.kind in ("xdp", "tc") and not p.calls_kernel_functions][:4]
    batches, failures = Runner(Options, driver, ("clang++-14", "-O2", "v3")).answers(made, folder)
    expect(len(batches) == 1 and not failures, "four programs", failures)
    lines = [json.loads(line) for line in batches[0].answers.read_text().splitlines()]
    expect(len(lines) == 4 and all(line["questions"] and line["maps"] for line in lines), "answers", lines)
    said = asked(driver, batches[0].folder, lines)
    expect(all(said[p.name]["result"] == "ok" and said[p.name]["packets"] > 0 for p in made), "the same answers", said)
    lines[0]["questions"][-1][1] += 1
    lines[1]["questions"][0][2] = changed(lines[1]["questions"][0][2])
    own = lines[2]["program"] + "_o"
    lines[2]["maps"][own][0] = lines[2]["maps"][own][0][:-1] + changed(lines[2]["maps"][own][0][-1])
    lines[3]["big"] = not lines[3]["big"]
    said = asked(driver, batches[0].folder, lines)
    expect(all(said[line["program"]]["result"] == "differs" for line in lines), "answers of others", said)
    expect("packet" in said[lines[0]["program"]] and "packet" in said[lines[1]["program"]] and
           said[lines[2]["program"]]["map"] == own and "map" in said[lines[3]["program"]], "what differs", said)


with tempfile.TemporaryDirectory() as name:
    refusals(pathlib.Path(name))
    if os.geteuid() != 0:
        print("SKIPPED: not root: no program is loaded")
        sys.exit(1 if os.environ.get("CI") == "true" else 77)
    answers(pathlib.Path(name))
