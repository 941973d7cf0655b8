#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""A driver of NUT whose UPS says what clients bear badly: words of the status that few
know, a double blank, quotes, a backslash, letters beyond ASCII; and not what many want.

usage: harddriver.py UPS       listens on $NUT_STATEPATH/hard-UPS
"""

import os
import socketserver
import sys

VALUES = {
    "ups.status": "OB LB RB  ECO HOLD",
    "ups.mfr": 'Nöbody "Best"',
    "ups.model": " Nothing\\500 ",
    "ups.load": "20",
    "ups.beeper.status": "enabled",
    "battery.charge": "12",
    "battery.charge.low": "20",
    "input.voltage": "0.0",
}


def dump():
    yield "DATAOK"
    for name, value in VALUES.items():
        value = value.replace("\\", "\\\\").replace('"', '\\"')
        yield f'SETINFO {name} "{value}"'
    yield "SETFLAGS battery.charge.low RW STRING"
    yield "SETAUX battery.charge.low 3"
    yield "ADDCMD beeper.enable"
    yield "DUMPDONE"


class Upsd(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            words = line.decode().split()
            if words[:1] == ["DUMPALL"]:
                self.say(*dump())
            elif words[:1] == ["PING"]:
                self.say("PONG")
            elif "TRACKING" in words:
                self.say(f"TRACKING {words[-1]} 0")

    def say(self, *lines):
        self.wfile.write("".join(f"{line}\n" for line in lines).encode())


class Driver(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


if __name__ == "__main__":
    with Driver(f"{os.environ['NUT_STATEPATH']}/hard-{sys.argv[1]}", Upsd) as driver:
        driver.serve_forever()
