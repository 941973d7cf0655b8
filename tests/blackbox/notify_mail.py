#!/usr/bin/python3 -Wignore::DeprecationWarning
# SPDX-License-Identifier: ISC
"""Mail by SMTP (aiosmtpd of Debian): STARTTLS and TLS, verified; AUTH; receivers that are refused;
servers that close, or say no. Debian's Python, for aiosmtpd is there."""

import asyncio
import email
import email.policy
import email.utils
import os
import shutil
import ssl
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

try:
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import AuthResult
except ImportError:
    print("aiosmtpd is not there (python3-aiosmtpd)")
    sys.exit(77)

from corelib import free_port
from notifylib import Channel, die, same, tried, wait_for

# takes 40 s

folder = tempfile.mkdtemp(prefix="holdup-mail.")


def openssl(*args):
    subprocess.run(["openssl", *args], cwd=folder, check=True, capture_output=True)


def certificate(name, cn):
    """A certificate that is its own authority."""
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-subj", f"/CN={cn}", "-addext", f"subjectAltName=DNS:{cn}", "-keyout", f"{name}.key",
            "-out", f"{name}.crt", "-days", "2")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{folder}/{name}.crt", f"{folder}/{name}.key")
    return context


class Mailbox:
    """Takes mail as the script wants; `refuses` says what to answer a receiver with."""

    def __init__(self, starttls=None, tls=None, auth=False):
        self.mails, self.logins, self.refuses, self.data = [], [], {}, None
        options = {"tls_context": starttls} if starttls else {}
        if auth:
            options |= {"authenticator": self.login, "auth_required": True,
                        "auth_require_tls": bool(starttls)}
        self.controller = Controller(self, hostname="127.0.0.1", port=free_port(),
                                     ssl_context=tls, server_hostname="mail.test", **options)
        self.controller.start()
        self.port = self.controller.port

    def login(self, server, session, envelope, mechanism, data):
        self.logins.append((mechanism, data.login.decode(), data.password.decode()))
        return AuthResult(success=data.password == b"right", handled=False)

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.data:
            answer, self.data = self.data, None
            if answer == "close":
                server.transport.abort()
                await asyncio.sleep(1)
                return "451 never"
            return answer
        self.mails.append(envelope)
        return "250 OK"

    def gets(self, count=1):
        wait_for(f"{count} mails", lambda: len(self.mails) >= count)
        same("number of mails", len(self.mails), count)
        return email.message_from_bytes(self.mails[-1].content, policy=email.policy.default)

    def section(self, more="", scheme="smtp", host="127.0.0.1"):
        return (f"via = mail\nurl = {scheme}://{host}:{self.port}\nfrom = ups@example.org\n"
                f"to = me@example.org you@example.org\n{more}")


