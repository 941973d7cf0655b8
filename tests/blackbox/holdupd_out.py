#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# takes 25 s
"""holdupd and out: whom holdup.conf asks for is started, with the texts of [mqtt]'s TLS where
it is to have them; a reload starts out afresh where they have changed, and only then; what
waited in the outbox is there again."""

import os
import shutil
import signal

from baselib import PATIENCE, die, listen_unix, logged, same, wait_for
from corelib import Driver, Folder, children, free_port
from wirelib import Publisher

CERTIFICATE = "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n"
CONF = """[mqtt]
url = mqtts://127.0.0.1:9
ca = {0}/ca.pem
certificate = {0}/me.pem
key = {0}/me.key
[notify phone]
via = ntfy
url = http://127.0.0.1:9/topic
"""

folder = Folder(ups_conf="[qnapups]\n\tdriver = dummy\n\tport = x\n",
                upsd_conf=f"LISTEN 127.0.0.1 {free_port()}\n")


def write(name, text):
    with open(f"{folder.etc}/{name}", "w") as f:
        f.write(text)


write("ca.pem", CERTIFICATE.format("authority"))
write("me.pem", CERTIFICATE.format("one"))
write("me.key", "a key\n")
write("holdup.conf", CONF.format(folder.etc))
os.mkdir(f"{folder.dir}/libexec")
listeners = {}
for name, program in (("mqtt", "mqtt"), ("notify.phone", "publish")):
    shutil.copy(f"{os.path.dirname(__file__)}/fakepublisher.py", f"{folder.dir}/libexec/{program}")
    listeners[name] = listen_unix(f"{folder.run}/{name}.publisher")
    listeners[name].settimeout(PATIENCE)
driver = listen_unix(f"{folder.run}/dummy-qnapups")
holdupd = folder.start("holdupd", "-F", HOLDUP_LIBEXEC=f"{folder.dir}/libexec")
dummy = Driver(driver)
dummy.dump('SETINFO ups.status "OL"', "DATAOK")


def out():
    return next((pid for line, pid in children(holdupd.pid).items()
                 if line.startswith("out ")), None)


def texts(publisher):
    """Option → what is behind its descriptor."""
    with open(f"/proc/{publisher.pid}/cmdline") as f:
        words = f.read().split("\0")
    found = {}
    for option, number in zip(words, words[1:]):
        if option in ("-A", "-T", "-C"):
            with open(f"/proc/{publisher.pid}/fd/{number}") as f:
                found[option] = f.read()
    return found


def reload(*changed):
    before = len(reloads)
    reloads.append(changed)
    holdupd.send_signal(signal.SIGHUP)
    wait_for("the reload",
             lambda: holdupd.log().count("programs start afresh") == before + 1)


reloads = []
mqtt, phone = Publisher(listeners["mqtt"]), Publisher(listeners["notify.phone"])
same("of [mqtt]", {k: v for k, v in texts(mqtt).items() if k != "-C"},
     {"-A": CERTIFICATE.format("authority"), "-T": CERTIFICATE.format("one") + "\na key\n"})
same("of [notify]", texts(phone), {"-C": CONF.format(folder.etc)})
if oct(os.stat(f"{folder.run}/out").st_mode)[-4:] != "2750":
    die("the folder is open to others")

# Nothing is new; another certificate.
first = out()
reload()
same("out", out(), first)
dummy.send('SETINFO ups.status "OB DISCHRG"\n')
on = phone.event("onbatt")
write("me.pem", CERTIFICATE.format("two"))
reload("me.pem")
wait_for("out afresh", lambda: out() not in (None, first))
mqtt, phone = Publisher(listeners["mqtt"]), Publisher(listeners["notify.phone"])
same("of [mqtt]", texts(mqtt)["-T"], CERTIFICATE.format("two") + "\na key\n")
same("what waited", phone.event().id, on.id)

# A key that cannot be read: the broker gets no certificate, all else goes on.
os.unlink(f"{folder.etc}/me.key")
reload("me.key")
mqtt = Publisher(listeners["mqtt"])
same("without", sorted(texts(mqtt)), ["-A", "-C"])
logged(holdupd, "[mqtt] certificate: ", "the broker gets none until it can be read")

# Nobody is wanted any more.
write("holdup.conf", "")
reload("holdup.conf")
wait_for("no out", lambda: out() is None)
holdupd.terminate()
same("exit status", holdupd.wait(), 0)
