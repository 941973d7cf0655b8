#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""The recipes of QNAP, Synology, TrueNAS and Home Assistant, followed: one server with the
files of all of them, and each box from its own address with the words that are fixed in it.
What a recipe gives to one address it gives to no other."""

from corelib import same, wait_for
from docslib import Client, House, blocks, change

ARTICLE = dict(blocks("the-article.md")[:4])
OTHER = "127.0.0.99"


def recipe(name, *pairs):
    """The text of the one file that a recipe adds to, at the addresses of this test."""
    return change(next(text for _, text in blocks(name)), *pairs)


synology = recipe("synology.md", (r"192\.168\.0\.30", "127.0.0.30"))
truenas = recipe("truenas.md", (r"192\.168\.0\.40", "127.0.0.40"))
(_, mqtt), (_, assistant) = blocks("home-assistant.md")
assistant = change(assistant, (r"192\.168\.0\.50", "127.0.0.50"))
house = House({
    "ups.conf": ARTICLE["ups.conf"],
    # Everybody here comes by loopback, which is no network of this machine.
    "upsd.users": change(ARTICLE["upsd.users"], ("allowfrom = lan", "allowfrom = 127.0.0.20"))
                  + truenas + assistant,
    "upsmon.conf": ARTICLE["upsmon.conf"],
    "holdup.conf": synology,
})
house.says("ready: serving qnapups")


def client(ups, *login, address=OTHER):
    return Client(house, ups, *login, address=address)


# A QNAP asks for qnapups, with or without the account that it is said to have.
nas = client("qnapups", address="127.0.0.20")
wait_for("OL", lambda: nas.status() == ["OL"])
client("qnapups", "admin", "123456", address="127.0.0.20").logged_in()
same("its account from elsewhere",
     client("qnapups", "admin", "123456").answers[-1], "ERR ACCESS-DENIED")

# The same by its own recipe, where upsd.users has no such account.
other = House({
    "ups.conf": "[myups]\ndriver = usbhid-ups\nport = auto\n",
    "upsd.users": "[nut]\npassword = nut\nupsmon primary\n",
    "upsmon.conf": "MONITOR myups@localhost 1 nut nut primary\n",
    "holdup.conf": recipe("qnap.md", (r"192\.168\.0\.20", "127.0.0.20")),
})
other.says("ready: serving myups")
nas = Client(other, "qnapups", address="127.0.0.20")
wait_for("OL", lambda: nas.status() == ["OL"])
Client(other, "qnapups", "admin", "123456", "127.0.0.20").logged_in()
same("its account from elsewhere",
     Client(other, "qnapups", "admin", "123456", OTHER).answers[-1], "ERR ACCESS-DENIED")
other.ends()

# A Synology asks for ups, as monuser with the password secret.
nas = client("ups", "monuser", "secret", address="127.0.0.30").logged_in()
same("status", nas.status(), ["OL"])
same("its account from elsewhere",
     client("ups", "monuser", "secret").answers[-1], "ERR ACCESS-DENIED")

# TrueNAS as it was told.
client("ups", "truenas", "a word of your own", address="127.0.0.40").logged_in()
same("its account from elsewhere",
     client("ups", "truenas", "a word of your own").answers[-1], "ERR ACCESS-DENIED")

# Home Assistant orders what its account names, and nothing else.
for address, command, answer in (("127.0.0.50", "beeper.mute", "OK"),
                                 ("127.0.0.50", "load.off", "ERR ACCESS-DENIED"),
                                 (OTHER, "beeper.mute", "ERR ACCESS-DENIED")):
    home = client("qnapups", address=address)
    home.ask("USERNAME homeassistant")
    home.ask('PASSWORD "a word of your own"')
    same(f"{command} from {address}", home.ask(f"INSTCMD qnapups {command}"), answer)
house.ends()
