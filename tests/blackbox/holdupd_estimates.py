#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""What is believed, by the real programs: a flag of half a second at the transfer takes
nobody down, a self-test that was ordered is none, and a pulled cable on battery goes on as
estimates that are marked as such, until the driver is back, or they are given up."""

import re
import socket
import subprocess
import time

from corelib import BUILD, Driver, Folder, Lines, Stopwatch, die, free_port, listen_unix, \
    logged, same, wait_for

port = free_port()
folder = Folder(
    ups_conf="[qnapups]\n\tdriver = dummy\n\tport = x\n",
    upsd_conf=f"LISTEN 127.0.0.1 {port}\n",
    upsd_users="[admin]\n\tpassword = 123456\n\tinstcmds = all\n\tupsmon master\n",
    upsmon_conf="MONITOR qnapups@localhost 1 admin 123456 master\n"
                "HOSTSYNC 1\nFINALDELAY 0\nDEADTIME 6\nPOLLFREQ 1\n"
                'SHUTDOWNCMD "cd $NUT_STATEPATH/.. && echo now >>down"\n')
listener = listen_unix(f"{folder.run}/dummy-qnapups")
holdupd = folder.start("holdupd", "-F")
driver = Driver(listener)

KNOWN = ('SETINFO battery.charge "100"', 'SETINFO battery.charge.low "20"',
         'SETINFO battery.runtime "1800"', 'SETINFO battery.runtime.low "60"',
         "ADDCMD test.battery.start.deep", 'SETINFO driver.version "1"')
driver.dump('SETINFO ups.status "OL"', *KNOWN, "DATAOK")


def upsc(name):
    p = subprocess.run([f"{BUILD}/cli/upsc", f"qnapups@127.0.0.1:{port}", name],
                       capture_output=True, text=True, timeout=20)
    return p.stdout.strip() if p.returncode == 0 else p.stderr.strip()


def is_down():
    try:
        with open(f"{folder.dir}/down"):
            return True
    except FileNotFoundError:
        return False


def command(name):
    with socket.create_connection(("127.0.0.1", port), 10) as s:
        c = Lines(s)
        c.send(f"USERNAME admin\nPASSWORD 123456\nINSTCMD qnapups {name}\n")
        c.expect("OK", "OK")
        return c.line()


wait_for("the UPS", lambda: upsc("ups.status") == "OL")

# Half a second at the transfer.
driver.send('SETINFO ups.status "OB LB"\n')
time.sleep(0.5)
driver.send('SETINFO ups.status "OB"\n')
logged(holdupd, " s was not believed: charge 100 % (low at 20 %), runtime 1800 s")
driver.send('SETINFO ups.status "OL"\n')

# A deep test runs until the battery is low.
same("the test", command("test.battery.start.deep"), "OK")
same("the test", driver.request(), "INSTCMD test.battery.start.deep")
driver.send('SETINFO ups.status "OB"\nSETINFO battery.charge "5"\nSETINFO ups.status "OB LB"\n')
logged(holdupd, "on battery for a self-test that was ordered: no outage")
time.sleep(3)
driver.send('SETINFO ups.status "OL"\nSETINFO battery.charge "100"\n')
logged(holdupd, "ups qnapups: on mains again")
same("down", is_down(), False)

# The cable is pulled: the driver stays, without its device.
driver.send('SETINFO ups.status "OB"\nSETINFO battery.charge "80"\n')
wait_for("OB", lambda: upsc("ups.status") == "OB")
driver.send("DATASTALE\n")
wait_for("estimates", lambda: upsc("driver.state") == "estimated")
wait_for("less runtime", lambda: int(upsc("battery.runtime")) < 1799)
same("status", upsc("ups.status"), "OB")
same("charge", upsc("battery.charge"), "80")
same("a command", command("test.battery.start.deep"), "ERR DATA-STALE")
logged(holdupd, "lost on battery: its values go on by estimate, after the runtime that it told")

# ... and is back: what the driver says counts, and what it does not say is gone.
driver.send("DATAOK\n")
same("after DATAOK", driver.request(), "DUMPALL")
driver.dump('SETINFO ups.status "OB"', *KNOWN[1:], 'SETINFO battery.charge "80"', "DATAOK")
wait_for("the driver's runtime", lambda: upsc("battery.runtime") == "1800")
same("the mark", upsc("driver.state"), "Error: Variable not supported by UPS")
logged(holdupd, "its values are back")

# The driver itself is gone for a moment.
driver.close()
wait_for("estimates", lambda: upsc("driver.state") == "estimated")
driver = Driver(listener)
driver.dump('SETINFO ups.status "OB"', *KNOWN[1:], 'SETINFO battery.charge "79"', "DATAOK")
wait_for("the driver's charge", lambda: upsc("battery.charge") == "79")
wait_for("the mark", lambda: upsc("driver.state") == "Error: Variable not supported by UPS")
same("down", is_down(), False)

# Gone for good, with little left: 30 s, of which the way down needs all.
driver.send('SETINFO battery.runtime "30"\n')
wait_for("30 s", lambda: upsc("battery.runtime") == "30")
lost = Stopwatch()
driver.send("DATASTALE\n")
wait_for("the shutdown", is_down)
lost.check("down", 6, 12)  # DEADTIME is 6 s
if not re.search(r"ups qnapups: lost on battery for \d s: by estimate, after the runtime that it "
                 r"told, 2\d s are left; forced shutdown", holdupd.log()):
    die("the log does not say why")
