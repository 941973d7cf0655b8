#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""What a UPS says in words reaches people: NOTIFYCMD gets ups.alarm and the words of
ups.status that nobody knows as a part of its message, harmless, never as a part of a
command; each word is told as it comes and goes."""

import os
import subprocess

from corelib import BUILD, Driver, Folder, die, listen_unix, logged, same, wait_for

TYPES = "CAL NOTCAL OFF NOTOFF BYPASS NOTBYPASS ECO NOTECO ALARM NOTALARM OVER NOTOVER TRIM " \
        "NOTTRIM BOOST NOTBOOST OTHER NOTOTHER".split()

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# One that hands its argument to a shell once more, as scripts that call ssh or su do.
folder = Folder(
    ups_conf="[qnapups]\n\tdriver = dummy\n\tport = x\n",
    upsmon_conf="MONITOR qnapups@localhost 1 u p primary\nMINSUPPLIES 0\n"
                "NOTIFYCMD . $NUT_STATEPATH/../notify \"$UPSNAME $NOTIFYTYPE\"\n"
                "NOTIFYMSG OTHER \"%s has %s\"\n"
                "NOTIFYMSG NOTALARM \"all is well, %s\"\n"
                "NOTIFYFLAG NOTALARM SYSLOG+EXEC\nNOTIFYFLAG SUSPEND_STARTING EXEC\n" +
                "".join(f"NOTIFYFLAG {t} EXEC\n" for t in TYPES if t != "NOTALARM"))
with open(f"{folder.dir}/notify", "w") as f:
    f.write('cd $NUT_STATEPATH/..\neval "echo \\"$UPSNAME $NOTIFYTYPE $1\\"" >>told\n')
listener = listen_unix(f"{folder.run}/dummy-qnapups")
holdupd = folder.start("holdupd", "-F")
dummy = Driver(listener)
dummy.dump('SETINFO ups.status "OL"', "DATAOK")


def told():
    try:
        with open(f"{folder.dir}/told") as f:
            return f.read().splitlines()
    except FileNotFoundError:
        return []


def says(status, *wanted):
    """Another status; these are told, in any order, for each is a command of its own."""
    before = len(told())
    dummy.send(f'SETINFO ups.status "{status}"\n')
    wait_for(f"{wanted}", lambda: len(told()) >= before + len(wanted))
    same("told", sorted(told()[before:]), sorted(f"qnapups@localhost {w}" for w in wanted))


NAME = "UPS qnapups@localhost"
says("OL CAL OFF", f"CAL {NAME}: measures its battery (calibration)",
     f"OFF {NAME}: its output is off")
says("OL BYPASS", f"NOTCAL {NAME}: the calibration is over",
     f"NOTOFF {NAME}: its output is no longer off",
     f"BYPASS {NAME}: on bypass, feeds but does not protect")
says("OL HOT DUSTY", f"NOTBYPASS {NAME}: no longer on bypass",
     "OTHER qnapups@localhost has HOT DUSTY")
says("OL", f"NOTOTHER {NAME}: no longer in a state of its own")

# A hostile alarm is only text, whatever the script does with it; it may change.
dummy.send('SETINFO ups.alarm "$(touch hole) `touch hole` \\";touch hole;\\" \\\\"\n')
says("ALARM OL", f"ALARM {NAME}: alarm: ?(touch hole) ?touch hole? ?;touch hole;? ?")
before = len(told())
dummy.send('SETINFO ups.alarm "Replace battery!"\n')
wait_for("the other alarm", lambda: len(told()) > before)
same("alarm", told()[-1], f"qnapups@localhost ALARM {NAME}: alarm: Replace battery!")
says("OL", "NOTALARM all is well, qnapups@localhost")
if os.path.exists(f"{folder.dir}/hole"):
    die("an alarm was executed")
logged(holdupd, "all is well, qnapups@localhost")

# A mode that saves energy.
before = len(told())
dummy.send('SETINFO experimental.ups.mode.buzzwords "vendor:mge-hid:ECO"\n')
wait_for("ECO", lambda: len(told()) > before)
same("mode", told()[-1], f"qnapups@localhost ECO {NAME}: saves energy (ECO)")
# A sleep to come, which systemd's hook tells of.
before = len(told())
hook = open(f"{ROOT}/packaging/holdup.sleep.in").read()
with open(f"{folder.dir}/hook", "w") as f:
    f.write(hook)
for when in "post", "pre":
    subprocess.run(["sh", f"{folder.dir}/hook", when, "suspend"], check=True,
                   env=dict(folder.env, UPSMON=f"{BUILD}/cli/holdup upsmon"))
wait_for("SUSPEND_STARTING", lambda: len(told()) > before)
same("sleep", told()[before:], [" SUSPEND_STARTING This machine goes to sleep"])
holdupd.terminate()
same("exit status", holdupd.wait(), 0)
