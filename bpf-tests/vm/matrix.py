#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""Boots kernels in virtual machines. In each, every program of the tests and of the examples is loaded, as every compiler
has made it; what the tests ask their programs here, natively and in this kernel, is asked there again and has to be
answered the same; and the tests themselves are run, built for that architecture.

  run                                  all that on all kernels
  run --kernel 6.1-s390x 5.10-amd64    on these; a series such as 6.1, or an architecture, stands for all of it
  run --objects                        without the tests, which take long to build for three architectures
  run --only '^net/'                   only tests whose names match
  run --docs                           also writes docs/kernels.md and, with figures of all kernels, docs/verifier.md

A test or a program that needs what a kernel cannot have is a skip with a name; whether it cannot is told by the kernel's
version, so what a kernel should have and has not is a failure. So is a program that costs the verifier more than
bpf-tests/verifier/figures allow. What kernels said is kept: --docs needs all of them, of one run or of several with the
same objects; with --check docs/kernels.md has to be what would be written. Downloads are kept in ~/.cache/bpfxx or in
BPFXX_CACHE. Exits with 1 if anything failed; with 77, if not in CI, when a tool or a kernel cannot be had here."""
import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(1, str(pathlib.Path(__file__).resolve().parent.parent / "verifier"))
import budget
import document
from archive import Archive, Unreachable, cache_folder
from kernels import ARCHITECTURES, KERNELS
from machine import Job, Machine

ROOT = pathlib.Path(os.environ.get("BPFXX_SOURCE_DIR") or pathlib.Path(__file__).resolve().parent.parent.parent)
BUILD = pathlib.Path(os.environ.get("BPFXX_BUILD_DIR") or ROOT / "build")
LOGS = BUILD / "vm/log"
KEPT = BUILD / "vm/kept"
RECORDED = BUILD / "tests/recorded"
MODULES = "veth dummy 8021q tun sch_ingress cls_bpf act_bpf sch_fq sch_netem nf_conntrack ip6_tunnel".split()
# What is linked, and what runs beside the tests.
PACKAGES = """libstdc++6 libbpf-dev libpcap-dev libfmt-dev libcli11-dev nlohmann-json3-dev libtomlplusplus-dev catch2
busybox-static iproute2 bpftool""".split()
TOOLS = ["usr/sbin/bpftool", "sbin/ip", "usr/bin/ip", "sbin/tc", "usr/sbin/tc"]
IN_CI = os.environ.get("CI") == "true"
NOT_DATA = {".cpp", ".hpp", ".h", ".c", ".md", ".py", ".sh", ".cmake", ".svg", ".in"}


class Problem(Exception):
    """Why nothing can be said about a kernel, in words for the reader."""


class Broken(Exception):
    """The build fails: no fault of the machine's."""


def succeed(what, command):
    result = subprocess.run([str(word) for word in command], capture_output=True, encoding="utf-8", errors="replace",
                            check=False)
    if result.returncode != 0:
        raise Broken(f"{what}:\n{result.stdout[-6000:]}{result.stderr[-6000:]}")
    return result.stdout


def native_architecture():
    machine = os.uname().machine
    return next((a for a in ARCHITECTURES.values() if a.machine == machine), None)


def codename():
    """Of the Debian that compiles: what runs in the machines is linked with the same libraries."""
    for line in pathlib.Path("/etc/os-release").read_text(encoding="utf-8").splitlines():
        if line.startswith("VERSION_CODENAME="):
            return line.split("=")[1].strip('"')
    return "bookworm"


def objects_of(architecture):
    """The tree that has its BPF programs, which are the same for every machine of a byte order."""
    return BUILD if architecture.endian == sys.byteorder else BUILD / "vm" / architecture.name


def state_of(architecture):
    """Of its programs: what is kept of a kernel is of these, or of no use."""
    told, tree = hashlib.sha256(), objects_of(architecture)
    for path in sorted((tree / "bpf/tests").rglob("*.bpf.o")):
        told.update(str(path.relative_to(tree)).encode() + path.read_bytes())
    return told.hexdigest()


