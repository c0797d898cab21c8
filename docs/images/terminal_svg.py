#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""Makes a picture of a terminal from the text on standard input, readable on light and on dark pages:

  examples/run | docs/images/terminal_svg.py '# examples/run' > docs/images/examples-run.svg

An argument is a line of its own above the text: the command. Lines that start with == or -- are headings. The progress
of a build is left out, and paths are those seen from the project's folder."""
import pathlib
import re
import sys
from xml.sax.saxutils import escape

SIZE, LINE, COLUMN, MARGIN = 13, 19, 7.83, 18  # of the font, a line, a character, the frame, in pixels
HERE = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRESS = re.compile(r"\[\d+/\d+\] |ninja: |make: ")
WIDEST = 130  # characters; what is longer would make all of it too small to read
STYLE = """
    .page { fill: #f6f8fa; stroke: #d0d7de }
    text { fill: #1f2328; white-space: pre;
           font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace }
    .command, .part { font-weight: bold }
    .heading { fill: #0550ae; font-weight: bold }
    @media (prefers-color-scheme: dark) {
      .page { fill: #161b22; stroke: #30363d }
      text { fill: #e6edf3 }
      .heading { fill: #79c0ff }
    }
  """


def plain(text):
    """Without colours, and of a line that was written over what came last."""
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text).replace(f"{HERE}/", "")
    lines = [line.rstrip("\r").rsplit("\r", 1)[-1].rstrip().expandtabs() for line in text.split("\n")]
    lines = [line for line in lines if not PROGRESS.match(line)]
    return [line if len(line) <= WIDEST else line[: WIDEST - 1] + "…" for line in lines]


def picture(lines, commands):
    while lines and not lines[-1]:
        lines.pop()
    rows = [(line, "command") for line in commands]
    rows += [(line, {"== ": "heading", "-- ": "part"}.get(line[:3], "")) for line in lines]
    if not rows:
        sys.exit("terminal_svg.py: there is no text on standard input")
    width = round(max(len(line) for line, _ in rows) * COLUMN + 2 * MARGIN)
    height = len(rows) * LINE + 2 * MARGIN
    yield f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
    yield f"  <style>{STYLE}</style>"
    yield f'  <rect class="page" x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="8"/>'
    for row, (line, kind) in enumerate(rows):
        if line:
            style = f' class="{kind}"' if kind else ""
            yield (f'  <text{style} x="{MARGIN}" y="{MARGIN + row * LINE + SIZE}" xml:space="preserve">'
                   f"{escape(line)}</text>")
    yield "</svg>"


if __name__ == "__main__":
    print("\n".join(picture(plain(sys.stdin.read()), sys.argv[1:])))
