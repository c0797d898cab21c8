#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""Adds up what each test has run: report.py FOLDER [PATTERN OF TESTS] [WORDS OF A HEADER'S PATH]. A line counts if some
test has compiled it, and is covered if some test has run it."""
import os
import pathlib
import re
import sys

SOURCE = pathlib.Path(os.environ.get("BPFXX_SOURCE_DIR", pathlib.Path(__file__).resolve().parents[2]))
INCLUDE = SOURCE / "include/bpfxx"
LEAST = 95.0


def exceptions():
    """(path, text of a line): why it is not run. `*` as text: the whole header. A text that ends with ` …` stands for the
    lines from this one to the one that closes what it opens."""
    found = {}
    for line in (SOURCE / "bpf-tests/coverage/exceptions").read_text().splitlines():
        if line and not line.startswith("#"):
            where, text = (part.strip() for part in line.split(" | ", 1))
            text, why = (part.strip() for part in text.rsplit(" | ", 1))
            found[where, text] = why
    return found


def named_by(known, header, text):
    """number of a line: the exception that names it."""
    found = {}
    for key in known:
        if key[0] != header:
            continue
        start = key[1].removesuffix(" …")
        for number, line in enumerate(text):
            if key[1] == "*":
                found.setdefault(number + 1, key)
            elif line.strip() == start:
                found[number + 1] = key
                if start == key[1]:
                    continue
                margin = line[:len(line) - len(line.lstrip())]
                for inside in range(number + 1, len(text)):
                    found[inside + 1] = key
                    if text[inside].startswith(margin + "}"):
                        break
    return found


def without_code(text):
    """The numbers of lines that nothing runs: comments, braces, what the preprocessor leaves out on the host, and what only
    the compiler asks. Where a template is instantiated more than once, llvm-cov counts them with the code around them."""
    found, bpf = set(), False
    for number, line in enumerate(text, 1):
        code = re.sub(r"//.*", "", line).strip()
        if code.startswith("#if"):
            bpf = "defined(__bpf__)" in code
        elif code.startswith(("#else", "#endif")):
            bpf = False
        if (bpf or code in ("", "{", "}", "};", "else", "} else", "public:", "private:") or code.startswith(("#", "static_assert(")) or
                re.fullmatch(r"(\} )?(else )?if constexpr \(.*\)( \{)?", code)
                or re.match(r"using \w+ = |class \w+|template <[^{]*;$", code)):
            found.add(number)
    return found


def main():
    folder, only, words = pathlib.Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "", sys.argv[3] if len(sys.argv) > 3 else ""
    counts = {}
    for report in folder.glob("*.lcov"):
        header = None
        for line in report.read_text().splitlines():
            if line.startswith("SF:"):
                header = pathlib.Path(line[3:]).resolve()
                header = str(header.relative_to(INCLUDE)) if INCLUDE in header.parents else None
            elif header and line.startswith("DA:"):
                number, count = line[3:].split(",")[:2]
                lines = counts.setdefault(header, {})
                lines[int(number)] = max(lines.get(int(number), 0), int(count))
    known, used = exceptions(), set()
    total = covered = 0
    rows = []
    for header in sorted(counts):
        if only and not re.search(only, header):
            continue
        text = (INCLUDE / header).read_text().splitlines()
        run, all_lines = 0, 0
        nothing, names = without_code(text), named_by(known, header, text)
        for number, count in sorted(counts[header].items()):
            if number in nothing:
                continue
            named = names.get(number)
            if named and count == 0:
                used.add(named)
                continue
            all_lines += 1
            run += count > 0
            if words and words in header and count == 0:
                print(f"{header}:{number}: {text[number - 1]}")
        total += all_lines
        covered += run
        rows.append((header, run, all_lines))
    width = max((len(r[0]) for r in rows), default=10)
    for header, run, all_lines in rows:
        print(f"{header:{width}} {run:5} of {all_lines:5}  {100 * run / max(all_lines, 1):6.1f} %")
    share = 100 * covered / max(total, 1)
    print(f"{'in all':{width}} {covered:5} of {total:5}  {share:6.1f} %")
    silent = [str(p.relative_to(INCLUDE)) for p in INCLUDE.rglob("*.hpp") if str(p.relative_to(INCLUDE)) not in counts and "/bpf/" not in str(p)]
    if not only:
        print("without a line of code: " + ", ".join(sorted(silent)))
        for key in sorted(set(known) - used):
            print(f"FAILED: the exception {key[0]} | {key[1]} names no line that is not run")
        if share < LEAST or set(known) - used:
            if share < LEAST:
                print(f"FAILED: less than {LEAST} % of the lines are run")
            sys.exit(1)


main()
