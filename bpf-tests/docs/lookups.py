#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""What README.md and docs/ refer to.

  lookups.py links                  every relative link leads to a file or a heading, every picture shows what there is
  lookups.py names                  every header, name, macro and path in `quotes` exists
  lookups.py write FILE.md FOLDER   the blocks of one file that have names, and its commands as commands.sh"""
import pathlib
import re
import sys
import xml.etree.ElementTree

sys.dont_write_bytecode = True
from pages import CXX, INCLUDE, ROOT, WORK, blocks, documents, prose, report, run, start, succeed


def headings(path):
    """The anchors that a page has for its headings."""
    found, fenced = set(), False
    for line in path.read_text().splitlines():
        if line.startswith("```"):
            fenced = not fenced
        if not fenced and (heading := re.match(r"#+\s+(.*)", line)):
            found.add(re.sub(r"[^\w\- ]", "", heading[1].lower()).replace(" ", "-"))
    return found


def check_links():
    problems, count = [], 0
    for document in documents():
        for number, line in prose(document):
            for target in re.findall(r"\]\(([^)\s]+)\)|src(?:set)?=\"([^\"]+)\"", re.sub(r"`[^`]*`", "", line)):
                target = target[0] or target[1]
                if re.match(r"[a-z]+:", target):
                    continue
                count += 1
                file, _, anchor = target.partition("#")
                path = document.parent / file if file else document
                if not path.exists():
                    problems.append(f"{document.relative_to(ROOT)}:{number}: there is no {target}")
                elif anchor and anchor not in headings(path):
                    problems.append(f"{document.relative_to(ROOT)}:{number}: {file or document.name} has no "
                                    f"heading #{anchor}")
    pictures = sorted((ROOT / "docs").rglob("*.svg"))
    for picture in pictures:
        try:
            xml.etree.ElementTree.parse(picture)
        except xml.etree.ElementTree.ParseError as error:
            problems.append(f"{picture.relative_to(ROOT)}: {error}")
    problems += check_terminal()
    return problems, f"{count} links, {len(pictures)} pictures"


def text_of(picture):
    return [("".join(t.itertext())) for t in xml.etree.ElementTree.fromstring(picture).iter()
            if t.tag.endswith("}text")]


def check_terminal():
    """terminal_svg.py shows what it is given, and the picture of examples/run has every example that can be run."""
    script, picture = ROOT / "docs/images/terminal_svg.py", ROOT / "docs/images/examples-run.svg"
    lines = ["$ a < b && c > \"d\"", "", "== \u00fc 'x' &amp;", "  two  spaces"]
    made = succeed(script, [sys.executable, script], input="\n".join(lines) + "\n")
    shown = text_of(made.stdout)
    if shown != [line for line in lines if line]:
        return [f"{script}: of {lines} it shows {shown}"]
    if not picture.exists():
        return [f"there is no {picture.relative_to(ROOT)}: examples/run | docs/images/terminal_svg.py"]
    shown = text_of(picture.read_text())
    return [f"{picture.relative_to(ROOT)} does not show {demo.parent.name}: make it again (docs/CONTRIBUTING.md)"
            for demo in sorted((ROOT / "examples").glob("*/demo")) if f"== {demo.parent.name}" not in shown]


SPACES = {"net": "net", "xdp": "", "host": "kernel/host", "user": "user", "spec": "core", "helper": "kernel",
          "map": "kernel/map"}


def check_names():
    """Quotes: <bpfxx/…>, paths, BPFXX_…, space::name and name() are looked up where they should stand."""
    code = {folder: "\n".join(h.read_text() for h in sorted((INCLUDE / "bpfxx" / folder).rglob("*.hpp")))
            for folder in {*SPACES.values(), "core", "kernel"}}
    build = "\n".join(f.read_text() for f in [ROOT / "CMakeLists.txt", *(ROOT / "cmake").rglob("*")] if f.is_file())
    tests = "\n".join(f.read_text() for f in (ROOT / "bpf-tests").rglob("*") if f.suffix in (".hpp", ".txt", ".sh"))
    everything = code[""] + build + tests
    own = "\n".join(b.text for d in documents() for b in blocks(d))  # what the examples in the text define
    folders = [ROOT, INCLUDE / "bpfxx", INCLUDE]
    problems, usings, count = [], {}, 0

    def has(word, text):
        return re.search(rf"\b{re.escape(word)}\b", text)

    for document in documents():
        for number, line in prose(document):
            for quote in re.findall(r"`([^`]+)`", line):
                where = f"{document.relative_to(ROOT)}:{number}: `{quote}`"
                count += 1
                for header in re.findall(r"<(bpfxx/[\w/]+\.hpp)>", quote):
                    if not (INCLUDE / header).exists():
                        problems.append(f"{where}: there is no such header")
                for macro in re.findall(r"\bBPFXX_\w+", quote):
                    if not has(macro, everything):
                        problems.append(f"{where}: nothing is called {macro}")
                for space, name in re.findall(r"\b(\w+)::(\w+)", quote):
                    if space in SPACES and not has(f"{space}::{name}", own):
                        usings[f"{space}::{name}"] = where
                    elif space in ("reason", "map_kind", "feature", "update_mode", "xdp_mode"):
                        if not has(name, everything):
                            problems.append(f"{where}: {space} has no {name}")
                for name in re.findall(r"\b([a-z_]\w*)\(", quote):
                    if not has(name, everything + own):
                        problems.append(f"{where}: nothing is called {name}()")
                if re.fullmatch(r"[\w.\-]+(/[\w.\-]*)+", quote) and not quote.startswith(("build", "usr")):
                    path = quote.split("NAME")[0]  # NAME stands for any
                    if not any((folder / path).exists() for folder in [*folders, document.parent]):
                        problems.append(f"{where}: there is no such file or folder")
    if usings:
        WORK.mkdir(parents=True, exist_ok=True)
        source = WORK / "names.cpp"
        headers = [str(h.relative_to(INCLUDE)) for h in sorted((INCLUDE / "bpfxx").rglob("*.hpp"))
                   if "kernel/bpf" not in str(h)]
        text = "".join(f"#include <{h}>\n" for h in headers)
        names = sorted(usings)
        for i, name in enumerate(names):
            text += f"#line {i + 1} \"names\"\nnamespace check{i} {{ using bpfxx::{name}; }}\n"
        source.write_text(text)
        flags = run(["pkg-config", "--cflags", "libbpf", "libpcap"]).stdout.split()
        result = run([CXX, "-std=gnu++20", "-fsyntax-only", "-I", INCLUDE, *flags, source])
        for number in sorted({int(n) for n in re.findall(r"^names:(\d+):\d+: error", result.stderr, re.M)}):
            problems.append(f"{usings[names[number - 1]]}: there is no bpfxx::{names[number - 1]}")
        if result.returncode and not problems:
            problems.append(result.stderr)
    return problems, f"{count} quotes, {len(usings)} names of namespaces"


def write(document, folder):
    commands = []
    for block in blocks(ROOT / document):
        if name := re.fullmatch(r"file: (\S+)|(?:compiles|runs): \w+ (\S+)", block.mark):
            (folder / (name[1] or name[2])).write_text(block.text)
        elif block.mark == "command":
            commands.append(block.text)
    (folder / "commands.sh").write_text("".join(commands))
    return [] if commands else [f"{document} has no commands"], f"{len(commands)} blocks of commands"


def main(arguments):
    if arguments == ["links"]:
        return report(*check_links())
    if arguments == ["names"]:
        return report(*check_names())
    if len(arguments) == 3 and arguments[0] == "write":
        return report(*write(arguments[1], pathlib.Path(arguments[2])))
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    start(main)
