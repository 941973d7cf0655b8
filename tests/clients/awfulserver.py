#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""A server with a fault for each client: text behind the OK, a version of its own shape,
double blanks, bytes that are no UTF-8, values without quotes, an offer of TLS that is none,
a word of its own for an error, a connection that stays open after LOGOUT.

usage: awfulserver.py PORT
"""

import socketserver
import sys

ROWS = {
    "UPS": ['UPS awful "\xd6"'],
    "VAR": ["VAR awful ups.status OL COOLING", 'VAR awful ups.mfr "N\xd6"'],
    "RW": ["RW awful battery.charge.low 20"],
    "CMD": ["CMD awful  beeper.enable"],
    "CLIENT": ["CLIENT awful"],
}
ANSWERS = {
    "VER": "Awful server",
    "NETVER": "version 1.3",
    "PROTVER": "version 1.3",
    "STARTTLS": "OK STARTTLS",
    "LOGOUT": "OK Goodbye",
    "GET NUMLOGINS awful": "NUMLOGINS awful none",
    "GET VAR awful ups.status": 'VAR  awful  ups.status  "OL COOLING"',
}


class Session(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            question = line.decode("latin-1").strip()
            words = question.split(" ")
            if words[0] == "LIST" and words[-1] in ("UPS", "awful"):
                lines = [f"BEGIN {question}", *ROWS[words[1]], f"END {question}"]
            elif words[0] in ("USERNAME", "PASSWORD", "LOGIN"):
                lines = ["OK, welcome"]
            else:
                lines = [ANSWERS.get(question, "ERR NOT-KNOWN-HERE")]
            self.wfile.write("".join(f"{text}\n" for text in lines).encode("latin-1"))


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


if __name__ == "__main__":
    with Server(("127.0.0.1", int(sys.argv[1])), Session) as server:
        print("ready", flush=True)
        server.serve_forever()
