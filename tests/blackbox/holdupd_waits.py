#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# takes 200 s
"""The waits of the way down, lived through: a machine that is still up a minute after
SHUTDOWNCMD is told again, then systemd is asked, a minute each; a NOTIFYCMD that hangs is
ended after a minute, and killed when it does not care."""

import time

from corelib import die, same
from ctllib import DONE, ONBATT, Machine

m = Machine("""
SHUTDOWNCMD "date +%s >>$NUT_STATEPATH/../down"
NOTIFYCMD "cd $NUT_STATEPATH/.. && . ./notify"
NOTIFYFLAG ONBATT EXEC
""")
with open(f"{m.dir}/notify", "w") as f:
    f.write("trap 'date +%s >ended' TERM; date +%s >begun; while :; do sleep 0.2; done\n")


def beat_until(what, condition, seconds):
    """Waits as core does, which says every second that it lives."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            die(f"waited {seconds} s for {what}")
        m.heartbeat()
        time.sleep(0.5)


def minute(what, ordered, begun, came):
    """It came a minute after the order, which a busy machine begins to follow late."""
    if came - ordered < 59 or came - begun > 75:
        die(f"{what} after {came - ordered} s ({came - begun})")


m.go()
m.heartbeat()
ordered = int(time.time())
m.run_row(ONBATT, 9)
m.shutdown(1)
beat_until("the command", lambda: m.file("down"), 10)
same("runs of the command", len(m.file("down")), 1)

beat_until("SIGTERM to NOTIFYCMD", lambda: m.file("ended"), 90)
minute("SIGTERM", ordered, int(m.file("begun")[0]), int(m.file("ended")[0]))
same("number, and SIGKILL", m.hears(DONE), (9, 9))
m.says("NOTIFYCMD for ONBATT ups@127.0.0.1:1 has not ended within 60 s: ending it")
m.says("NOTIFYCMD for ONBATT ups@127.0.0.1:1 has not ended within 60 s: killing it")

beat_until("the command again", lambda: len(m.file("down")) > 1, 30)
first, second = map(int, m.file("down"))
minute("the command again", ordered, first, second)
m.silent("systemctl poweroff")

left_out = "for ordinary users: systemctl poweroff "
beat_until("systemd", lambda: left_out + "-i" in m.holdupd.log(), 90)
minute("systemd", ordered + 60, second, int(time.time()))
same("runs of the command", len(m.file("down")), 2)
m.silent(left_out + "--force")
m.stop()
