#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""The files that the recipes tell people to write are taken without a word
of complaint, and do what is said of them."""

import re

from corelib import die, free_port, same
from docslib import blocks, ends_well, run, says

PORT = free_port()

article = blocks("the-article.md")
same("files of the article", [file for file, _ in article],
     ["ups.conf", "upsd.conf", "upsd.users", "upsmon.conf", "nut.conf", "upsmon.conf"])
files = {"nut.conf": "MODE=netserver\n", **dict(article[:4])}
same("addresses", re.findall(r"^LISTEN (.*)", files["upsd.conf"], re.MULTILINE),
     ["127.0.0.1", "192.168.0.9"])
files["upsd.conf"] = f"LISTEN 127.0.0.1 {PORT}\n"
if "allowfrom = lan" not in files["upsd.users"]:
    die(files["upsd.users"])
files["upsd.users"] = files["upsd.users"].replace("lan", "localhost")
domoticz = [text for _, text in blocks("domoticz.md")]
domoticz = [re.sub(r"192\.168\.0\.(20:8080|5)\b", "127.0.0.1:1", text) for text in domoticz]
same("ways to Domoticz", len(domoticz), 3)
files["holdup.conf"] = domoticz[0]
for recipe in ("synology.md", "truenas.md"):
    (name, text), = blocks(recipe)
    files[name] += text
(name, mqtt), (users, text) = blocks("home-assistant.md")
files[name] += re.sub(r"mqtt://\S+", "mqtt://127.0.0.1:1", mqtt)
files[users] += text
messages = blocks("messages.md")
same("files of the messages", [file for file, _ in messages], ["holdup.conf"] * 2)
for _, text in messages:
    # Nobody is told of this test.
    files["holdup.conf"] += re.sub(r"(http|smtp)s?://[a-z.]+", r"\1://127.0.0.1:1", text)
server = run(files)
says(server, f"ready: serving qnapups on 127.0.0.1:{PORT}")

# Another Pi is let in by the account that both recipes name.
files = dict(article[4:])
if "192.168.0.9" not in files["upsmon.conf"]:
    die(files["upsmon.conf"])
files["upsmon.conf"] = files["upsmon.conf"].replace("192.168.0.9", f"127.0.0.1:{PORT}")
client = run(files)
says(client, "ready: watching qnapups")
says(client, "has logged us in and waits for this machine")
ends_well(client)
ends_well(server)

# The other ways to Domoticz.
for text in domoticz[1:]:
    other = run({"nut.conf": "MODE=netserver\n", "holdup.conf": text,
                 "upsd.conf": f"LISTEN 127.0.0.1 {PORT}\n"})
    says(other, f"ready: serving ups on 127.0.0.1:{PORT}")
    ends_well(other)
