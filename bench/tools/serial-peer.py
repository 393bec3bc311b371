"""
The other end of a pseudo-terminal, with the manners of a firmware: an ok for every line, and its name when asked. Prints
the path of its port. With a number it is as fast as a printer that makes so many moves a second and keeps sixteen of
them; without, as fast as it can.
"""

import os
import pty
import sys
import time
import tty

PLANNED_MOVES = 16
NAME = b"FIRMWARE_NAME:Marlin 2.1.2 (bench) MACHINE_TYPE:Bench EXTRUDER_COUNT:1\n"

move_s = 1 / float(sys.argv[1]) if len(sys.argv) > 1 else 0
master, slave = pty.openpty()
tty.setraw(slave)
tty.setraw(master)
print(os.ttyname(slave), flush=True)
free_at = 0.0
while True:
    try:
        chunk = os.read(master, 4096)
    except OSError:
        sys.exit(0)
    lines = chunk.count(b"\n")
    if lines == 0:
        continue
    if move_s:
        now = time.monotonic()
        free_at = max(free_at, now) + lines * move_s
        full_s = free_at - PLANNED_MOVES * move_s - now
        if full_s > 0:
            time.sleep(full_s)
    os.write(master, (NAME if b" M115" in chunk else b"") + b"ok\n" * lines)