class Target:
    """What is built for one architecture."""

    def __init__(self, architecture):
        self.architecture = architecture
        self.native = architecture == native_architecture()
        self.tree = BUILD / "vm" / architecture.name
        archive = Archive(codename(), architecture.name)
        cache = cache_folder()
        if self.native:
            self.root = pathlib.Path("/")
            self.busybox = archive.unpack(cache / "busybox" / architecture.name, ["busybox-static"]) / "bin/busybox"
        else:
            self.root = archive.unpack(cache / "root" / architecture.name, PACKAGES, closure=True)
            self.busybox = self.root / "bin/busybox"
        if not self.busybox.exists():
            self.busybox = self.busybox.parent.parent / "usr/bin/busybox"
        self.objects = objects_of(architecture)

    def configure(self):
        options = ["-DBPFXX_EXAMPLES=OFF", "-DBPFXX_TESTS=ON", "-DBPFXX_SANITIZE=OFF", "-DBPFXX_INSTALL=OFF",
                   "-DBPFXX_TEST_PRECOMPILED=ON",
                   "-DCMAKE_BUILD_TYPE=None", "-DCMAKE_CXX_FLAGS=-O1", "-DCMAKE_EXE_LINKER_FLAGS=-s"]
        if not self.native:
            if not shutil.which(f"{self.architecture.triplet}-g++"):
                raise Problem(f"no compiler: apt install g++-{self.architecture.triplet}")
            options += ["--toolchain", pathlib.Path(__file__).parent / "toolchain.cmake",
                        f"-DBPFXX_VM_TRIPLET={self.architecture.triplet}", f"-DBPFXX_VM_ROOT={self.root}"]
        if self.objects != self.tree:
            options.append(f"-DBPFXX_TEST_OBJECTS_FROM={self.objects}")
        if not (self.tree / "CMakeCache.txt").exists() and shutil.which("ninja"):
            options += ["-G", "Ninja"]
        succeed(f"configuring {self.tree}", ["cmake", "-S", ROOT, "-B", self.tree, *options])

    def build_tests(self, tests):
        """The tests that are asked for, by the names of their targets, and what loads objects."""
        goals = ["verifier_objects", "vm_replay"] + ["test_" + re.sub(r"\W", "_", name) for name, _ in tests]
        if self.objects == self.tree:
            goals.append("test_objects")
        self.build(goals)

    def build(self, goals):
        succeed(f"building {self.tree}", ["cmake", "--build", self.tree, "--parallel", os.cpu_count() or 1,
                                          "--target", *goals])

    def tests(self, only):
        """Names and programs. Of the other byte order there are no skeletons, since bpftool opens only objects of its own;
        what their objects answer is asked by replay all the same."""
        lines = (self.tree / "tests/programs").read_text(encoding="utf-8").splitlines()
        all_ = [tuple(line.split(" ", 1)) for line in lines if re.search(only, line.split()[0])]
        if self.architecture.endian == sys.byteorder:
            return all_
        without = [name for name, _ in all_ if name.startswith("examples/") or
                   "skel.h" in (ROOT / f"bpf-tests/{name}.cpp").read_text(encoding="utf-8")]
        if without:
            print(f"SKIPPED: skeletons of another byte order cannot be written here: {', '.join(without)}: "
                  f"{self.architecture.name}", flush=True)
        return [one for one in all_ if one[0] not in without]

    def libraries(self, programs):
        """Where the shared libraries of these programs lie, and where they expect them."""
        triplet = self.architecture.triplet
        folders = [f"usr/local/lib/{triplet}", f"lib/{triplet}", f"usr/lib/{triplet}", "usr/local/lib", "lib",
                   "usr/lib", "lib64", "usr/lib64"]
        found, waiting = {}, list(programs)
        while waiting:
            told = subprocess.run(["readelf", "-l", "-d", *waiting], capture_output=True, text=True, check=False,
                                  env={**os.environ, "LC_ALL": "C"}).stdout
            waiting = []
            for loader in set(re.findall(r"program interpreter: (\S+)]", told)):
                found.setdefault(loader, (self.root / loader.lstrip("/")).resolve())
            for name in set(re.findall(r"\(NEEDED\).*\[(\S+)]", told)):
                if f"/lib/{name}" in found:
                    continue
                path = next(filter(pathlib.Path.exists, (self.root / folder / name for folder in folders)), None)
                if path is None:
                    raise Problem(f"{name} for {self.architecture.name} is not installed")
                found[f"/lib/{name}"] = path
                waiting.append(path)
        return found


