#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Events wait in the outbox until they are taken: in their order, each once, over kill -9 of
`out` and of a publisher; what a publisher asked to be kept is."""

import os
import signal

from baselib import die, same, wait_for
from wirelib import Wire


def order():
    """What happens comes with what was so then, and one thing behind the other."""
    wire = Wire()
    p = wire.publisher()
    if 'qnapups SETINFO battery.charge "100"' not in p.snapshot:
        die(f"no such line in {p.snapshot}")
    start = p.event("start")
    wire.core.set("ups.status", "OB DISCHRG")
    p.until("the change", lambda l: l.endswith('qnapups SETINFO ups.status "OB DISCHRG"'))
    on = p.event("onbatt")
    same("its UPS", (on.ups, on.who), ("qnapups", "-"))
    same("its facts", on.facts, {
        "ups.status": "OB DISCHRG", "battery.charge": "100", "ups.load": "34",
        "ups.temperature": "27.5", "outage.kind": "outage"})
    wire.core.set("battery.charge", "97")
    wire.core.set("ups.status", "OL CHRG")
    off = p.event("online")
    same("the outage", (off.facts["outage.kind"], off.facts["outage.charge.low"]),
         ("outage", "97"))
    if not start.id < on.id < off.id or not on.at <= off.at:
        die("not in their order")
    if abs(int(off.facts["outage.began"]) - on.at) > 1500:
        die(f"the outage began {off.facts['outage.began']}, told at {on.at}")
    wire.core.say('qnapups DEED history - NEWS untested "It is late." 0',
                  'qnapups DEED admin 10.0.0.7 INSTCMD beeper.toggle "" 0',
                  '* MACHINE nas left "by LB"')
    same("of history", (e := p.event()).kind + " " + e.text, "untested It is late.")
    same("of somebody", ((e := p.event()).kind, e.who), ("deed", "admin@10.0.0.7"))
    e = p.event("machine")
    same("a machine", {k: v for k, v in e.facts.items() if k.startswith("machine")},
         {"machine.name": "nas", "machine.stand": "left", "machine.why": "by LB"})
    wire.stop()


def taken():
    """What is taken is not handed on again; what is not is, after kill -9 of anybody."""
    wire = Wire()
    p = wire.publisher()
    p.send('KEEP numbers "12 13"\nKEEP gone x\nKEEP gone ""\n')
    start = p.event("start")
    p.take(start)
    wait_for("the file", lambda: f"READER mqtt {start.id}\n".encode() in wire.file())
    wire.core.set("ups.status", "OB DISCHRG")
    on = p.event("onbatt")
    os.kill(p.pid, signal.SIGKILL)
    p = wire.publisher()
    same("kept", p.kept, {"numbers": "12 13"})
    same("once more", p.event().id, on.id)
    p.take(on)
    wire.core.set("ups.status", "OB DISCHRG LB")
    low = p.event()
    same("the next", low.kind, "lowbatt")
    # What the process has said is in the file within a second or so.
    taken_line = f"READER mqtt {on.id}\n".encode()
    wait_for("the file", lambda: taken_line in wire.file())
    wire.kill()
    wire.start()
    wire.core.reader_is('qnapups SETINFO ups.status "OB DISCHRG LB"')
    p = wire.publisher()
    same("kept", p.kept, {"numbers": "12 13"})
    same("after kill -9 of out", p.event().id, low.id)
    p.take(low)
    start = p.event()
    same("nothing is repeated: the next", start.kind, "start")
    wire.core.set("ups.status", "OL CHRG")
    off = p.event()
    same("the end of it", (off.kind, off.facts["outage.kind"]), ("online", "outage"))
    if not low.id < start.id < off.id:
        die("ids do not grow over a restart")
    if float(off.facts["outage.seconds"]) < 0:
        die("it has no length")
    wire.stop()


def away():
    """Nobody takes anything for a day of flicker: the last 2,000 wait, in a file that does
    not grow for ever."""
    wire = Wire()
    p = wire.publisher()
    p.event("start")
    for i in range(1500):
        wire.core.say('qnapups SETINFO ups.status "OB DISCHRG"',
                      f'qnapups SETINFO battery.charge "{i % 100}"',
                      'qnapups SETINFO ups.status "OL CHRG"')
    wire.says("outbox: 2000 events wait: the oldest are dropped")
    wire.core.set("ups.status", "OFF")
    wait_for("the last one", lambda: b" off " in wire.file())
    size = len(wire.file())
    if size > 4 << 20:
        die(f"the file has {size} bytes")
    wire.kill()
    wire.start()
    wire.core.reader_is('qnapups SETINFO ups.status "OFF"')
    p = wire.publisher()
    ids, kinds = [], []
    while kinds[-1:] != ["start"]:
        e = p.event()
        ids.append(e.id)
        kinds.append(e.kind)
        p.take(e)
    same("the last ones", kinds[-3:], ["online", "off", "start"])
    if not 1990 <= len(ids) <= 2001 or ids != sorted(set(ids)):
        die(f"{len(ids)} events came, {len(set(ids))} of them different")
    wait_for("all is taken", lambda: wire.file().count(b"EVENT ") <= 2)
    wire.stop()


order()
taken()
away()
