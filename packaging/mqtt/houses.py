#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""All houses of one broker: what each UPS says, what is wrong, and what has happened, each
told once, a line each. Uses nothing but what docs/publishing.md, 5 promises. Needs
python3-paho-mqtt.
usage: houses.py HOST[:PORT] [NAME [AUTHORITIES [CERTIFICATE-WITH-KEY | USER PASSWORD-FILE]]]
NAME is what the broker knows this consumer by: what happens while it is not there is kept
for it."""

import json
import sys

import paho.mqtt.client as mqtt

host, name, authorities, who, password = (sys.argv[1:] + [""] * 5)[:5]
WRONG = {"on_battery": "on battery", "low_battery": "battery low", "overload": "overload",
         "replace_battery": "replace the battery"}
wrong = {}  # "site" or "site/ups": what is wrong there
texts = {}  # "site/ups": what it says
newest = {}  # "site/ups": the id of the last event that was told
resumed = False  # the broker has kept what happened while we were away


def tell(word, where, text):
    print(word, where, text, flush=True)


def becomes(where, now):
    before, wrong[where] = wrong.get(where, set()), now
    for text in sorted(now - before):
        tell("ALARM", where, text)
    for text in sorted(before - now):
        tell("OVER", where, text)


def on_status(site, payload):
    becomes(site, {"away"} if payload == b"offline" else set())


def on_state(where, payload):
    state = json.loads(payload or "{}")  # an empty one: there is no such UPS any more
    charge = state.get("vars", {}).get("battery.charge", "?")
    text = f"{state['text']}, {charge} %" if state else "gone"
    if texts.get(where) != text:
        texts[where] = text
        tell("NOW", where, text)
    lost = {"UPS lost"} if state.get("link") == "offline" else set()
    becomes(where, lost | {text for key, text in WRONG.items() if state.get(key)})


def on_event(where, payload, retained):
    event = json.loads(payload or "{}")
    number = event.get("id", 0)  # a mark has none: it says only that the box came back
    if retained and resumed:
        return  # what we have missed comes by itself, and what came before it, too
    if retained and where not in newest:
        newest[where] = number  # an old one
    elif number > newest.get(where, 0):  # else a broker has handed it to us twice
        newest[where] = number
        tell("EVENT", where, f"{event['at']} {event['kind']}: {event['text']}")


def on_message(client, _, message):
    site, *ups, kind = message.topic.split("/")[1:]
    where = "/".join([site, *ups])
    if kind == "status":
        on_status(site, message.payload)
    elif kind == "state":
        on_state(where, message.payload)
    else:
        on_event(where, message.payload, message.retain)


def on_connect(client, _, flags, result):
    global resumed
    resumed = bool(flags["session present"])
    # The events first: who has been told a state misses nothing that happens from then on.
    client.subscribe([(f"holdup/{t}", 1) for t in ("+/+/event", "+/status", "+/+/state")])


style = [mqtt.CallbackAPIVersion.VERSION1] if hasattr(mqtt, "CallbackAPIVersion") else []
client = mqtt.Client(*style, client_id=name, clean_session=not name)
client.on_connect, client.on_message = on_connect, on_message
if password:
    client.username_pw_set(who, open(password, encoding="utf-8").read().strip())
if authorities:
    client.tls_set(authorities, certfile=None if password else who or None)
host, _, port = host.partition(":")
client.connect(host, int(port or (8883 if authorities else 1883)))
client.loop_forever(retry_first_connection=True)
