#!/usr/bin/env python3
"""Writes the lines of a file that contain a text into another file. It can move from host
to host while it works (docs/process.md of Parley)."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../hostagent/process/coop/python"))
import parley_coop  # noqa: E402

p = parley_coop.join("grep")
text, source, target = p.args
lines, out = p.input(source), p.output(target)
for line in lines:
    if text.encode() in line:
        out.write(line)
    p.point()
p.done()