def plain():
    """What a mail looks like, with its own time, and the letters of others."""
    box = Mailbox()
    title = ("größer als 5 € und noch viel mehr, was in einer Zeile nicht Platz hat, weil sie zu "
             "Ende ist")
    c = Channel(box.section(f'title = "{{site}}: {title}"\ntext = "{{text}} =€ "'),
                snapshot='UPS office "Bürö"\noffice SETINFO ups.status "OB"\noffice DATAOK\n'
                         'office VIEW * none\n', site="[mqtt]\nsite = beach\n")
    number = c.event("onbatt", "On battery.", "battery.charge=97", ago=7200)
    mail = box.gets()
    same("receivers", box.mails[0].rcpt_tos, ["me@example.org", "you@example.org"])
    same("sender", box.mails[0].mail_from, "ups@example.org")
    same("Subject", mail["Subject"], f"beach: {title}")
    same("Date", int(email.utils.parsedate_to_datetime(mail["Date"]).timestamp()),
         (number - 7200000) // 1000)
    same("Message-ID", mail["Message-ID"], f"<holdup.{number:x}.phone.beach@example.org>")
    same("To", mail["To"], "me@example.org, you@example.org")
    lines = mail.get_content().splitlines()
    same("first line", lines[0], "On battery.")
    if not lines[1].startswith("It happened ") or not lines[1].endswith(" =€ "):
        die(f"content {lines}")
    raw = box.mails[0].content
    if max(len(line) for line in raw.split(b"\r\n")) > 78 or raw.count(b"\n") != raw.count(b"\r\n"):
        die(f"lines of the mail: {raw}")


def urgent():
    box = Mailbox()
    c = Channel(box.section())
    c.event("lowbatt", "The battery is low: charge 9 %, runtime 95 s.")
    mail = box.gets()
    same("Subject", mail["Subject"], "Battery is low: Server")
    same("Importance", mail["Importance"], "high")


def logins():
    """A password goes over TLS that is verified, or nowhere (but to this machine itself)."""
    good, other = certificate("good", "localhost"), certificate("other", "elsewhere.test")
    login = f'user = ups\npassword = right\nca = {folder}/good.crt\n'
    box = Mailbox(starttls=good, auth=True)
    same("STARTTLS", tried(box.section(login, host="localhost")), ("delivered", 0))
    same("logins", [login[1:] for login in box.logins], [("ups", "right")])
    text, status = tried(box.section(login.replace("right", "wrong"), host="localhost"))
    if status != 1 or "look at user = and password =" not in text:
        die(f"a wrong password: {text}")
    text, status = tried(box.section("", host="localhost") + f"ca = {folder}/good.crt\n")
    if status != 1 or "look at user = and password =" not in text:
        die(f"no password: {text}")
    box = Mailbox(tls=good, auth=False)
    section = box.section(f"ca = {folder}/good.crt\n", "smtps", "localhost")
    same("smtps", tried(section), ("delivered", 0))
    for context, ca, why in ((good, "", "an unknown authority"),
                             (other, f"ca = {folder}/other.crt\n", "another name")):
        box = Mailbox(tls=context)
        text, status = tried(box.section(ca, "smtps", "localhost"))
        if status != 1 or "ca =" not in text or box.mails:
            die(f"{why}: {text}")
    # Without TLS it goes to this machine alone. 0.0.0.0 leads here, too, and is no name of it.
    box = Mailbox(auth=True)
    same("loopback", tried(box.section("user = ups\npassword = right\n")), ("delivered", 0))
    text, status = tried(box.section("user = ups\npassword = right\n", host="0.0.0.0"))
    if status != 1 or "offers no TLS" not in text or len(box.mails) != 1:
        die(f"a password without TLS: {text}")
    same("logins", len(box.logins), 1)


def refusals():
    """One receiver is refused: the others get it, and the log says so; all: it is kept."""
    box = Mailbox()
    box.refuses = {"you@example.org": "550 5.1.1 nobody of that name"}
    c = Channel(box.section())
    number = c.event("onbatt", "On battery.")
    box.gets()
    same("receivers", box.mails[0].rcpt_tos, ["me@example.org"])
    named = 'takes none for you@example.org: it says "550 5.1.1 nobody'
    wait_for("the log names him", lambda: named in c.log())
    c.tells(number)
    box.refuses["me@example.org"] = "550 5.1.1 nobody of that name either"
    text, status = tried(box.section())
    if status != 1 or "look at from = and to =" not in text or "nobody of that name" not in text:
        die(f"all are refused: {text}")


def faults():
    """451, a connection that breaks at the end, 554: tried again, again, and given up."""
    box = Mailbox()
    c = Channel(box.section())
    box.data = "451 4.3.0 later"
    c.event("onbatt", "On battery.")
    box.gets()
    first = box.mails[0].content
    box.data = "close"
    c.event("lowbatt", "The battery is low.")
    box.gets(2)
    box.data = "554 5.6.0 not this one"
    c.event("fsd", "Forced shutdown.")
    number = c.event("overload", "Overloaded.")
    same("Subject", box.gets(3)["Subject"], "Overload: Server")
    c.tells(number)
    if "given up: Forced shutdown: Server" not in c.log() or b"Power failure" not in first:
        die(c.log())


try:
    for check in plain, urgent, logins, refusals, faults:
        check()
finally:
    shutil.rmtree(folder)
