# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""README.md and docs/ as the checks read them: blocks with their marks, and the prose around them."""
import dataclasses
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(os.environ.get("BPFXX_SOURCE_DIR") or pathlib.Path(__file__).resolve().parent.parent.parent)
BUILD = pathlib.Path(os.environ.get("BPFXX_BUILD_DIR") or ROOT / "build")
CXX = os.environ.get("BPFXX_CXX") or "g++"
INCLUDE = ROOT / "include"
WORK = BUILD / "docs"


class Problem(Exception):
    """What is wrong, where, in words for the reader."""


@dataclasses.dataclass
class Block:
    document: pathlib.Path
    line: int
    language: str
    mark: str
    text: str

    @property
    def where(self):
        return f"{self.document.relative_to(ROOT)}:{self.line}"

    @property
    def id(self):
        return f"{self.document.stem}_{self.line}"


def documents():
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(document):
    found, mark, opened = [], "", None
    for number, line in enumerate(document.read_text().splitlines(), 1):
        if opened:
            if line.strip() == "```":
                found.append(dataclasses.replace(opened, text="\n".join(opened.text) + "\n"))
                opened = None
            else:
                opened.text.append(line)
            continue
        if fence := re.fullmatch(r"```(\w*)\s*", line):
            opened, mark = Block(document, number, fence[1], mark, []), ""
        elif comment := re.fullmatch(r"<!--\s*(.*?)\s*-->", line):
            mark = comment[1]
        elif line.strip():
            mark = ""
    if opened:
        raise Problem(f"{opened.where}: the block does not end")
    return found


def run(command, **options):
    return subprocess.run([str(c) for c in command], capture_output=True, encoding="utf-8", errors="replace",
                          check=False, env={**os.environ, "LC_ALL": "C"}, **options)


def succeed(where, command, **options):
    result = run(command, **options)
    if result.returncode:
        raise Problem(f"{where}: {' '.join(map(str, command))}\n{result.stdout}{result.stderr}")
    return result


def prose(document):
    """The text outside of blocks, line by line."""
    fenced = False
    for number, line in enumerate(document.read_text().splitlines(), 1):
        if line.startswith("```"):
            fenced = not fenced
        elif not fenced:
            yield number, line


def report(problems, summary):
    """The exit status."""
    if problems:
        print(*problems, sep="\n\n")
    print(summary)
    return 1 if problems else 0


def start(main):
    try:
        sys.exit(main(sys.argv[1:]))
    except Problem as fault:
        print(fault)
        sys.exit(1)
