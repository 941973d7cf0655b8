#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Domoticz is told the three values of the article: the first ones, changes within a second,
nothing that is not known; with a login; and says what is wrong in the words of Domoticz."""

import base64
import ssl
import subprocess
import time

from corelib import Folder, logged, same, wait_for
from outlib import ERR, OK, Out

# The first values, each change within a second, and nothing else.
out = Out()
out.domoticz.takes("12=34.0", "13=100.0", "14=27.5")
logged(out, "it answers\n", times=1)
out.core.set("ups.load", "35")
out.domoticz.takes("12=35.0", seconds=1)
out.core.set("ups.status", "OB DISCHRG")
out.core.set("battery.charge", "100.0")  # the same number
out.core.set("battery.runtime", "1200")
out.core.set("battery.charge", "98.5")
out.domoticz.takes("13=98.5", seconds=1)
out.core.say("qnapups DATASTALE")
out.core.set("ups.load", "99")
out.domoticz.takes()
out.core.say("qnapups DATAOK", "qnapups DELINFO ups.temperature")
out.domoticz.takes("12=99.0", seconds=1)
out.core.set("battery.temperature", "31")
out.domoticz.takes("14=31.0", seconds=1)

# Another UPS comes and goes; a core that starts again tells nothing new.
out.core.say('UPS second ""', 'second SETINFO ups.load "7"', "second DATAOK", "second GONE")
out.domoticz.takes()
out.core.end()
out.core.begin()
out.core.snapshot = out.core.snapshot.replace("34", "99").replace("100", "98.5")
out.core.snapshot = out.core.snapshot.replace("27.5", "31")
out.core.reader()
out.domoticz.takes()
same("authorization", {a for _, a in out.domoticz.asked}, set())
out.core.set("ups.load", "1")
out.domoticz.takes("12=1.0", seconds=1)

# A feed that breaks its rules is read anew.
out.core.s.sendall(b"1 qnapups LOST\n")
out.core.snapshot = out.core.snapshot.replace("99", "2")
out.core.reader()
out.domoticz.takes("12=2.0")
out.stop()

# Without a user no header is sent; with one, exactly his.
out = Out("load = 12\nuser = ups\npassword = \"ge heim\"\n")
out.domoticz.takes("12=34.0")
out.core.set("ups.load", "35")
token = base64.b64encode(b"ups:ge heim").decode()
wait_for("a question", lambda: out.domoticz.asked)
same("authorization", out.domoticz.asked, [
    ("/json.htm?type=command&param=udevice&idx=12&nvalue=0&svalue=35.0", f"Basic {token}")])
out.stop()

# A login that is refused: once, with the two settings; and again when it is mended.
out = Out("load = 12\nuser = ups\npassword = x\n")
out.domoticz.answer = lambda path: (401, "<html><title>Unauthorized</title></html>", 0)
out.core.set("ups.load", "40")
out.says("Allow Basic-Auth over plain HTTP")
out.says("Trusted Networks")
out.core.set("ups.load", "41")
time.sleep(1.5)
logged(out, "Basic-Auth", times=1)
out.domoticz.answer = lambda path: (200, OK, 0)
out.says("it answers again")
same("the last value", out.domoticz.took()[-1], "12=41.0")
out.stop()

# An Idx that Domoticz does not have: named, once; the others arrive all the same.
out = Out("load = 12\ncharge = 99\n")
out.domoticz.answer = lambda path: (200, ERR if "idx=99&" in path else OK, 0)
out.core.set("battery.charge", "90")
out.says("charge = 99 is refused by")
out.core.set("battery.charge", "80")
out.core.set("ups.load", "50")
wait_for("load arrives", lambda: "12=50.0" in out.domoticz.took())
logged(out, "charge = 99", times=1)
out.stop()

# By TLS, a certificate that nobody has signed: no login is told to a stranger.
key, ca = f"{out.folder.dir}/key", f"{out.folder.dir}/ca"
subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj",
                "/CN=127.0.0.1", "-keyout", key, "-out", ca], check=True, capture_output=True)
tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
tls.load_cert_chain(ca, key)
safe = Out("load = 12\nuser = ups\npassword = x\n", tls=tls)
safe.says("does not answer (SSL certificate problem: ")
safe.domoticz.takes()
safe.stop()

# What is not Domoticz.
out = Out("load = 12\n")
out.domoticz.answer = lambda path: (200, "<html>a router</html>", 0)
out.core.set("ups.load", "50")
out.says("not as Domoticz does (HTTP 200)")
out.stop()

# A UPS that is not there is named once; it may come.
out = Out("load = 12\nups = second\n")
out.says("no UPS is named second")
out.domoticz.takes()
out.core.say('UPS second ""', 'second SETINFO ups.load "7"', "second DATAOK")
out.domoticz.takes("12=7.0")
logged(out, "no UPS is named", times=1)
out.stop()

# The command line.
folder = Folder()
for arguments in ((), ("-C", "0"), ("-C", "x", "-P", "domoticz", "-q", "0"),
                  ("-C", "0", "-P", "nobody", "-q", "0"), ("-C", "0", "-P", "domoticz"),
                  ("-C", "0", "-P", "domoticz.x", "-q", "0"), ("-C", "0", "-q", "0")):
    same(f"exit status of {arguments}", folder.start("publish", *arguments).wait(), 1)
same("exit status of -V", folder.start("publish", "-V").wait(), 0)
