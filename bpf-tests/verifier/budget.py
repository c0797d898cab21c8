#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""What every program of the tests and of the examples costs the verifier, and that it does not cost more unnoticed.

  budget.py          loads the programs of the build folder, prints what each costs, compares with figures/
  budget.py --docs   writes what this kernel says to figures/, and docs/verifier.md from all that is there

figures/ has a file for each kernel; bpf-tests/vm/run --docs writes those of virtual machines. Compared are instructions,
stack and verifier instructions, and only with figures of the same series of the kernel (6.18), since verifiers differ:
none may have grown by more than a tenth, and by more than a few. The stack of an example is at most 256 bytes on any
kernel. Programs of the examples have to be in the table of the kernel at hand; other new ones are named. Exits with 1 if a figure has
grown, with 77, if not in CI, if nothing can be loaded here."""
import argparse
import dataclasses
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(os.environ.get("BPFXX_SOURCE_DIR") or pathlib.Path(__file__).resolve().parent.parent.parent)
BUILD = pathlib.Path(os.environ.get("BPFXX_BUILD_DIR") or ROOT / "build")
FIGURES = pathlib.Path(__file__).resolve().parent / "figures"
DOCUMENT = ROOT / "docs/verifier.md"
MOST_STACK = 256  # bytes, of an example
MOST_GROWTH = 0.10
# Growth that means nothing: a spill, a register that is set again.
FEW = {"instructions": 4, "stack": 16, "verified": 8}
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


@dataclasses.dataclass(frozen=True)
class Figures:
    instructions: int
    stack: int
    verified: int
    states: int
    milliseconds: float

    @staticmethod
    def read(words):
        return Figures(*(int(word) for word in words[:4]), float(words[4]))

    def __str__(self):
        return f"{self.instructions}\t{self.stack}\t{self.verified}\t{self.states}\t{self.milliseconds:.2f}"


class Kernel:
    """What one kernel says: by the object and program, and by the compiler."""

    def __init__(self, name, release):
        self.name, self.release, self.programs = name, release, {}

    @property
    def series(self):
        return ".".join(re.findall(r"\d+", self.release)[:2])

    def add(self, path, program, figures):
        """PATH is …/clang-19/core/chain.bpf.o."""
        found = re.search(r"([^/]+)/((?:core|net|kernel|user|examples)/.*)\.bpf\.o$", path)
        if found:
            self.programs.setdefault((found[2], program), {})[found[1]] = figures

    @property
    def compilers(self):
        return sorted({compiler for figures in self.programs.values() for compiler in figures})

    def write(self):
        lines = [f"# Linux {self.release}", "# object\tprogram\tcompiler\tinstructions\tstack\tverified\tstates\tms"]
        lines += [f"{object_}\t{program}\t{compiler}\t{figures}"
                  for (object_, program), all_ in sorted(self.programs.items())
                  for compiler, figures in sorted(all_.items())]
        FIGURES.mkdir(exist_ok=True)
        (FIGURES / f"{self.name}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")

    @staticmethod
    def read(path):
        lines = path.read_text(encoding="utf-8").splitlines()
        kernel = Kernel(path.stem, lines[0].removeprefix("# Linux "))
        for line in lines[2:]:
            object_, program, compiler, *figures = line.split("\t")
            kernel.programs.setdefault((object_, program), {})[compiler] = Figures.read(figures)
        return kernel

    @staticmethod
    def of_output(name, release, lines):
        """What bpf-tests/verifier/objects has printed."""
        kernel = Kernel(name, release)
        for line in lines:
            fields = line.split("\t")
            if fields[0] == "program" and fields[4] == "loaded":
                kernel.add(fields[1], fields[2], Figures.read(fields[7].split()))
        return kernel


def committed():
    """By name, the newest kernel last."""
    kernels = [Kernel.read(path) for path in FIGURES.glob("*.tsv")]
    return {k.name: k for k in sorted(kernels, key=lambda k: (k.name.split("-")[-1],
                                                              [int(n) for n in re.findall(r"\d+", k.release)[:3]]))}


def is_example(object_):
    return object_.startswith("examples/") and (ROOT / object_.replace("/", f"/{object_.split('/')[1]}/", 1)
                                                ).with_suffix(".bpf.cpp").exists()


def compare(kernel):
    """Faults, and notes: what has been compared with what."""
    faults, notes = [], []
    for (object_, program), figures in sorted(kernel.programs.items()):
        for compiler, is_ in sorted(figures.items()):
            if is_example(object_) and is_.stack > MOST_STACK:
                faults.append(f"{object_}, {program}, {compiler}: its stack is {is_.stack} bytes, and at most "
                              f"{MOST_STACK} are allowed to an example")
    table = committed().get(kernel.name)
    if table is None or table.series != kernel.series:
        what = f"those of Linux {table.release}" if table else "no figures of this kernel"
        return faults, [f"not compared: Linux {kernel.release}; figures/ has {what}"]
    count, new = 0, []
    for (object_, program), figures in sorted(kernel.programs.items()):
        for compiler, is_ in sorted(figures.items()):
            was = table.programs.get((object_, program), {}).get(compiler)
            if was is None:
                wanted = is_example(object_) and not is_virtual(kernel)
                (faults if wanted else new).append(f"{object_}, {program}, {compiler}: not in the table")
                continue
            count += 1
            for name, few in FEW.items():
                before, now = getattr(was, name), getattr(is_, name)
                if now > before * (1 + MOST_GROWTH) and now > before + few:
                    faults.append(f"{object_}, {program}, {compiler}: {name} were {before}, and are {now}")
    notes += [f"new: {text}" for text in new]
    notes.append(f"{count} programs compared with the figures of Linux {table.release}; {len(faults)} faults")
    return faults, notes


def table_of(kernel):
    yield f"{'object':34} {'program':28} {'compiler':9} insns stack verified states    ms"
    for (object_, program), figures in sorted(kernel.programs.items()):
        for compiler, f in sorted(figures.items()):
            yield (f"{object_:34} {program:28} {compiler:9} {f.instructions:5} {f.stack:5} {f.verified:8} {f.states:6} "
                   f"{f.milliseconds:5.2f}")


INTRODUCTION = """# Verifier