def target_of(architecture):
    if not shutil.which(architecture.qemu):
        raise Problem(f"{architecture.qemu} is not installed: apt install {architecture.package}")
    return Target(architecture)


def files_of(kernel):
    """The kernel and its modules, unpacked."""
    archive = Archive(kernel.suite, kernel.architecture.name)
    return archive.unpack(cache_folder() / "kernel" / kernel.name, archive.kernel(kernel.package))


def record(jobs):
    """What the tests of this machine ask: those are run that have not been since they were built. What a test has left that
    is not there any more, or that no longer asks, goes."""
    waiting, known = [], set()
    for line in (BUILD / "tests/programs").read_text(encoding="utf-8").splitlines():
        name, program = line.split(" ", 1)
        source, recorded = ROOT / f"bpf-tests/{name}.cpp", RECORDED / f"{name}.packets"
        if not source.exists() or not pathlib.Path(program).exists():
            continue
        known.add(recorded)
        text = source.read_text(encoding="utf-8")
        asks = "support/both.hpp" in text and re.search(r"\bboth\b(?!\.hpp)", text)
        made = recorded.stat().st_mtime if recorded.exists() else 0 if asks else None
        if made is not None and made < pathlib.Path(program).stat().st_mtime:
            recorded.unlink(missing_ok=True)
            waiting.append((name, program))
    for left in set(RECORDED.rglob("*.packets")) - known:
        left.unlink()
    if waiting:
        print(f"== recording what {len(waiting)} tests ask", flush=True)

    def run(name, program):
        said = subprocess.run([program], capture_output=True, encoding="utf-8", errors="replace", check=False,
                              env={**os.environ, "BPFXX_RECORD": str(RECORDED)})
        if said.returncode != 0:
            raise Broken(f"{name} fails here:\n{said.stdout[-6000:]}{said.stderr[-6000:]}")

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for future in [pool.submit(run, *one) for one in waiting]:
            future.result()
    if not list(RECORDED.rglob("*.packets")):
        raise Broken(f"no test has been built in {BUILD}: bpf-tests/run does it")


def inside(root, name):
    """The file, where a link to /bin/ip means the one below root."""
    path = root / name
    while path.is_symlink():
        path = root / (path.parent.relative_to(root) / os.readlink(path)).as_posix().lstrip("/")
    return path


class Outcome:
    """What one kernel said."""

    def __init__(self, kernel):
        self.kernel = kernel
        self.release, self.problem, self.seconds = "", "", 0.0
        self.programs = []  # of (object, program, type, verdict, why, features, figures)
        self.figures = None
        self.tests, self.faults, self.notes = {}, {}, []

    def count(self, verdict):
        return sum(program[3] == verdict for program in self.programs)

    @property
    def failed(self):
        return bool(self.problem or self.faults)

    def keep(self, state):
        if self.programs and not self.failed:
            KEPT.mkdir(parents=True, exist_ok=True)
            (KEPT / f"{self.kernel.name}.json").write_text(
                json.dumps({"state": state, "release": self.release, "programs": self.programs}), encoding="utf-8")

    @staticmethod
    def kept(kernel, state):
        """What it said earlier of the same programs, or nothing."""
        path = KEPT / f"{kernel.name}.json"
        said = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        if said.get("state") != state:
            return None
        outcome = Outcome(kernel)
        outcome.release, outcome.programs = said["release"], [tuple(program) for program in said["programs"]]
        return outcome


def skips(output):
    return [match[1].strip() for line in output if (match := re.match(r"\s*SKIPPED: (.*)", line))]


