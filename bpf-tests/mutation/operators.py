# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""Defects that need no thought: what each line of a header could say wrongly."""
import re

# What, the pattern of the text, what stands there instead: one defect for each place where the pattern is found.
CHANGES = [
    ("a swap that is not done", r"\b(?:network_order|little_order|reversed)\(", "("),
    ("a builtin that swaps nothing", r"\b__builtin_bswap(?:16|32|64)\(", "("),
    ("a value of the wrong order", r"\.value\(\)", ".wire()"),
    ("a word of the wrong order", r"\.wire\(\)", ".value()"),
    ("one more", r"(?<=[\w)\]]) < (?=[\w(])", " <= "),
    ("one less", r"(?<=[\w)\]]) <= (?=[\w(])", " < "),
    ("one more at the end", r"(?<=[\w)\]]) > (?=[\w(])", " >= "),
    ("one less at the end", r"(?<=[\w)\]]) >= (?=[\w(])", " > "),
    ("off by one", r"(?<=[\w)\]]) [+-] 1\b", ""),
    ("a difference taken off", r" \+= ", " -= "),
    ("a difference added", r" -= ", " += "),
]
# What nearly any test sees.
COARSE = [
    ("the contrary", r" == ", " != "),
    ("the contrary again", r" != ", " == "),
    ("a plus", r"(?<=[\w)\]]) - (?=[\w(])", " + "),
    ("a minus", r"(?<=[\w)\]]) \+ (?=[\w(])", " - "),
    ("only one of two", r" && ", " || "),
    ("one of two is enough", r" \|\| ", " && "),
    ("no complement", r"~(?=[\w(])", ""),
]
# A statement that is left out: a check, a call, an assignment that adds.
STATEMENTS = [
    ("a check that is not made", r"(?:BPFXX_UNLIKELY )?if \((?!constexpr)[^;{]*\) (?:return\b[^;]*|break|continue|throw [^;]*);"),
    ("a call that is not made", r"(?<![=\w(,.] )(?<!return )(?:helper::|detail::|this->|sums_\.|parts_\.|[a-z_]+_?\.|[a-z_]+->)?(?:template )?"
     r"[a-z_]+(?:<[^;=]*>)?\([^;{}]*\);"),
    ("a change that is not made", r"[\w.\->\[\]]+ (?:[-+|&^]=|<<=|>>=) [^;{}]*;"),
]


def without_comments(line):
    """The code of a line; what follows `//` may say anything."""
    return re.sub(r'//.*|"(?:[^"\\]|\\.)*"', lambda m: " " * len(m.group()), line)


def defects_of(text, every=False):
    """(name, line number, text of the header with the defect)"""
    changes = CHANGES + COARSE if every else CHANGES
    lines = text.splitlines(keepends=True)

    def made(number, start, end, instead):
        line = lines[number]
        return "".join(lines[:number] + [line[:start] + instead + line[end:]] + lines[number + 1:])

    for number, line in enumerate(lines):
        code = without_comments(line)
        if re.match(r"\s*(#|template|static_assert|requires|//|using|namespace|inline constexpr|static constexpr .*=$)", code):
            if not re.match(r"\s*(template|static constexpr)", code) or "{" not in code:
                continue
        for name, pattern, instead in changes:
            for found in re.finditer(pattern, code):
                yield name, number + 1, made(number, *found.span(), instead)
        for name, pattern in STATEMENTS:
            for found in re.finditer(pattern, code):
                before = code[:found.start()].rstrip()
                if name == "a call that is not made" and not (before == "" or before[-1] in "{;})" or before.endswith("else")):
                    continue
                if name == "a call that is not made" and (re.match(r"(return|if|for|while|switch|static_assert|throw)\b",
                                                                   found.group()) or re.match(r"\s*~?[a-z_]+\(.*\) (noexcept )?\{", code[found.start():])):
                    continue
                yield name, number + 1, made(number, *found.span(), ";" if before else "")
        found = re.search(r"~\w+\(\)\s*(?:noexcept )?\{ (.+) \}$", code.rstrip())
        if found:
            yield "a destructor that does nothing", number + 1, made(number, *found.span(1), "")
