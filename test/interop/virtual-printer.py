"""
OctoPrint's own virtual printer behind a serial bridge: somebody else's idea of a firmware. Prints its port, then every
move it makes. Settings to change come as JSON in the first argument.
"""

import json
import socket
import sys
import tempfile
import threading
import time
import types

from octoprint.plugins.virtual_printer import VirtualPrinterPlugin, virtual

virtual.plugin_manager = lambda: types.SimpleNamespace(get_hooks=lambda *_: {})
values = {**VirtualPrinterPlugin.get_settings_defaults(None), **json.loads(sys.argv[1])}
folder = tempfile.TemporaryDirectory()


class Settings:
    def get(self, path, merged=False):
        found = values
        for name in path:
            found = found.get(name) if isinstance(found, dict) else None
        return found

    def get_int(self, path):
        return int(self.get(path) or 0)

    def get_float(self, path):
        return float(self.get(path) or 0)

    def get_boolean(self, path):
        return bool(self.get(path))

    def global_get_basefolder(self, _name):
        return folder.name


class Printer(virtual.VirtualPrinter):
    def _performMove(self, line):
        text = line.decode() if isinstance(line, bytes) else line
        if text.startswith(("G0", "G1")):
            time.sleep(MOVE_S)
            print(text.strip(), flush=True)


MOVE_S = values.pop("moveS", 0)
server = socket.create_server(("127.0.0.1", 0))
print(server.getsockname()[1], flush=True)
while True:
    line, _ = server.accept()
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    printer = Printer(Settings(), None, folder.name, read_timeout=0.5)

    def tell(line=line, printer=printer):
        while printer.outgoing is not None:
            said = printer.readline()
            if said:
                try:
                    line.sendall(said if said.endswith(b"\n") else said + b"\n")
                except OSError:
                    return

    threading.Thread(target=tell, daemon=True).start()
    rest = b""
    while True:
        try:
            chunk = line.recv(4096)
        except OSError:
            chunk = b""
        if not chunk:
            break
        rest += chunk
        while b"\n" in rest:
            command, rest = rest.split(b"\n", 1)
            command += b"\n"
            while command and printer.incoming is not None:
                command = command[printer.write(command) :]
    printer.close()
    line.close()
