# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""What the kernels said, as text: a table for the one who runs it, and the tables of docs/kernels.md."""


def rows(lines):
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in lines)


def tests_of(outcome, *statuses):
    return sum(status in statuses for status, _, _ in outcome.tests.values())


def sentence(outcome):
    if outcome.problem:
        return f"FAILED: {outcome.problem}"
    text = f"{outcome.count('loaded')} programs loaded, {outcome.count('lacking')} not for this kernel"
    if refused := outcome.count("REFUSED"):
        text += f", {refused} REFUSED"
    if outcome.tests:
        text += f"; {tests_of(outcome, 0, 77)} of {len(outcome.tests)} tests passed"
    return f"{text}; {outcome.seconds:.0f} s"


def skipped(outcomes):
    """Why tests left something out, and which ones did on which kernels."""
    found = {}
    for outcome in outcomes:
        for name, (_, reasons, _) in outcome.tests.items():
            for reason in reasons:
                found.setdefault(reason, {}).setdefault(name, []).append(outcome.kernel.name)
    return [(reason, "; ".join(f"{name} on {', '.join(dict.fromkeys(kernels))}" for name, kernels in tests.items()))
            for reason, tests in sorted(found.items())]


def table(outcomes):
    lines = [("kernel", "release", "loaded", "lacking", "refused", "passed", "skipped", "failed", "seconds", "")]
    for outcome in outcomes:
        passed = tests_of(outcome, 0, 77)
        skipped = sum(bool(skips) for _, skips, _ in outcome.tests.values())
        lines.append((outcome.kernel.name, outcome.release, str(outcome.count("loaded")), str(outcome.count("lacking")),
                      str(outcome.count("REFUSED")), str(passed), str(skipped), str(len(outcome.tests) - passed),
                      f"{outcome.seconds:.0f}", "FAILED " + outcome.problem if outcome.failed else "ok"))
    return rows(lines)


INTRODUCTION = """# Kernels

What works since which kernel. `bpf-tests/vm/run --docs` writes this page: it boots each of these kernels in a virtual
machine, loads every program of the tests and of the examples, one by one, as clang 14 and clang 19 have compiled it, and
asks the programs what the tests ask them on the machine at hand, which they have to answer the same. A program that a
kernel refuses although it should have what the program needs makes the run fail; so a yes below is a program that has
been loaded there, and a no is what that kernel does not have. A dash: it has that, but each program here that uses it needs
something else that it has not.

- *since* is the first release of the kernel, and what a kernel needs besides: a JIT for the architecture, or BTF of its
  own (/sys/kernel/btf/vmlinux).
- s390x is big-endian. Debian builds it without a JIT, and its 6.1 without BTF.
- Kernels older than 5.10 are not tried.

"""
KINDS = {
    "program": ("Programs", "A type of program, or a place where it is attached."),
    "map": ("Maps", "Kinds of maps."),
    "helper": ("Helpers", "Functions that programs call by number."),
    "instruction": ("Instructions", "What the code of a program consists of."),
    "kernel function": ("Functions of the kernel", "Functions that programs call by name (kfuncs)."),
    "kernel variable": ("Variables of the kernel", "What programs read by name."),
}


def cell(outcome, programs):
    verdicts = {program[3] for program in programs}
    return "yes" if "loaded" in verdicts else "no" if verdicts else ""


def feature_cell(kernel, since, more, programs):
    """No: the kernel is older, or has not what it takes. A dash: it has the feature, but all programs here that use it need
    something else as well."""
    numbers = [int(number) for number in kernel.series.replace("x", "0").split(".")]
    if numbers < [int(number) for number in since.split(".")] or any(not getattr(kernel, one) for one in more):
        return "no"
    return "yes" if any(program[3] == "loaded" for program in programs) else "–"


def lines_of(outcomes, heads, rows_):
    names = [outcome.kernel.name.replace("-", " ") for outcome in outcomes]
    yield "| " + " | ".join([*heads, *names]) + " |"
    yield "|" + "---|" * len(heads + names)
    for row in rows_:
        yield "| " + " | ".join(row) + " |"


def features(outcomes):
    """By kind and name: since when, and by kernel the programs that use it."""
    found = {}
    for index, outcome in enumerate(outcomes):
        for program in outcome.programs:
            for feature in filter(None, program[5].split(";")):
                kind, name, since, *more = feature.split(":")
                entry = found.setdefault((kind, name), (since, more, [[] for _ in outcomes]))
                entry[2][index].append(program)
    return found


def text_of(outcomes):
    parts, found = [INTRODUCTION], features(outcomes)
    for kind, (title, about) in KINDS.items():
        chosen = {name: entry for (of, name), entry in found.items() if of == kind}
        if not chosen:
            continue
        order = sorted(chosen, key=lambda name: ([int(n) for n in chosen[name][0].split(".")], name))
        rows_ = [[name, ", ".join([chosen[name][0], *({"jit": "JIT", "btf": "BTF"}[m] for m in chosen[name][1])]),
                  *(feature_cell(outcome.kernel, *chosen[name][:2], programs)
                    for outcome, programs in zip(outcomes, chosen[name][2]))] for name in order]
        parts.append("\n".join([f"## {title}", "", about, "", *lines_of(outcomes, ["", "since"], rows_)]) + "\n\n")
    examples = {}
    for index, outcome in enumerate(outcomes):
        for program in outcome.programs:
            path = program[0].split("/")
            if path[-2] == "examples":
                key = (path[-1].removesuffix(".bpf.o"), program[1])
                examples.setdefault(key, [[] for _ in outcomes])[index].append(program)
    rows_ = [[f"{name}: {program}", *(cell(outcome, programs) for outcome, programs in zip(outcomes, entry))]
             for (name, program), entry in sorted(examples.items())]
    parts.append("\n".join(["## Examples", "", "The programs of [examples/](../examples/README.md).", "",
                            *lines_of(outcomes, [""], rows_)]) + "\n")
    return "".join(parts)
