"""A pseudo-terminal between a serial port and this program's input and output. Prints the path of the port first; what
is written to the port comes out, what comes in is read from the port. The end of the input pulls the cable."""

import os
import pty
import select
import sys
import tty

master, slave = pty.openpty()
tty.setraw(slave)
tty.setraw(master)
os.write(1, os.ttyname(slave).encode() + b"\n")
# The port hangs up with the master only when nobody else holds the other side.
os.close(slave)
poll = select.poll()
poll.register(0, select.POLLIN)
poll.register(master, select.POLLIN)
while True:
    for fd, event in poll.poll():
        if fd == 0:
            chunk = os.read(0, 65536)
            if not chunk:
                sys.exit(0)
            while chunk:
                chunk = chunk[os.write(master, chunk):]
        elif event & select.POLLIN:
            os.write(1, os.read(master, 65536))
        else:
            # Nobody has the port open: asked again a little later.
            select.select([0], [], [], 0.02)
