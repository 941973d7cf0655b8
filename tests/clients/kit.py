# SPDX-License-Identifier: ISC
"""What the replayed clients (replay/*.py) share: the server under test, a connection that
is read the way the client reads, and how a try ends.

A try is a function with @tries("what is tried") that takes a Server. It returns when the
client would be content (perhaps a remark for the table), raises Trip when it would not,
and Untried when it cannot be tried here.
"""

import socket
import ssl
import time


class Trip(Exception):
    """What this client trips over, and why."""


class Untried(Exception):
    """Why this was not tried."""


def tries(what):
    def mark(function):
        function.tried = what
        return function

    return mark


class Server:
    """Who is tried, and what may be done to it."""

    def __init__(self, host, port, ups=None, user=None, password=None, dangerous=False):
        self.host, self.port, self.ups = host, port, ups
        self.user, self.password, self.dangerous = user, password, dangerous
        self.source = None  # the address that the next connections come from

    def connect(self, patience=10):
        return Wire(self, patience)

    def account(self):
        if not self.user:
            raise Untried("needs --user and --password")
        return self.user, self.password or ""

    def danger(self, what):
        if not self.dangerous:
            raise Untried(f"{what}: only with --dangerous")


class Wire:
    """One connection. Text is Latin-1 both ways, so that each byte is one character."""

    def __init__(self, server, patience):
        self.patience = patience
        self.buffer = ""
        source = server.source and (server.source, 0)
        try:
            self.s = socket.create_connection((server.host, server.port), patience, source)
        except OSError as error:
            raise Trip(f"cannot connect: {error}") from None

    def send(self, text):
        try:
            self.s.sendall(text.encode("latin-1"))
        except OSError as error:
            raise Trip(f"{text.strip()}: {error}") from None

    def receive(self, size=65536):
        """What one read gives; an empty text at the end."""
        try:
            return self.s.recv(size).decode("latin-1")
        except socket.timeout:
            raise Trip(f"no answer within {self.patience} s") from None
        except OSError as error:
            raise Trip(f"connection lost: {error}") from None

    def until(self, end, what="the answer"):
        """What comes up to and with `end`; what comes with it stays in the buffer."""
        give_up = time.monotonic() + self.patience
        while end not in self.buffer:
            more = self.receive()
            if not more:
                raise Trip(f"connection closed in the middle of {what}: {self.buffer[-60:]!r}")
            self.buffer += more
            if time.monotonic() > give_up:
                raise Trip(f"{what} takes longer than {self.patience} s")
        text, _, self.buffer = self.buffer.partition(end)
        return text + end

    def line(self, what="the answer"):
        return self.until("\n", what)[:-1]

    def ask(self, question):
        """The line that answers, whatever it is."""
        self.send(question + "\n")
        return self.line(f"the answer to {question}")

    def demand(self, question, begin="OK"):
        """The line that answers, which must begin so."""
        answer = self.ask(question)
        if not answer.startswith(begin):
            raise Trip(f"{question}: {answer!r}, wants {begin!r}")
        return answer

    def list(self, question):
        """The lines between BEGIN and END, which must repeat the question."""
        lines = [self.demand(question, f"BEGIN {question}")]
        while lines[-1] != f"END {question}":
            lines.append(self.line(question))
            if lines[-1].startswith(("ERR", "BEGIN", "END ")) and lines[-1] != f"END {question}":
                raise Trip(f"{question}: {lines[-1]!r} in the middle of the list")
        return lines[1:-1]

    def silent(self, seconds):
        """Nothing must come unasked."""
        self.s.settimeout(seconds)
        try:
            more = self.buffer or self.s.recv(4096).decode("latin-1")
        except socket.timeout:
            return
        except OSError as error:
            more = str(error)
        finally:
            self.s.settimeout(self.patience)
        raise Trip(f"unasked came {more!r}" if more else "the idle connection was closed")

    def ended(self, why):
        """The server must close."""
        while self.receive():
            pass
        self.s.close()
        return why

    def logout(self):
        self.demand("LOGOUT", "OK Goodbye")
        self.s.close()

    def starttls(self):
        """Says STARTTLS as clients do that take what they get: True when it is TLS now."""
        if not self.ask("STARTTLS").startswith("OK"):
            return False
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        try:
            self.s = context.wrap_socket(self.s)
        except OSError as error:
            raise Trip(f"the handshake after STARTTLS fails: {error}") from None
        return True


def words(line):
    """The words of a line as NUT's own parser has them: a backslash takes the next
    character as it is, quotes keep blanks together."""
    out, word, quoted, begun, escaped = [], "", False, False, False
    for c in line:
        if escaped:
            word, escaped = word + c, False
        elif c == "\\":
            escaped = begun = True
        elif c == '"':
            quoted, begun = not quoted, True
        elif c in " \t" and not quoted:
            if begun:
                out.append(word)
            word, begun = "", False
        else:
            word, begun = word + c, True
    if quoted or escaped:
        raise Trip(f"the quotes do not end: {line!r}")
    return out + [word] if begun else out


def number(text, what):
    """As atof, Double.Parse and strconv.ParseFloat agree on."""
    try:
        return float(text)
    except ValueError:
        raise Trip(f"{what} is {text!r}, which is no number") from None


def harmless_command(commands, variables):
    """A command that changes nothing: the beeper stays as it is."""
    for state in "enable", "disable":
        if variables.get("ups.beeper.status") == state + "d" and f"beeper.{state}" in commands:
            return f"beeper.{state}"
    raise Untried("the UPS has no command that changes nothing")