What every program of the examples and of the tests costs the verifier of the kernel, with each of the compilers that the
tests use. `bpf-tests/verifier/run --docs` writes this page with the figures of the kernel that it runs on, and
`bpf-tests/vm/run --docs` with those of the kernels that it boots.

- *instructions* are those that the kernel keeps, *stack* bytes are of all functions of a program together; the kernel
  has 512 of them, an example uses at most 256.
- *verified* are the instructions that the verifier has walked through, of a million that it would; *states* is the most
  that it has kept at a time.
- *ms* is the processor's time to load a program: to make its maps, to verify it and to compile it; on the kernels of virtual
  machines it is that of an emulated processor.
- Two figures are those of {compilers}. Where there is none, the kernel has not what the program needs.

A test fails when instructions, stack or verified have grown by more than a tenth against
`bpf-tests/verifier/figures/`, which holds all figures of all kernels, unless these have been written again. It is
{highest} that costs most here: {most} verified instructions.

"""


def pair(figures, compilers, name):
    texts = []
    for compiler in compilers:
        value = getattr(figures[compiler], name) if compiler in figures else None
        texts.append("–" if value is None else f"{value:.2f}" if isinstance(value, float) else str(value))
    if set(texts) == {"–"}:
        return ""
    return texts[0] if len(set(texts)) == 1 else " / ".join(texts)


def rows(heads, lines):
    yield "| " + " | ".join(heads) + " |"
    yield "|---|" + "---:|" * (len(heads) - 1)
    for line in lines:
        yield "| " + " | ".join(line) + " |"
    yield ""


FIELDS = {"instructions": "instructions", "stack": "stack", "verified": "verified", "states": "states",
          "milliseconds": "ms"}


def text_of(kernels, here):
    compilers = here.compilers
    known = sorted({key for kernel in kernels.values() for key in kernel.programs})
    dearest = max(here.programs.items(), key=lambda one: max(f.verified for f in one[1].values()))
    most = max(f.verified for f in dearest[1].values())
    parts = [INTRODUCTION.format(compilers=" and ".join(compilers), most=most,
                                 highest=f"`{dearest[0][1]}` of {dearest[0][0]}")]

    def label(key):
        return f"{key[0].split('/')[-1]}: {key[1]}"

    def section(title, keys, kernel):
        lines = [[label(key), *(pair(kernel.programs[key], compilers, field) for field in FIELDS)]
                 for key in keys if key in kernel.programs]
        if lines:
            parts.append("\n".join([title, "", *rows(["", *FIELDS.values()], lines), ""]))

    examples = [key for key in known if is_example(key[0])]
    tests = [key for key in known if key not in examples]
    parts.append("## Examples\n\nThe programs of [examples/](../examples/README.md).\n\n")
    for kernel in kernels.values():
        section(f"### On {kernel.name} (Linux {kernel.release})", examples, kernel)
    parts.append("## Tests\n\n")
    folders = sorted({key[0].rsplit("/", 1)[0] for key in tests})
    for folder in folders:
        section(f"### bpf-tests/{folder}, on Linux {here.release}",
                [key for key in tests if key[0].rsplit("/", 1)[0] == folder], here)
    others = [kernel for kernel in kernels.values() if kernel.name != here.name]
    if others:
        parts.append("## Verified instructions of the tests, by kernel\n\n")
        for folder in folders:
            lines = [[label(key), *(pair(kernel.programs.get(key, {}), compilers, "verified") for kernel in others)]
                     for key in tests if key[0].rsplit("/", 1)[0] == folder]
            parts.append("\n".join([f"### bpf-tests/{folder}", "", *rows(["", *(k.name for k in others)], lines), ""]))
    return "\n".join(line.rstrip() for line in "".join(parts).splitlines()).rstrip() + "\n"


def document():
    """The page as it has to be."""
    kernels = committed()
    # The page is about the one that tests are run on, and not about those of virtual machines: see matrix.py.
    own = [k for k in kernels.values() if not is_virtual(k)] or list(kernels.values())
    return text_of(kernels, own[-1]) if own else ""


def is_virtual(kernel):
    """Whether it is one of those that bpf-tests/vm boots."""
    sys.path.insert(0, str(ROOT / "bpf-tests/vm"))
    import kernels  # pylint: disable=import-outside-toplevel
    return kernel.name in [one.name for one in kernels.KERNELS]


def here_name():
    name = os.uname()
    series = ".".join(re.findall(r"\d+", name.release)[:2])
    return f"{series}-{ARCHITECTURES.get(name.machine, name.machine)}"


def main():
    parser = argparse.ArgumentParser(prog="bpf-tests/verifier/run", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--docs", action="store_true", help="write figures/ and docs/verifier.md")
    parser.add_argument("--objects", type=pathlib.Path, default=BUILD / "bpf/tests", metavar="FOLDER")
    options = parser.parse_args()
    if os.geteuid() != 0:
        print("MISSING: loading BPF programs: not root" if os.environ.get("CI") == "true"
              else "SKIPPED: loading BPF programs: not root")
        return 1 if os.environ.get("CI") == "true" else 77
    said = subprocess.run([BUILD / "tests/verifier/objects", "--times", "3" if options.docs else "1", options.objects],
                          capture_output=True, text=True, errors="replace", check=False)
    lines = said.stdout.splitlines()
    kernel = Kernel.of_output(here_name(), os.uname().release, lines)
    if not kernel.programs:
        print(said.stdout[-6000:] + said.stderr[-6000:])
        print("FAILED: nothing has been loaded")
        return 1
    if options.docs:
        kernel.write()
        DOCUMENT.write_text(document(), encoding="utf-8")
    else:
        print("\n".join(table_of(kernel)))
    faults, notes = compare(kernel)
    print("\n".join([*notes, lines[-1]]))
    if not DOCUMENT.exists() or DOCUMENT.read_text(encoding="utf-8") != document():
        faults.append("docs/verifier.md is not what figures/ say")
    for fault in faults:
        print(f"FAILED: {fault}")
    if faults:
        print("If that has to be so: bpf-tests/verifier/run --docs, and commit what it writes")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