class Matrix:
    def __init__(self, options):
        self.options = options
        self.lock = threading.Lock()

    def say(self, text):
        with self.lock:
            print(text, flush=True)

    def run(self, kernel, target, tests):
        outcome, begin = Outcome(kernel), time.monotonic()
        root = files_of(kernel)
        loader = target.tree / "tests/verifier/objects"
        replay, objects = target.tree / "tests/vm/replay", target.objects / "bpf/tests"
        jobs = [] if self.options.only else [Job("objects", f"{loader} {objects}", 1200),
                                             Job("packets", f"{replay} {objects} {RECORDED}", 1200)]
        jobs += [Job(name, command) for name, command in tests]

        def fill(files):
            programs = [pathlib.Path(command) for _, command in tests] + [loader, replay]
            for tool in TOOLS:
                if (found := inside(target.root, tool)).exists():
                    files.copy(found, tool)
                    programs.append(found)
            for path in programs[:len(tests) + 2]:
                files.copy(path)
            for path in sorted(RECORDED.rglob("*.packets")):
                files.copy(path)
            for path, source in target.libraries(programs).items():
                files.copy(source, path)
            for path in sorted((target.objects / "bpf/tests").rglob("*.bpf.o")):
                files.copy(path)
            for folder in ("examples", "bpf-tests"):
                for path in sorted((ROOT / folder).rglob("*")):
                    if path.is_file() and path.suffix not in NOT_DATA and path.name != "CMakeLists.txt":
                        files.copy(path)

        def finished(job):
            if job.status not in (0, 77):
                self.say(f"{kernel.name}: {job.name} FAILED")

        machine = Machine(kernel, root, target.busybox)
        machine.boot(jobs, fill, MODULES, {"CI": "true", "BPFXX_SOURCE_DIR": str(ROOT), "BPFXX_VM_KERNEL": kernel.name},
                     finished)
        outcome.release, outcome.problem = machine.release, machine.problem
        if not outcome.problem and not kernel.is_of_series(machine.release):
            outcome.problem = f"this is Linux {machine.release}"
        if outcome.problem:
            outcome.faults["the machine"] = machine.said[-40:]
        self.judge(outcome, jobs, self.options.docs)
        outcome.seconds = time.monotonic() - begin
        self.keep(outcome, jobs, machine)
        outcome.keep(state_of(kernel.architecture))
        self.say(f"{kernel.name}: {document.sentence(outcome)}")
        return outcome

    @staticmethod
    def judge(outcome, jobs, docs):
        for job in jobs:
            if job.name == "objects":
                outcome.programs = [tuple(line.split("\t")[1:]) for line in job.output if line.startswith("program\t")]
                facts = next((line.split()[1:] for line in job.output if line.startswith("kernel ")), [])
                expected = [word for word, there in (("jit", outcome.kernel.jit), ("btf", outcome.kernel.btf)) if there]
                if job.status is not None and facts != expected:
                    outcome.faults["what the kernel has"] = [f"{facts}, and not {expected}"]
                figures = budget.Kernel.of_output(outcome.kernel.name, outcome.release, job.output)
                faults, outcome.notes = budget.compare(figures)
                if faults and not docs:
                    outcome.faults["verifier budget"] = faults
            else:
                outcome.tests[job.name] = (job.status, skips(job.output), job.took)
            if job.status is None:
                outcome.faults[job.name] = ["it has not been run to its end", *job.output[-40:]]
            elif job.status not in (0, 77):
                outcome.faults[job.name] = [line for line in job.output
                                            if not re.match("program\t.*\t(loaded|lacking)\t", line)]

    @staticmethod
    def keep(outcome, jobs, machine):
        LOGS.mkdir(parents=True, exist_ok=True)
        with open(LOGS / f"{outcome.kernel.name}.log", "w", encoding="utf-8") as log:
            log.write("\n".join([f"Linux {outcome.release}", *machine.said, ""]))
            for job in jobs:
                log.write(f"\n=== {job.name}: {job.status}, {job.took:.1f} s\n" + "\n".join(job.output) + "\n")


def choose(names):
    if not names:
        return KERNELS
    chosen = []
    for name in names:
        fitting = [k for k in KERNELS if name in (k.name, k.series, k.architecture.name)]
        if not fitting:
            raise SystemExit(f"no kernel {name}; there are {', '.join(k.name for k in KERNELS)}")
        chosen += fitting
    return [k for k in KERNELS if k in chosen]


