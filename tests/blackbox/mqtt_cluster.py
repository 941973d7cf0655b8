#!/usr/bin/python3
# SPDX-License-Identifier: ISC
# takes 90 s
"""A cluster of three nats-servers as broker, of which one node after the other is killed with
-9 during an outage, in the middle of many events: at the end the broker has stored every event
once, in order, a consumer was told each once, and every value is as it is."""

import itertools
import json
import random
import re
import shutil
import sys
import threading
import time

from baselib import PATIENCE, same, wait_for
from boxlib import UPS, Box, Consumer
from mqttlib import Listener, Proxy, needed, packet_end
from natslib import MESSAGES, Cluster

# What a UPS says in an outage, and what that is.
OUTAGE = (("OB DISCHRG", "onbatt"), ("OB DISCHRG OVER", "overload"), ("OB DISCHRG", "notoverload"),
          ("OB DISCHRG LB", "lowbatt"), ("OL CHRG", "online"))
LEAST = 60  # events
LONG = 4 * PATIENCE  # after a death the cluster elects for 4 to 9 s, on an idle machine


class Line(Proxy):
    """Between the box and a node. It breaks when the broker has stored an event, of which the
    box has heard nothing."""
    breaks = False

    def forward(self, data, server):
        while (end := packet_end(data)) is not None:
            packet, data = data[:end], data[end:]
            server.sendall(packet)
            if self.breaks and packet[0] & 0xF1 == 0x31 and b"/event" in packet[:200]:
                body = packet[packet.index(b"{"):]
                wait_for("the event is stored", lambda: any(
                    said == body for _, said in cluster.stored("holdup.*.*.event")))
                self.breaks = False
                return None
        return data


needed()
if not shutil.which("nats-server"):
    print("nats-server is not installed")
    sys.exit(77)
cluster = Cluster()
lines = {str(line.port): line for line in map(Line, cluster.nodes)}
consumer = Consumer(cluster.nodes[2], "office")
box = Box("home", *(f"mqtt://127.0.0.1:{port}" for port in lines))
consumer.comes(f"NOW home/{UPS} On mains, battery charging, 100 %")


class Outage(threading.Thread):
    """A UPS says so much until it is over; now and then it says much at once."""

    def __init__(self):
        super().__init__(daemon=True)
        self.said, self.burst, self.over = [], 0, False
        self.start()

    def run(self):
        for n, (status, kind) in enumerate(itertools.cycle(OUTAGE)):
            if self.over and kind == "onbatt" and len(self.said) >= LEAST:
                return
            box.say(ups_status=status, battery_charge=100 - n % 90)
            self.said.append(kind)
            self.burst -= 1
            if self.burst < 0:
                time.sleep(0.3)


def connections():
    return re.findall(r"connected to \S+ port (\d+)", box.log())


def ours():
    """The node that the box talks with."""
    return lines[connections()[-1]].broker


def stored():
    """The events that the broker has stored, as often and in the order as it has; a mark of
    the box, which it says after a break, is none."""
    read.extend(cluster.stored("holdup.*.*.event", read[-1][0] if read else 0))
    return [event for event in (json.loads(body) for _, body in read) if "id" in event]


def dies(node):
    """While many events are under way; it comes back after a while."""
    outage.burst = 15
    time.sleep(random.uniform(0, 0.1))
    before, mine = len(connections()), node is ours()
    node.kill()
    if mine:
        wait_for("another node", lambda: len(connections()) > before, LONG)
    wait_for("events go on", lambda said=len(outage.said): len(stored()) > said, LONG)
    node.start()
    wait_for("the cluster is whole again", cluster.is_whole, LONG)


read = []  # of the stream of messages so far
outage = Outage()
wait_for("the outage goes on", lambda: len(stored()) > 10)
lines[connections()[-1]].breaks = True
wait_for("another connection", lambda: len(connections()) > 1, LONG)
dies(ours())
leader = wait_for("a leader", lambda: cluster.leader(MESSAGES), LONG)
dies(leader if leader is not ours() else next(n for n in cluster.nodes if n is not leader))
outage.over = True
outage.join(PATIENCE)
wait_for("all is stored", lambda: len(stored()) > len(outage.said), LONG)

# One more at its beginning: that the house publishes.
events = stored()
ids = [event["id"] for event in events]
same("what is stored", [event["kind"] for event in events], ["start", *outage.said])
same("events by their number", ids, sorted(set(ids)))
same("their times", (times := [event["at"] for event in events]), sorted(times))

# The consumer, whose node may have been among the dead, was told each once, in order.
told = f"home/{UPS}"
wait_for("the consumer has heard all",
         lambda: len(consumer.lines("EVENT", told)) >= len(outage.said), LONG)
same("what it was told", [line.split()[3] for line in consumer.lines("EVENT", told)],
     [f"{kind}:" for kind in outage.said])

# Whichever node is asked keeps the values of now, at the latest when the box has said all of
# them again a minute after its last connection (a node may have missed what was kept while it
# had no leader); and the will when the box has gone.
wanted = {"status": "online", f"{UPS}/link": "online", f"{UPS}/ups/status": "OL CHRG",
          f"{UPS}/battery/charge": str(100 - (len(outage.said) - 1) % 90),
          f"{UPS}/on_battery": "OFF", f"{UPS}/low_battery": "OFF"}
listeners = [Listener(node, "holdup/#") for node in cluster.nodes]
for listener in listeners:
    for topic, value in wanted.items():
        listener.has(f"holdup/home/{topic}", value, LONG)
    last = json.loads(listener.kept[f"holdup/home/{UPS}/event"])
    same("the last event that is kept", last["id"], ids[-1])
box.kill()
for listener in listeners:
    listener.has("holdup/home/status", "offline", LONG)
    listener.end()
wait_for("the consumer knows", lambda: "home away" in consumer.wrong(), LONG)
consumer.end()
