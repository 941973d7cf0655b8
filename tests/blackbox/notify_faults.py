#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Receivers that hang, fail, refuse, talk without end or are away: what is told all the same, how
often it is tried, and what the log says."""

import time

from notifylib import Channel, Receiver, die, same, wait_for

# takes 60 s


def channel(receiver, more="", path="/topic"):
    return Channel(f"via = ntfy\nurl = {receiver.url(path)}\n{more}", site="[mqtt]\nsite = beach\n")


def says(channel, *texts):
    for text in texts:
        wait_for(f"'{text}' in the log", lambda: text in channel.log())


def titles(receiver):
    return [a.json()["title"] for a in receiver.asked]


def server_errors():
    """500, 429 with Retry-After, then 200: the same message, and one line when it fails."""
    receiver = Receiver()
    answers = [(500, {}, ""), (503, {}, ""), (429, {"Retry-After": "6"}, ""), (200, {}, "")]
    times, fails = [], []

    def answer(asked):
        times.append(time.monotonic())
        fails.append(c.kept.get("fails", "").partition(" "))
        return answers[len(times) - 1]

    receiver.answer = answer
    c = channel(receiver)
    c.event("onbatt", "On battery.")
    receiver.gets(4)
    for i, least in enumerate((1, 2, 6)):
        if times[i + 1] - times[i] < least - 0.05:
            die(f"try {i + 2} came {times[i + 1] - times[i]:.2f} s after the one before")
    says(c, "messages arrive again")
    same("lines of failure", c.log().count("trying on"), 1)
    same("since when it fails", len({since for since, _, _ in fails[1:]}), 1)
    for (_, _, cause), status in zip(fails[1:], (500, 503, 429)):
        if f"(HTTP {status})" not in cause:
            die(f"it fails by {status}, and kept is '{cause}'")
    wait_for("it does not fail any more", lambda: c.kept["fails"] == "")
    same("messages", len(set(a.body for a in receiver.asked)), 1)


def refused():
    """A message that is refused for good is given up, the next one is told."""
    receiver = Receiver()
    receiver.answer = lambda asked: ((413, {}, '{"error":"too long"}') if b"failure" in asked.body
                                     else (200, {}, ""))
    c = channel(receiver)
    c.event("onbatt", "On battery.")
    number = c.event("lowbatt", "The battery is low.")
    receiver.gets(2)
    says(c, 'refuses this message (HTTP 413): it says "too long"; given up: Power failure: Server')
    wait_for("what was refused is not kept", lambda: c.kept["told"].split(" ")[0] == str(number))


def denied():
    """401 is tried again in ten minutes, and says where to look."""
    receiver = Receiver()
    receiver.answer = lambda asked: (401, {}, '{"error":"unauthorized"}')
    c = channel(receiver, "token = tk_wrong")
    c.event("onbatt", "On battery.")
    says(c, "does not let us in (HTTP 401): look at token =, or user = and password =")
    c.event("lowbatt", "The battery is low.")
    time.sleep(1.5)
    receiver.gets(1)
    if "tk_wrong" in c.log() or "/topic" in c.log():
        die("a secret is in the log")
    # Where it leads elsewhere nobody follows: what we say is not for others.
    elsewhere = Receiver()
    receiver.answer = lambda asked: (307, {"Location": elsewhere.url("/other")}, "")
    c = channel(receiver)
    c.event("onbatt", "On battery.")
    says(c, "does not let us in (HTTP 307): look at url =")
    same("requests elsewhere", elsewhere.asked, [])


def endless():
    """An answer of 1 GB: its head says enough."""
    receiver = Receiver()
    done = []

    def gigabyte(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n")
        for _ in range(1024):
            handler.wfile.write(b"x" * 1048576)
        done.append(True)

    receiver.answer = lambda asked: gigabyte
    c = channel(receiver)
    c.event("onbatt", "On battery.")
    c.event("lowbatt", "The battery is low.")
    receiver.gets(2)
    wait_for("both are told", lambda: "low" in c.kept.get("told", ""))
    same("whole gigabytes", done, [])


def broken():
    """Closed in the middle of the head: tried again, and so it comes twice; in the middle of the
    body: it has arrived."""
    receiver = Receiver()

    def head(handler):
        handler.wfile.write(b"HTTP/1.1 20")

    def body(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")

    receiver.answer = lambda asked: head if len(receiver.asked) == 1 else body
    c = channel(receiver)
    c.event("onbatt", "On battery.")
    receiver.gets(2)
    c.event("lowbatt", "The battery is low.")
    receiver.gets(3)
    same("titles", titles(receiver), ["Power failure: Server"] * 2 + ["Battery is low: Server"])


def hangs():
    """It takes the message and never answers: no more than ten seconds are waited."""
    receiver = Receiver()

    def hang(handler):
        time.sleep(30)

    receiver.answer = lambda asked: hang if len(receiver.asked) == 1 else (200, {}, "")
    c = channel(receiver)
    begun = time.monotonic()
    c.event("onbatt", "On battery.")
    receiver.gets(2)
    if time.monotonic() - begun < 10:
        die("it was not waited for")


def away():
    """The internet is away in the outage, and back afterwards: each message says when it happened,
    and of many there is one."""
    receiver = Receiver()
    receiver.end()
    c = channel(receiver)
    # The outage was an hour ago, says the clock.
    c.event("onbatt", "On battery: the mains is away.", "battery.charge=100", ago=3600)
    c.event("machine", "Machine nas: told.", ups="-", ago=3420)
    c.event("online", "The mains is back after 20 min, charge 55 %.", "outage.kind=outage",
            "outage.seconds=1200", "outage.charge.low=55", "battery.charge=55", ago=2400)
    number = c.event("machine", "Machine nas: on.", ups="-", ago=2280)
    says(c, "does not answer (Couldn't connect to server); trying on")
    c.heard()
    receiver.begin()
    receiver.gets(4)
    same("titles", titles(receiver),
         ["Power failure: Server", "Machine nas is told to go down: beach", "Power is back: Server",
          "The outage is over, everything is on again: beach"])
    if "It happened " not in receiver.asked[0].json()["message"]:
        die(f"late, and no time: {receiver.asked[0].body}")
    c.tells(number)
    # An outage of a day with hundreds of events.
    receiver.end()
    for i in range(300):
        number = c.event("overload", f"Overload number {i}.", ups=f"ups{i}", ago=300 - i)
    c.heard()
    receiver.begin()
    last = receiver.gets(5).json()
    same("title", last["title"], "300 messages: beach")
    if "280 before these" not in last["message"] or "Overload number 299." not in last["message"]:
        die(f"of many: {last}")
    c.tells(number)


def crashes():
    """Killed at any moment: nothing is lost, and at most the message under way comes twice."""
    receiver = Receiver()
    c = channel(receiver, "events = all")
    numbers = []
    for i in range(12):
        numbers.append(c.event("deed", f"Deed {i}.", ups=f"ups{i}"))
        if i % 3 == 2:
            c.tells(numbers[-1])
        c.dies()
        c.start()
    c.tells(numbers[-1])
    text = " ".join(a.json()["message"] for a in receiver.asked)
    for i in range(12):
        if not 1 <= text.count(f"Deed {i}.") <= 2:
            die(f"deed {i} was told {text.count(f'Deed {i}.')} times")
    c.ends()


checks = server_errors, refused, denied, endless, broken, hangs, away, crashes
for check in checks:
    check()
