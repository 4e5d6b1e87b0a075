#!/usr/bin/env python3
"""Writes the factorial of a number into a file, in hexadecimal digits. It can move from
host to host while it works (docs/process.md of Parley)."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../hostagent/process/coop/python"))
import parley_coop  # noqa: E402

p = parley_coop.join("factorial")
number, target = int(p.args[0]), p.args[1]
p.carry("product", 1)
p.carry("factor", 1)
while p.state["factor"] <= number:
    p.progress = p.state["factor"] / number
    p.point()
    p.state["product"] *= p.state["factor"]
    p.state["factor"] += 1
p.output(target).write(b"%x\n" % p.state["product"])
p.done()
