#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Puts the same questions to two NUT servers with the same UPSes and compares the answers:
every verb and sub-verb with right, wrong, missing and surplus words, in several spellings
and quotings. What differs on purpose stands in a file, a line each: a pattern for the
question, and why.

usage: protocol.py PORT PORT DIFFERENCES
"""

import itertools
import re
import socket
import sys

SENTINEL = "Network UPS Tools upsd"
UPS = ["real", "REAL", '"real"', "nosuch", '""', None]
NAMES = {
    "var": ["ups.status", "UPS.Status", '"battery.charge"', "ups.contact", "no.such", "a/b", '""', None],
    "rw": ["ups.contact", "battery.charge", "no.such", None],
    "cmd": ["load.off", "LOAD.OFF", "no.such", None],
}
SURPLUS = ["", "extra", '"a b" c']


def joined(*words):
    """The words up to the first that is missing."""
    return " ".join(itertools.takewhile(lambda w: w is not None, words)).rstrip()


def reading():
    for verb, subs in {
        "GET": {"VAR": "var", "TYPE": "var", "DESC": "var", "CMDDESC": "cmd"},
        "LIST": {"ENUM": "var", "RANGE": "var"},
    }.items():
        for sub, kind in subs.items():
            for ups, name, more in itertools.product(UPS, NAMES[kind], SURPLUS):
                yield joined(verb, sub, ups, name, more)
    for verb, sub in [("GET", "UPSDESC"), ("GET", "NUMLOGINS"), ("LIST", "VAR"), ("LIST", "RW"),
                      ("LIST", "CMD"), ("LIST", "CLIENT")]:
        for ups, more in itertools.product(UPS, SURPLUS):
            yield joined(verb, sub, ups, more)
    yield from ["GET", "LIST", "GET NONSENSE", "LIST NONSENSE real", "get var real ups.status",
                "List Ups", "LIST UPS", "LIST UPS real", "GET TRACKING", "GET TRACKING x",
                "GET VAR real server.info x", "GET VAR real server.version x",
                "GET TYPE real server.info", "GET DESC real server.info"]


def strange():
    """What is no question, and odd ways to write one."""
    yield from ["", "   ", "NONSENSE", "NONSENSE a b c", '"GET" "VAR" "real" "ups.status"',
                "GET  VAR   real\tups.status", 'GET VAR "real', 'GET VAR real "ups.status" x"y',
                "GET VAR re\\al ups.status", 'GET VAR "re\\"al" ups.status', "# comment",
                "GET VAR real ups.status # comment", "GET VAR real ups.status=1", "GET=VAR", "HELP x",
                "VER x", "NETVER x", "PROTVER", "NETVER", "STARTTLS x", "LOGOUT x", "USERNAME",
                "PASSWORD", "USERNAME a b", "PASSWORD a b", "GET VAR real ups.\u00fcber"]


def commanding():
    for ups, name, more in itertools.product(UPS, NAMES["rw"], ['"x"', None, "a b", '"' + "y" * 300 + '"']):
        yield joined("SET", "VAR", ups, name, more)
    for ups, name, more in itertools.product(UPS, NAMES["cmd"], SURPLUS):
        yield joined("INSTCMD", ups, name, more)
    for verb in "LOGIN", "PRIMARY", "MASTER", "FSD":
        for ups, more in itertools.product(["nosuch", '""', None], SURPLUS):
            yield joined(verb, ups, more)
    yield from ["SET", "SET NONSENSE", "SET VAR", "SET TRACKING", "SET TRACKING MAYBE", "SET TRACKING ON",
                "GET TRACKING", "GET TRACKING x", "SET TRACKING OFF", "GET TRACKING", "INSTCMD",
                "PRIMARY real", "MASTER real", "LOGIN real", "LOGIN real", "LOGIN nosuch",
                "GET NUMLOGINS real", "LIST CLIENT real"]


ACCOUNTS = {
    "nobody": [],
    "a name only": ["USERNAME chief"],
    "twice": ["USERNAME chief", "USERNAME chief", "PASSWORD secret", "PASSWORD secret"],
    "wrong": ["USERNAME chief", "PASSWORD wrong"],
    "boss": ["USERNAME boss", "PASSWORD secret"],
    "chief": ["USERNAME chief", "PASSWORD secret"],
}


class Server:
    """One of the two, and the connection to it, which is made anew when it is of no use."""

    def __init__(self, port, words):
        self.port, self.words = int(port), words
        self.begin()

    def begin(self):
        self.s = socket.create_connection(("127.0.0.1", self.port), 10)
        self.left = b""
        for word in self.words:
            self.ask(word)
        self.s.settimeout(1)

    def line(self):
        """The next line, or None at the end. Debian's upsd answers lists in many writes; it
        would wait for our acknowledgement of each."""
        while b"\n" not in self.left:
            self.s.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            more = self.s.recv(65536)
            if not more:
                return None
            self.left += more
        line, self.left = self.left.split(b"\n", 1)
        return line.decode("latin-1")

    def ask(self, question):
        """All that it says before it answers the VER behind the question. Left out is what
        each says of itself: the words of descriptions, its driver, its version."""
        self.s.sendall(f"{question}\nVER\n".encode("latin-1"))
        answer, end = [], "(closed)"
        try:
            while (text := self.line()) is not None:
                if text.startswith(SENTINEL):
                    return answer
                if not text.split(" ")[2:3] or not text.split(" ")[2].startswith("driver."):
                    answer.append(re.sub(r'^((CMD)?DESC \S+ \S+|VAR \S+ server\S+) ".*"$', r'\1 "…"', text))
        except TimeoutError:
            end = "(silent)"
        self.begin()
        return answer + [end]


def conversations():
    yield "reading", [], list(reading()) + list(strange())
    for who, words in ACCOUNTS.items():
        yield who, [], words
        # Ours slows down who guesses.
        yield who, words, list(commanding()) if who != "wrong" else ["LOGIN real", "INSTCMD real x"]


def main():
    theirs, ours = sys.argv[1:3]
    with open(sys.argv[3]) as f:
        excused = [line.split("  ")[0] for line in f if line.strip() and not line.startswith("#")]
    used, asked, different = set(), 0, []
    for who, words, questions in conversations():
        a, b = Server(theirs, words), Server(ours, words)
        for question in questions:
            asked += 1
            want, got = a.ask(question), b.ask(question)
            if sorted(want) == sorted(got):
                continue
            full = f"{who}: {question}"
            reason = next((p for p in excused if re.fullmatch(p, full)), None)
            if reason is None:
                different.append(f"{full[:100]!r}\n  theirs {[x for x in want if x not in got][:3]}"
                                 f"\n  ours   {[x for x in got if x not in want][:3]}")
            used.add(reason)
    for pattern in excused:
        if pattern not in used:
            different.append(f"no difference any more: {pattern}")
    print(f"{asked} questions, {len(different)} differences that nobody has explained")
    print("\n".join(different[:40]))
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
