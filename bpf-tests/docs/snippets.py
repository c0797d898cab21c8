#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""snippets.py CLANG++…: every block of C++ in README.md and docs/ does what its mark says. Leaves BUILD/docs to docs.sh.

Each block of C++ has a mark, a comment in the line before it; NAME puts it into a file that later blocks of the same
document include:

  <!-- compiles: bpf [NAME] -->     a program: for BPF by each compiler and natively; docs.sh loads it
  <!-- compiles: bpf body -->       the same for the inside of an XDP program that includes every header
  <!-- compiles: header NAME -->    a header: for both sides
  <!-- compiles: test NAME -->      a file of bpf-tests: a program, or the test beside it
  <!-- compiles: host [NAME] -->    a source file of the user side
  <!-- compiles: host body -->      the inside of a function of the user side that includes every header
  <!-- runs: host [NAME] -->        a source file that is run and has to exit with 0; it needs no kernel
  <!-- fails: WORDS -->             a program that no compiler accepts, and the first error has these words
  <!-- fails CLANG++: WORDS -->     a program that this compiler refuses and the others accept
  <!-- refused: WORDS -->           a program that compiles, and the verifier refuses it in these words: see docs.sh
  <!-- excerpt: FILE -->            lines that stand in a file just so

Other blocks need none, and may have: <!-- says --> for what the first compiler prints of the block before, with … for
what is left out; <!-- file: NAME --> and <!-- command --> for docs.sh."""
import concurrent.futures
import os
import re
import shutil
import sys

sys.dont_write_bytecode = True
from pages import BUILD, CXX, INCLUDE, ROOT, WORK, Problem, blocks, documents, report, run, start, succeed

WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"]
NATIVE = ["-std=gnu++20", *WARNINGS, "-I", INCLUDE]
TESTS = ["-I", ROOT / "bpf-tests", "-I", ROOT]
LENIENT = ["-Wno-unused-variable", "-Wno-unused-but-set-variable", "-Wno-unused-function"]

PROGRAM_HEADERS = ["kernel/xdp.hpp", "core/checksum.hpp"]
PROGRAM_FOLDERS = ["kernel/map", "net"]


def first_error(output):
    return next((line for line in output.splitlines() if re.search(r"(^|[^a-z])error: ", line)), "")


def prelude(headers):
    return "".join(f"#include <bpfxx/{header}>\n" for header in headers)


def program_around(body):
    headers = [*PROGRAM_HEADERS, *(str(h.relative_to(INCLUDE / "bpfxx")) for folder in PROGRAM_FOLDERS
                                   for h in sorted((INCLUDE / "bpfxx" / folder).glob("*.hpp")))]
    return (prelude(headers) + 'using namespace bpfxx;\nBPFXX_LICENSE("GPL");\n'
            "BPFXX_XDP(snippet)(xdp::packet packet) {\n#line 1\n" + body + "    return xdp::pass;\n}\n")


def function_around(body):
    headers = ["core/verdict.hpp",
               *sorted(str(h.relative_to(INCLUDE / "bpfxx")) for h in (INCLUDE / "bpfxx/user").glob("*.hpp"))]
    return (prelude(headers) + "using namespace bpfxx;\nusing namespace std::chrono_literals;\n"
            "void snippet();\nvoid snippet() {\n#line 1\n" + body + "}\n")


class Snippets:
    """All blocks of C++. What docs.sh needs: objects/ to be loaded, refused/ not to be."""

    def __init__(self, compilers):
        self.compilers = compilers
        self.jobs = {"bpf": [], "host": []}  # the host side includes skeletons of the other
        flags = run(["pkg-config", "--cflags", "--libs", "libbpf", "libpcap"])
        if flags.returncode:
            raise Problem(f"pkg-config does not know libbpf and libpcap:\n{flags.stderr}")
        self.libraries = flags.stdout.split()

    def folder(self, block):
        return WORK / "source" / block.document.stem

    def bpf(self, compiler, source, *more):
        flags = ["--config", BUILD / "bpfxx.cfg", *WARNINGS, "-Wno-gnu-statement-expression"]
        return run([compiler, *flags, *more, "-I", source.parent, source])

    def native(self, source, *more):
        return run([CXX, *NATIVE, "-I", source.parent, *more, source])

    def precompile(self):
        """What the natively compiled programs include of std, which takes longer to read than all the rest."""
        self.std = WORK / "std.hpp"
        self.std.parent.mkdir(parents=True, exist_ok=True)
        names = {name for header in (INCLUDE / "bpfxx/kernel/host").glob("*.hpp")
                 for name in re.findall(r"^#include (<[\w/.]+>)", header.read_text(), re.M) if "bpfxx" not in name}
        self.std.write_text("".join(f"#include {name}\n" for name in sorted(names)))
        succeed("std.hpp", [CXX, *NATIVE, "-x", "c++-header", self.std])

    def source(self, block, name, suffix, around=None):
        if name == "body":
            name, text = "", around(block.text)
        else:
            text = f'#line {block.line + 1} "{block.where.rsplit(":", 1)[0]}"\n' + block.text
        path = self.folder(block) / (name or block.id + suffix)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def objects(self, block, source, kind, lenient):
        """Compiles a program by each compiler, and natively: all accept it."""
        stem = source.name.removesuffix(".bpf.cpp")
        for compiler in self.compilers:
            out = WORK / kind / compiler.replace("clang++-", "clang") / block.document.stem / f"{stem}.bpf.o"
            out.parent.mkdir(parents=True, exist_ok=True)
            result = self.bpf(compiler, source, *lenient, "-c", "-o", out)
            if result.returncode:
                raise Problem(f"{block.where}: {compiler}\n{result.stderr}")
        if kind == "objects" and not source.name.startswith(block.id):
            skeleton = run([shutil.which("bpftool") or "/usr/sbin/bpftool", "gen", "skeleton", out, "name", stem])
            if skeleton.returncode:
                raise Problem(f"{block.where}: bpftool gen skeleton\n{skeleton.stderr}")
            (source.parent / f"{stem}.skel.h").write_text(skeleton.stdout)
        # Some errors come only with code.
        result = self.native(source, "-include", self.std, *lenient, "-c", "-o", os.devnull)
        if result.returncode:
            raise Problem(f"{block.where}: {CXX}\n{result.stderr}")

    def header(self, block, source):
        alone = source.with_suffix(".alone.cpp")
        alone.write_text(f'#include "{source.name}"\n')
        sides = [(c, self.bpf(c, alone, "-fsyntax-only")) for c in self.compilers]
        for compiler, result in [*sides, (CXX, self.native(alone, "-fsyntax-only"))]:
            if result.returncode:
                raise Problem(f"{block.where}: {compiler}\n{result.stderr}")

    def host(self, block, source, lenient):
        result = self.native(source, *lenient, *self.libraries, "-fsyntax-only")
        if result.returncode:
            raise Problem(f"{block.where}: {CXX}\n{result.stderr}")

    def program(self, block, source):
        out = WORK / "programs" / block.document.stem / source.name.removesuffix(".cpp")
        out.parent.mkdir(parents=True, exist_ok=True)
        result = self.native(source, "-O1", "-o", out)
        if result.returncode:
            raise Problem(f"{block.where}: {CXX}\n{result.stderr}")
        succeed(f"{block.where}: this ends with an error", [out])

    def refused(self, block, source, only, words, said):
        sides = [(c, self.bpf(c, source, *LENIENT, "-fsyntax-only")) for c in self.compilers]
        sides.append((CXX, self.native(source, "-include", self.std, *LENIENT, "-fsyntax-only")))
        if said:  # in the words of the first compiler
            text = re.sub(r"\s+", " ", sides[0][1].stderr.replace(f"{self.folder(block)}/", "")
                          .replace(f"{INCLUDE}/", ""))
            place = 0
            for piece in re.split(r"\s*(?:…|\n)\s*", said.text):
                piece = re.sub(r"\s+", " ", piece.strip())
                if (place := text.find(piece, place)) < 0:
                    raise Problem(f"{said.where}: {sides[0][0]} does not say '{piece}' there, but:\n"
                                  f"{sides[0][1].stderr}")
        for compiler, result in sides:
            expected = not only or compiler == only
            if expected and not result.returncode:
                raise Problem(f"{block.where}: {compiler} accepts it")
            if not expected and result.returncode:
                raise Problem(f"{block.where}: {compiler} refuses it too\n{result.stderr}")
            if expected and words not in first_error(result.stderr):
                raise Problem(f"{block.where}: {compiler} does not say '{words}' but\n{first_error(result.stderr)}")

    def excerpt(self, block, file):
        path = ROOT / file
        if not path.exists():
            raise Problem(f"{block.where}: there is no {file}")

        def plain(text):
            return "\n".join(line.strip() for line in text.splitlines() if line.strip())

        if plain(block.text) not in plain(path.read_text()):
            raise Problem(f"{block.where}: these lines do not stand in {file}")

    def add(self, block, said):
        kind, _, rest = block.mark.partition(":")
        kind, only = (kind.split() + ["", ""])[:2]
        rest = rest.strip()
        side, _, name = rest.partition(" ")
        lenient = LENIENT if name == "body" else []
        if kind == "compiles" and side == "bpf":
            source = self.source(block, name, ".bpf.cpp", program_around)
            self.jobs["bpf"].append((self.objects, block, source, "objects", lenient))
        elif kind == "compiles" and side == "test" and name.endswith(".bpf.cpp"):
            source = self.source(block, name, "")
            self.jobs["bpf"].append((self.objects, block, source, "objects", TESTS))
        elif kind == "compiles" and side == "test" and name:
            source = self.source(block, name, "")
            self.jobs["host"].append((self.host, block, source, [*TESTS, '-DBPFXX_TEST_OBJECTS=""']))
        elif kind == "compiles" and side == "header" and name:
            self.jobs["bpf"].append((self.header, block, self.source(block, name, "")))
        elif kind == "compiles" and side == "host":
            source = self.source(block, name, ".cpp", function_around)
            self.jobs["host"].append((self.host, block, source, lenient))
        elif kind == "runs" and side == "host":
            self.jobs["host"].append((self.program, block, self.source(block, name, ".cpp")))
        elif kind == "fails" and rest:
            body = "BPFXX_XDP" not in block.text
            source = self.source(block, "body" if body else "", ".bpf.cpp", program_around)
            self.jobs["bpf"].append((self.refused, block, source, only, rest, said))
        elif kind == "refused" and rest:
            source = self.source(block, "", ".bpf.cpp")
            self.jobs["bpf"].append((self.objects, block, source, "refused", []))
            words = WORK / "refused" / f"{block.id}.words"
            words.parent.mkdir(parents=True, exist_ok=True)
            words.write_text(rest + "\n")
        elif kind == "excerpt":
            self.jobs["bpf"].append((self.excerpt, block, rest))
        else:
            mark = f"the mark <!-- {block.mark} -->" if block.mark else "no mark"
            raise Problem(f"{block.where}: a block of C++ with {mark}: see bpf-tests/docs/snippets.py")

    def check(self):
        shutil.rmtree(WORK, ignore_errors=True)
        self.precompile()
        problems, count = [], 0
        for document in documents():
            all_blocks = blocks(document)
            for block, after in zip(all_blocks, [*all_blocks[1:], None]):
                if block.language not in ("cpp", "c++"):
                    continue
                count += 1
                try:
                    self.add(block, after if after and after.mark == "says" else None)
                except Problem as problem:
                    problems.append(str(problem))
        for jobs in self.jobs.values():
            with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
                for future in [pool.submit(*job) for job in jobs]:
                    try:
                        future.result()
                    except Problem as problem:
                        problems.append(str(problem))
        return problems, f"{count} blocks of C++ with {', '.join(self.compilers)} and {CXX}"


def main(compilers):
    if not compilers:
        print("MISSING: clang++: apt install clang-19")
        return 1 if os.environ.get("CI") == "true" else 77
    # The newest first: its words are shown.
    return report(*Snippets(sorted(compilers, key=lambda c: -int(re.sub(r"\D", "", c) or 99))).check())


if __name__ == "__main__":
    start(main)
