#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""Checks <bpfxx/kernel/bpf/helper.hpp> against libbpf's own list of helpers, which is made by other means, and that
<bpfxx/kernel/host/unmodelled.hpp> refuses what it should, in its own words.

  helper_check.py                     everything, with each compiler that is installed, and whether both are up to date
  helper_check.py write FILE.bpf.cpp  the compile test: each type is asserted, each helper is called by a function
  helper_check.py verify FILE.bpf.o   each of those functions is the call of the right number and exit, nothing else

Where a tool is missing it exits with 77, with CI=true in the environment with 1."""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
COMPILERS = ["clang++-14", "clang++-15", "clang++-16", "clang++-19"]
DISASSEMBLERS = ["llvm-objdump", *(f"llvm-objdump-{version}" for version in range(22, 13, -1))]
FLAGS = """-mcpu=v3 -g -gsimple-template-names -fstandalone-debug -std=gnu++20 -fno-exceptions -fno-rtti -fno-autolink
-Wall -Wextra -Wpedantic -Werror""".split()
HOST_FLAGS = "-std=gnu++20 -Wall -Wextra -Wpedantic -Werror".split()

# What C++ declares more than once, each time for one type of context or number of values: its parameters.
OVERLOADS = {
    "get_socket_cookie": ["::__sk_buff *", "::bpf_sock_addr *", "::bpf_sock_ops *", "::sock *"],
    "sk_assign": ["::__sk_buff *, void *, bpfxx::u64", "::bpf_sk_lookup *, ::bpf_sock *, bpfxx::u64"],
    "trace_printk": ["char const *, bpfxx::u32" + ", bpfxx::u64" * values for values in range(4)],
}
# A map's own function answers an int until Linux 6.4, and what is above it is not the number's sign.
NARROW = {"map_update_elem", "map_delete_elem", "map_push_elem", "map_pop_elem", "map_peek_elem", "for_each_map_elem"}
SIGNED = ["r0 <<= 32", "r0 s>>= 32"]
PRELUDE = """#include <bpfxx/kernel/bpf/helper.hpp>

template <class Left, class Right> inline constexpr bool same = false;
template <class Same> inline constexpr bool same<Same, Same> = true;
template <class Type> struct bare { using type = Type; };
template <class Type> struct bare<Type const> { using type = Type; };

template <class Type> concept integer = requires { ~Type(1); };
template <class Type> inline constexpr bool is_signed = Type(-1) < Type(1);

/// What C declares, and what C++ may make of it: the same, an integer of that size and sign, a pointer that adds const,
/// or a typed callback in place of void *.
template <class C, class Cpp> inline constexpr bool agrees = same<C, Cpp>;
template <integer C, integer Cpp>
inline constexpr bool agrees<C, Cpp> = sizeof(C) == sizeof(Cpp) && is_signed<C> == is_signed<Cpp>;
template <class C, class Cpp> inline constexpr bool agrees<C *, Cpp *> =
    agrees<typename bare<C>::type, typename bare<Cpp>::type> &&
    (same<C, typename bare<C>::type> || same<Cpp, Cpp const>);
template <class... Args> inline constexpr bool agrees<void *, bpfxx::i64 (*)(Args...)> = true;

template <bool Overloaded, class C, class Cpp> inline constexpr bool alike = false;
template <bool Overloaded, class C, class Cpp, class... CArgs, class... CppArgs>
    requires(sizeof...(CArgs) == sizeof...(CppArgs))
inline constexpr bool alike<Overloaded, C (*)(CArgs...), Cpp (*)(CppArgs...)> =
    agrees<C, Cpp> && ((agrees<CArgs, CppArgs> || (Overloaded && same<CArgs, void *> && !integer<CppArgs>)) && ...);

template <unsigned Index, class... Types> struct at;
template <class First, class... Rest> struct at<0, First, Rest...> { using type = First; };
template <unsigned Index, class First, class... Rest>
struct at<Index, First, Rest...> { using type = typename at<Index - 1, Rest...>::type; };

