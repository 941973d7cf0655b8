#!/usr/bin/python3
# SPDX-License-Identifier: ISC
# takes 140 s
"""Each event once: through a connection that is cut before and behind each message, a broker
that is ended and started, and publishers that are killed."""

import json
import random
import signal
import time

from baselib import die, same, wait_for
from corelib import Folder
from freeport import free_port
from mqttlib import BASE, UPS, Listener, Mosquitto, Proxy, Wire, needed

needed()
random.seed(8)
folder = Folder()
# A session and what is kept outlive the broker; all is written at its end.
broker = Mosquitto(folder, head="persistence true\nautosave_interval 1\n"
                   f"persistence_location {folder.dir}/\n")
listener = Listener(broker, f"{BASE}/+/event", name="listener", durable=True)
proxy = Proxy(broker)
wire = Wire(folder, f"url = mqtt://127.0.0.1:{proxy.port}\nsite = home\ndiscovery = no\n")
number = 1764000000000


def happens(**more):
    """An event, as `out` hands it on."""
    global number
    number += random.randint(1, 5000)
    wire.event(number, **more)
    return number


def once(numbers):
    """These came, in order, each once; but for what a broker sends again itself."""
    wait_for("all events", lambda: {e["id"] for e in listener.events()} >= set(numbers))
    came = [json.loads(m.payload).get("id") for m in list(listener.messages)
            if m.payload and not m.retain and not m.dup]
    same("events", [i for i in came if i], numbers)


# --- what it says
now = int(time.time() * 1000)
numbers = [happens(at=now, text='On "battery" \\o/',
                   facts='battery.charge=97.5 "ups.status=OB LB" ups.mfr=0123')]
once(numbers)
event = listener.events()[0]
same("an event", {k: event[k] for k in event if k != "at"},
     {"id": numbers[0], "site": "home", "ups": "qnapups", "kind": "onbatt", "event_type": "onbatt",
      "text": 'On "battery" \\o/', "who": None, "late": False,
      "facts": {"battery.charge": 97.5, "ups.status": "OB LB", "ups.mfr": "0123"}})
same("its time", event["at"], time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now // 1000)) +
     f".{now % 1000:03d}Z")
wire.takes(numbers[0])
numbers.append(happens(ups='""', kind="start", text="holdup runs", at=now - 60000))
once(numbers)
same("one of the house", (listener.events()[1]["ups"], listener.events()[1]["late"],
                          listener.messages[-1].topic), (None, True, f"{BASE}/_house/event"))
wire.takes(numbers[-1])

# --- the connection breaks before the broker has it, and behind that
for forwarded in (False, True) * 3:
    proxy.cut_at_event(forwarded)
    numbers.append(happens())
    wait_for("a cut", lambda: not proxy.cuts)
    wire.takes(numbers[-1])
    once(numbers)
marks = [m for m in listener.messages if m.topic == f"{BASE}/_mark/event"]
same("marks", bool(marks), True)

# --- … and the publisher is killed at that moment
for forwarded in (False, True) * 2:
    proxy.cut_at_event(forwarded)
    numbers.append(happens())
    wait_for("a cut", lambda: not proxy.cuts)
    wire.kill()
    wire.start()
    wire.takes(numbers[-1])
    once(numbers)

# --- the broker ends and begins again, twenty times
for i in range(20):
    numbers.append(happens())
    if i % 2:
        wire.takes(numbers[-1])
    broker.end()
    if not i % 3:
        numbers.append(happens())
    broker.start()
wire.takes(numbers[-1])
once(numbers)

# --- … and is killed, and has forgotten what it did not write: nothing is lost, and what comes
# twice is known by its id
for _ in range(5):
    numbers.append(happens())
    broker.end(signal.SIGKILL)
    numbers.append(happens())
    broker.start()
    wire.takes(numbers[-1])
wait_for("all events", lambda: {e["id"] for e in listener.events()} >= set(numbers))
same("what happened", sorted({e["id"] for e in listener.events()}), numbers)
listener.messages.clear()
numbers = []
for _ in range(4):
    numbers.append(happens())
once(numbers)
wire.takes(numbers[-1])

# --- what was handed out again though it was sent long ago (`out` lost what it was told).
# The last one would come twice: what is kept may not be stored, so that proves nothing.
wire.kill()
wire.pending = [f'EVENT {n} {now} onbatt qnapups - "On battery"' for n in numbers[-4:-1]]
wire.start()
wait_for("taken again", lambda: not wire.pending)
numbers.append(happens())
wire.takes(numbers[-1])
once(numbers)

# --- ids that have begun anew, for a clock that was years back
wire.kill()
wire.pending = []
wire.start()
number -= 10 ** 11
numbers.append(happens())
wire.takes(numbers[-1])
once(numbers)
wire.end()
