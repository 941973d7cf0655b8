#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# takes 35 s
"""Whom net has no room for: an address with a quarter of it is turned away and the others
are not; when it is full, who has been silent for longest gives way, after 30 s, but nobody
who is logged in, subscribed or talking; a subscriber that never reads is not kept for ever.
Each with one line in the log."""

import time

from nslib import enter, ip

enter()

from netlib import BUILD, Net, die, logged, same, wait_for  # noqa: E402  (starts no thread before enter())

GREEDY, MODEST, SERVER = "10.1.0.2", "10.1.0.3", "10.1.0.1"
for address in (GREEDY, MODEST, SERVER):
    ip("addr", "add", f"{address}/24", "dev", "lo")


def served(c):
    """Whether a new connection is, or is turned away."""
    c.send("NETVER\n")
    answer = c.line()
    if answer == "1.3\n":
        return True
    same("the answer to whom there is no room for", answer, "ERR ACCESS-DENIED\n")
    return c.ended() and False


def ended(c):
    c.s.setblocking(False)
    try:
        return c.s.recv(10) == b""
    except BlockingIOError:
        return False
    except ConnectionResetError:
        return True


# One that is full, of all kinds; what becomes of it is seen below.
full = Net(conf="MAXCONN 20\n", address="0.0.0.0")
silent = [full.client() for _ in range(16)]
for c in silent:
    same("NETVER", c.ask("NETVER"), "1.3\n")
silent_since = time.monotonic()
never = full.client()  # says nothing at all
member, subscriber, talker = full.client(), full.client(), full.client()
member.login("mon", "secret")
same("LOGIN", member.ask("LOGIN qnapups"), "OK\n")
same("SUBSCRIBE", subscriber.ask("SUBSCRIBE"), "OK SUBSCRIBE\n")
same("NETVER", talker.ask("NETVER"), "1.3\n")
for _ in range(10):
    with full.client() as c:
        same("a newcomer while nobody is silent for long", served(c), False)

# A quarter for an address; loopback has no such limit.
net = Net(conf="MAXCONN 80\n", address="0.0.0.0")
greedy = [net.client(SERVER, GREEDY) for _ in range(30)]
same("served of one address", sum(map(served, greedy)), 20)
with net.client(SERVER, MODEST) as c:
    same("another address", served(c), True)
near = [net.client() for _ in range(40)]
same("served of loopback", sum(map(served, near)), 40)
greedy[0].s.close()
wait_for("a place that is free again", lambda: served(net.client(SERVER, GREEDY)))
logged(net, "are turned away", times=1)
net.stop()

# One that subscribes and never reads is told of changes up to 1 MB, which the kernel has not
# taken, and no more; the others hear of every change.
net = Net()
mute, fine = net.client(), net.client()
same("SUBSCRIBE", mute.ask("SUBSCRIBE"), "OK SUBSCRIBE\n")
same("SUBSCRIBE", fine.ask("SUBSCRIBE qnapups"), "OK SUBSCRIBE qnapups\n")
text = "x" * 480
changes = 0
while "does not read the answers" not in net.log() and changes < 40000:
    for _ in range(500):
        changes += 1
        net.core.say(f'qnapups SETINFO ups.id "{text}{changes}"')
    while f"{text}{changes}" not in fine.line():
        pass
if changes >= 40000:
    die("a subscriber that does not read is kept for ever")
with open(f"/proc/{net.process.pid}/status") as f:
    size = next(int(l.split()[1]) for l in f if l.startswith("VmRSS"))
if size > 16 * 1024 and "asan" not in BUILD:
    die(f"net has grown to {size} kB")
net.stop()

# 30 s later.
same("NETVER", talker.ask("NETVER"), "1.3\n")
while time.monotonic() - silent_since < 31:
    same("NETVER", talker.ask("NETVER"), "1.3\n")
    time.sleep(1)
newcomers = [full.client() for _ in range(17)]
same("newcomers in the place of the silent", sum(map(served, newcomers)), 17)
wait_for("the end of the silent", lambda: all(map(ended, silent)))
same("the one that has never said anything", never.ended(), True)
same("who is logged in", member.ask("NETVER"), "1.3\n")
same("who talks", talker.ask("NETVER"), "1.3\n")
if not all(subscriber.line() == "NOTIFY BEAT\n" for _ in range(2)):
    die("who is subscribed hears no beat")
for _ in range(10):
    with full.client() as c:
        same("one newcomer too many", served(c), False)
for c in newcomers:
    same("a newcomer that is in", c.ask("NETVER"), "1.3\n")
logged(full, "gave way", times=1)
if full.log().count("turned away") > 2:
    die(f"too many lines about newcomers: {full.log()}")
full.stop()
