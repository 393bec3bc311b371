"""The other end of a pseudo-terminal, with the manners of a firmware: an ok for every line. Prints the path of its port."""

import os
import pty
import sys
import tty

master, slave = pty.openpty()
tty.setraw(slave)
tty.setraw(master)
print(os.ttyname(slave), flush=True)
while True:
    try:
        chunk = os.read(master, 4096)
    except OSError:
        sys.exit(0)
    lines = chunk.count(b"\n")
    if lines:
        os.write(master, b"ok\n" * lines)
