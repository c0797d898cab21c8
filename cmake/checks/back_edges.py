#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""back_edges.py PATH…: no object, or object below a folder, has a loop that kernels before 6.8 refuse.

Those walk a program depth first, and let only a jump lead back to where the walk has come from; a loop whose last
instruction runs into its first one is refused, before the verifier has looked at anything."""
import pathlib
import struct
import sys

JA, CALL, EXIT, WIDE = 0x05, 0x85, 0x95, 0x18
NEW, OPEN, DONE = range(3)


class Object:
    """Functions of an ELF file for BPF: for each, its section's code from its first to its last instruction."""

    def __init__(self, path):
        self.data = path.read_bytes()
        self.order = "<" if self.data[5] == 1 else ">"
        offset, = self._read("Q", 40)
        size, count, names = self._read("HHH", 58)
        self.sections = [self._read("IIQQQQIIQQ", offset + i * size) for i in range(count)]

    def _read(self, form, offset):
        return struct.unpack_from(self.order + form, self.data, offset)

    def _text(self, table, offset):
        begin = self.sections[table][4] + offset
        return self.data[begin:self.data.index(b"\0", begin)].decode()

    def functions(self):
        for kind, *_, offset, size, link, _, _, _ in ((s[1], *s[2:]) for s in self.sections):
            if kind != 2:  # the table of symbols
                continue
            for at in range(offset, offset + size, 24):
                name, info, _, index, value, length = self._read("IBBHQQ", at)
                if info & 15 != 2 or length == 0:  # no function
                    continue
                start = self.sections[index][4] + value
                yield self._text(link, name), [self._instruction(start + i) for i in range(0, length, 8)]

    def _instruction(self, at):
        code, registers, jump, value = self._read("BBhi", at)
        return code, registers, jump, value


def successors(code, i):
    """Where the instruction leads, and whether it may lead back."""
    opcode, _, jump, value = code[i]
    group = opcode & 7
    if opcode == EXIT:
        return [], True
    if opcode == WIDE:
        return [i + 2], False
    if opcode == JA:
        return [i + 1 + jump], True
    if opcode == JA | 1:  # the long jump of cpu v4
        return [i + 1 + value], True
    if group in (5, 6) and opcode != CALL:
        return [i + 1, i + 1 + jump], True
    return [i + 1], False


def refused(code):
    state, path = [NEW] * len(code), [(0, iter(successors(code, 0)[0]))]
    state[0] = OPEN
    while path:
        here, ways = path[-1]
        for there in ways:
            if there >= len(code) or there < 0:
                continue
            if state[there] == OPEN and not successors(code, here)[1]:
                return here, there
            if state[there] == NEW:
                state[there] = OPEN
                path.append((there, iter(successors(code, there)[0])))
                break
        else:
            state[here] = DONE
            path.pop()
    return None


def main():
    paths = [path for name in sys.argv[1:] for path in
             ([pathlib.Path(name)] if pathlib.Path(name).is_file() else sorted(pathlib.Path(name).rglob("*.bpf.o")))]
    functions, bad = 0, 0
    for path in paths:
        for name, code in Object(path).functions():
            functions += 1
            if edge := refused(code):
                bad += 1
                print(f"FAILED: {path}: {name}: instruction {edge[0]} runs back into {edge[1]}")
    print(f"{len(paths)} objects, {functions} functions")
    return 1 if bad or not functions else 0


if __name__ == "__main__":
    sys.exit(main())
