#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""The cut ordered through the driver: what can be set is said, what the device made of it
is read back and told, and what was ordered is stopped."""

import os
import time

from hidlib import Hid, Reader, Sim, Stopwatch, die, same, wait_for

BODY = os.path.dirname(os.path.realpath(__file__)) + "/../../sim/bodies/two-delays.json"


class House:
    """A `hid` that polls every half minute, at a virtual UPS."""

    def __init__(self, *quirks, body=BODY):
        self.hid = Hid("pollinterval = 30\n")
        self.sim = Sim(self.hid, *(["--body", body] if body else []), *quirks)
        self.hid.start()
        self.r = Reader(self.hid.socket)
        self.r.wait_fresh(True)

    def timer(self):
        return int(self.r.vars["ups.timer.shutdown"])

    def order(self, line, ticket):
        """Status, and seconds until it was there."""
        took = Stopwatch()
        return self.r.tracking(line, ticket), took

    def lines(self, beginning):
        """Each once: some are told by the dump and as news."""
        return list(dict.fromkeys(x for x in self.r.lines if x.startswith(beginning)))

    def close(self):
        self.hid.stop()
        self.sim.close()


# One that does as it is told: set, ordered, counting, stopped.
house = House()
same("settable", house.lines("SETFLAGS ups.delay.shutdown"),
     ["SETFLAGS ups.delay.shutdown RW NUMBER"])
same("range", house.lines("ADDRANGE ups.delay.shutdown"), ["ADDRANGE ups.delay.shutdown 0 7200"])
same("set", house.order('SET ups.delay.shutdown "245"', "t1")[0], 0)
house.r.wait("ups.delay.shutdown", "245", 1)
time.sleep(0.3)
same("timer after a setting", house.timer(), -1)
status, took = house.order("INSTCMD shutdown.return", "t2")
same("order", status, 0)
if not 243 - took.real() <= house.timer() <= 245 or took.ran() > 2:
    die(f"it counts {house.timer()} s after {took.real():.1f} s")
before = house.timer()
wait_for("the countdown", lambda: house.timer() < before - 1, 5)  # though polls are rare
same("stop", house.order("INSTCMD shutdown.stop", "t3")[0], 0)
same("timer after the stop", house.timer(), -1)
# With an argument of its own, to its end.
same("short order", house.order("INSTCMD shutdown.return 4", "t4")[0], 0)
wait_for("the cut", lambda: "output=off" in house.sim.steer("status"), 7)
house.close()

# One that caps at 60 s is not armed with 60 when 120 were wanted; then it says so.
house = House("--cap-delay", "60")
same("set", house.order('SET ups.delay.shutdown "120"', "t1")[0], 0)
status, took = house.order("INSTCMD shutdown.return", "t2")
same("order of 120 s at a device that caps", status, 3)
took.check("order at a device that caps", 0, 4)
house.hid.says("ups ups: shutdown.return: failed: it counts 60 s instead of 120: cancelled")
house.r.wait("ups.delay.shutdown", "60", 1)
same("timer", house.timer(), -1)
same("range told", [x.split()[-1] for x in house.lines("ADDRANGE ups.delay.shutdown")],
     ["7200", "60"])
same("120 s again", house.order('SET ups.delay.shutdown "120"', "t3")[0], 2)
same("60 s", house.order("INSTCMD shutdown.return", "t4")[0], 0)
house.close()

# One that ignores orders is found out.
house = House("--ignore-cut")
status, took = house.order("INSTCMD shutdown.return", "t1")
same("order at a device that ignores it", status, 3)
took.check("order at a device that ignores it", 1.5, 3.5)
same("timer", house.timer(), -1)
house.hid.says("shutdown.return: failed: taken, but its timer does not count")
house.close()

# One that cuts after a delay of its own offers none (it is not armed early).
house = House(body=None)
same("settable", house.lines("SETFLAGS ups.delay.shutdown"), [])
same("set", house.order('SET ups.delay.shutdown "120"', "t1")[0], 1)
same("value", house.r.vars["ups.delay.shutdown"], "20")
house.close()