def documents(options, outcomes):
    """Writes or checks what is said about all kernels; whether that failed."""
    by_name = {outcome.kernel.name: outcome for outcome in outcomes}
    for kernel in KERNELS:
        if kernel.name not in by_name:
            by_name[kernel.name] = Outcome.kept(kernel, state_of(kernel.architecture))
    every = [by_name.get(kernel.name) for kernel in KERNELS]
    if options.docs:
        for outcome in filter(None, every):
            budget.Kernel.of_output(outcome.kernel.name, outcome.release,
                                    ["\t".join(["program", *program]) for program in outcome.programs]).write()
        budget.DOCUMENT.write_text(budget.document(), encoding="utf-8")
    path = ROOT / "docs/kernels.md"
    if None in every:
        lacking = [kernel.name for kernel, outcome in zip(KERNELS, every) if outcome is None]
        if options.docs or options.check:
            print(f"docs/kernels.md needs {', '.join(lacking)} too")
        return options.check
    if options.docs:
        path.write_text(document.text_of(every), encoding="utf-8")
    elif not path.exists() or path.read_text(encoding="utf-8") != document.text_of(every):
        print(f"{'FAILED: ' if options.check else ''}docs/kernels.md is not up to date: bpf-tests/vm/run --docs")
        return options.check
    return False


def main():
    parser = argparse.ArgumentParser(prog="bpf-tests/vm/run", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kernel", nargs="+", default=[], metavar="NAME", help="default: all of --list")
    parser.add_argument("--list", action="store_true", help="print the kernels' names")
    parser.add_argument("--objects", action="store_true", help="no tests")
    parser.add_argument("--only", default="", metavar="REGEX", help="these tests only")
    parser.add_argument("--jobs", type=int, default=max(1, os.cpu_count() or 1), help="machines at a time")
    parser.add_argument("--docs", action="store_true", help="write docs/kernels.md and docs/verifier.md")
    parser.add_argument("--check", action="store_true", help="docs/kernels.md has to be up to date")
    options = parser.parse_args()
    kernels = choose(options.kernel)
    if options.list:
        print("\n".join(k.name for k in kernels))
        return 0
    matrix, outcomes, unreachable = Matrix(options), [], []
    begin = time.monotonic()
    if not options.only:
        record(os.cpu_count() or 1)
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        running = []
        for architecture in dict.fromkeys(k.architecture for k in kernels):
            own = [k for k in kernels if k.architecture == architecture]
            try:
                target = target_of(architecture)
                print(f"== building for {architecture.name}", flush=True)
                target.configure()
                tests = [] if options.objects else target.tests(options.only)
                target.build_tests(tests)
            except (Problem, Unreachable) as problem:
                unreachable.append(f"{', '.join(k.name for k in own)}: {problem}")
                continue
            running += [(kernel, pool.submit(matrix.run, kernel, target, tests)) for kernel in own]
        for kernel, future in running:
            try:
                outcomes.append(future.result())
            except (Problem, Unreachable) as problem:
                unreachable.append(f"{kernel.name}: {problem}")
    for outcome in outcomes:
        for name, lines in outcome.faults.items():
            print(f"\n=== {outcome.kernel.name}: {name}: FAILED" + "".join(f"\n{line}" for line in lines[-60:]))
    for reason, tests in document.skipped(outcomes):
        print(f"SKIPPED: {reason}: {tests}")
    print("\n" + document.table(outcomes))
    for text in unreachable:
        print(f"{'MISSING' if IN_CI else 'SKIPPED'}: {text}")
    failed = any(outcome.failed for outcome in outcomes)
    if not failed and not options.only:
        failed = documents(options, outcomes)
    print(f"{len(outcomes)} kernels in {time.monotonic() - begin:.0f} s; logs in {LOGS}")
    return 1 if failed or (unreachable and IN_CI) else 77 if unreachable else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Broken as broken:
        sys.exit(f"FAILED: {broken}")