template <class Function> struct parts;
template <class Result, class... Args> struct parts<Result (*)(Args...)> {
    using result = Result;
    template <unsigned Index> using argument = typename at<Index, Args...>::type;
};
"""


class Failure(Exception):
    """What is wrong, and where."""


class Missing(Exception):
    """What has to be installed."""


def libbpf(defs):
    """Each helper as libbpf declares it: name -> (number, result, parameters); and the structs it declares before."""
    try:
        text = defs.read_text()
    except OSError as error:
        raise Missing(f"{defs}: {error.strerror}; install libbpf-dev, or name the file with --defs") from error
    found = re.findall(r"^static (.*?)\(\*\s*(?:const\s+)?bpf_(\w+)\)\((.*)\) = \(void \*\) (\d+);", text, re.M)
    if len(found) < 211:
        raise Failure(f"{defs}: {len(found)} helpers; libbpf 1.1 declares 211")
    return {name: (int(number), result.strip(), args) for result, name, args, number in found}, \
        re.findall(r"^struct \w+;", text, re.M)


def declared(header):
    return set(re.findall(r"^BPFXX_INLINE auto (\w+)\(", header.read_text(), re.M))


def functions(helpers):
    """The functions of the compile test: (symbol, helper, its C type, the C++ type of an overload)."""
    for name, (_, result, args) in helpers.items():
        if name not in OVERLOADS:
            yield f"use_{name}", name, f"{result} (*)({args})", None
        for index, parameters in enumerate(OVERLOADS.get(name, ())):
            c = args.replace(", ...", ", __u64" * index)
            cpp = {"long": "bpfxx::i64", "__u64": "bpfxx::u64"}[result]
            yield f"use_{name}_overload{index}", name, f"{result} (*)({c})", f"{cpp} (*)({parameters})"


def write(path, defs):
    helpers, structs = libbpf(defs)
    lines = [PRELUDE, *structs, ""]
    for symbol, name, c, overload in functions(helpers):
        function = f"static_cast<{overload}>(&bpfxx::helper::{name})" if overload else f"&bpfxx::helper::{name}"
        arity = 0 if c.endswith("(void)") else c.count(",") + 1
        parameters = ", ".join(f"typename parts<{symbol}_type>::template argument<{i}> a{i}" for i in range(arity))
        lines += [
            f"using {symbol}_type = decltype({function});",
            f"static_assert(alike<{'true' if overload else 'false'}, {c}, {symbol}_type>,"
            f' "helper::{name} and libbpf\'s bpf_{name} differ in their types");',
            f'extern "C" auto {symbol}({parameters}) -> typename parts<{symbol}_type>::result {{',
            f"    return bpfxx::helper::{name}({', '.join(f'a{i}' for i in range(arity))});",
            "}",
        ]
    path.write_text("\n".join(lines) + "\n")


def instructions(objdump, path):
    """The instructions of each function, without the lines that only say where they are."""
    done = subprocess.run([objdump, "-d", "--no-show-raw-insn", str(path)], capture_output=True, text=True)
    if done.returncode:
        raise Failure(f"{objdump}: {done.stderr.strip()}")
    bodies = {}
    for line in done.stdout.splitlines():
        if start := re.fullmatch(r"[0-9a-f]+ <(\w+)>:", line):
            body = bodies.setdefault(start[1], [])
        elif code := re.fullmatch(r"\s*[0-9a-f]+:\s+(.*\S)\s*", line):
            body.append(re.sub(r"\b0x[0-9a-f]+\b", lambda number: str(int(number[0], 16)), code[1]))  # as LLVM 19 has them
    return bodies


def verify(path, objdump, defs):
    """How many helpers were found to be called right; raises what is wrong with the others."""
    helpers, _ = libbpf(defs)
    bodies, wrong, wanted = instructions(objdump, path), [], set()
    for symbol, name, *_ in functions(helpers):
        wanted.add(symbol)
        number, body = helpers[name][0], bodies.get(symbol)
        if body is None:
            wrong.append(f"{symbol}: no such function")
            continue
        calls = [int(code.split()[1]) for code in body if re.fullmatch(r"call\s+\d+", code)]
        behind = [*(SIGNED if name in NARROW else []), "exit"]
        if calls != [number] or body[1:] != behind:
            wrong.append(f"{symbol}: is '{'; '.join(body)}', and must be 'call {number}; {'; '.join(behind)}'")
    wrong += [f"{symbol}: libbpf has no such helper" for symbol in bodies if symbol not in wanted]
    if wrong:
        raise Failure("\n  ".join([f"{path}: {len(wrong)} functions are wrong, such as:", *wrong[:20]]))
    return len(wanted)


def installed(names, what):
    found = [name for name in names if shutil.which(name)]
    if not found:
        raise Missing(f"none of {', '.join(names)} is installed; {what}")
    return found


def check_host(compiler, include):
    """Calling what the host does not model is one error that says so; in an inline function that nothing uses, none."""
    header = include / "bpfxx/kernel/host/unmodelled.hpp"
    names = re.findall(r"^BPFXX_UNMODELLED\(\w+\) auto (\w+)\(", header.read_text(), re.M)
    if not names:
        raise Failure(f"{header} refuses nothing")
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder, "host.cpp")
        version = subprocess.run([compiler, "--version"], capture_output=True, text=True).stdout
        limit = ["-ferror-limit=0"] if "clang" in version else []
        command = [compiler, *HOST_FLAGS, *limit, "-I", include, "-c", source, "-o", "/dev/null"]
        for called in False, True:
            head = "auto" if called else "inline auto"
            source.write_text("#include <bpfxx/kernel/host/unmodelled.hpp>\n" + "".join(
                f"{head} use_{name}() -> void {{ (void)bpfxx::helper::{name}(nullptr, 1); }}\n" for name in names))
            done = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"LC_ALL": "C"})
            said = re.findall(r"^.*host\.cpp:\d+:\d+: error: (.*)$", done.stderr, re.M)
            wanted = [f"bpf_{name} has no stand-in on the host" for name in names] if called else []
            if len(said) != len(wanted) or not all(any(words in line for line in said) for words in wanted):
                raise Failure(f"{compiler}: {header} gave {len(said)} errors for {len(wanted)} calls:\n{done.stderr}")
        print(f"{compiler}: {len(names)} helpers are refused on the host", flush=True)


def check(compiler, flags, include, objdump, defs):
    with tempfile.TemporaryDirectory() as folder:
        source, made = pathlib.Path(folder, "helper.bpf.cpp"), pathlib.Path(folder, "helper.bpf.o")
        write(source, defs)
        system = [word for asm in pathlib.Path("/usr/include").glob("*/asm") for word in ("-isystem", asm.parent)]
        command = [compiler, *flags, *FLAGS, *system, "-I", include, "-c", source, "-o", made]
        if subprocess.run(command).returncode:
            raise Failure(f"{compiler} {' '.join(flags)}: the compile test does not compile")
        print(f"{compiler} {' '.join(flags)}: {verify(made, objdump, defs)} functions are one call each", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mode", nargs="?", choices=("write", "verify"))
    parser.add_argument("file", nargs="?", type=pathlib.Path)
    parser.add_argument("--compiler", action="append", help=f"may be given again (default: {', '.join(COMPILERS)})")
    parser.add_argument("--objdump", help="(default: the newest llvm-objdump)")
    parser.add_argument("--include", type=pathlib.Path, default=ROOT / "include", help="(default: %(default)s)")
    parser.add_argument("--defs", type=pathlib.Path, default=pathlib.Path("/usr/include/bpf/bpf_helper_defs.h"),
                        help="libbpf's list of helpers (default: %(default)s)")
    options = parser.parse_args()
    if (options.mode is None) != (options.file is None):
        parser.error(f"{options.mode}: which file?")
    try:
        if options.mode == "write":
            write(options.file, options.defs)
            return 0
        objdump = installed([options.objdump] if options.objdump else DISASSEMBLERS, "apt install llvm-19")[0]
        if options.mode == "verify":
            print(f"{verify(options.file, objdump, options.defs)} functions are one call each")
            return 0
        if subprocess.run([sys.executable, ROOT / "cmake/generate_helpers.py", "--check"]).returncode:
            return 1
        header = options.include / "bpfxx/kernel/bpf/helper.hpp"
        if odd := declared(header) ^ set(libbpf(options.defs)[0]):
            raise Failure(f"{header} and {options.defs}: only one of them has {', '.join(sorted(odd))}")
        for compiler in installed(options.compiler or COMPILERS, "apt install clang-19"):
            check(compiler, ["-target", "bpfel", "-O2"], options.include, objdump, options.defs)
            check(compiler, ["-target", "bpfeb", "-Os"], options.include, objdump, options.defs)
            check_host(compiler, options.include)
        check_host(os.environ.get("BPFXX_CXX", "g++"), options.include)
    except Missing as missing:
        strict = os.environ.get("CI") == "true"
        print(f"{'MISSING' if strict else 'SKIPPED'}: {missing}")
        return 1 if strict else 77
    except (Failure, OSError) as failure:
        print(f"helper_check: {failure}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
