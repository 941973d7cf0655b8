#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""FSD that is given up by hand, and machines that are told for a drill, as asked of core."""

from corelib import Core, Driver, logged, same, wait_for

core = Core("[qnapups]\n\tdriver = usbhid-ups\n\tport = auto\n",
            "MONITOR qnapups@localhost 0 nut nut primary\nHOSTSYNC 60\n",
            "[plan]\ncalm = 60\n"
            "[machine nas]\nlogin = admin\nafter = 1000\ntakes = 1\n"
            "[machine gone]\nlogin = gone\nafter = 1000\n")
listener = core.driver_socket("usbhid-ups-qnapups")
core.go()
driver = Driver(listener)
driver.dump('SETINFO battery.charge "80"', 'SETINFO ups.status "OL"', "DATAOK")
ask = core.requests()
reader, snapshot = core.feed()


def until(ending):
    """The next line of the feed that ends so."""
    while not (line := reader.line(ending)).endswith(ending):
        pass
    return line


ask.send("1 5 admin 192.168.0.20 - LOGIN qnapups\n")
ask.expect("OK 1")

# FSD is forgotten by hand, on mains and at once.
ask.send("2 5 admin 192.168.0.20 - FSD qnapups\n")
ask.expect("OK 2")
until("qnapups VIEW * fsd")
ask.send("3 0 - - - FORGET qnapups\n")
ask.expect("OK 3")
until("qnapups VIEW * none")
logged(core.process, "ups qnapups: the forced shutdown is given up by hand")
ask.send("4 0 - - - FORGET nobody\n")
ask.expect("ERR 4 UNKNOWN-UPS")

# A UPS that is critical brings it back in the next step.
driver.send('SETINFO battery.charge "5"\nSETINFO ups.status "OB LB"\n')
until("qnapups VIEW * fsd")
ask.send("5 0 - - - FORGET qnapups\n")
ask.expect("OK 5")
until("qnapups VIEW * none")
until("qnapups VIEW * fsd")
driver.send('SETINFO battery.charge "80"\nSETINFO ups.status "OL"\n')

# A restarted core knows how each stands, and why.
line = next(line for line in core.feed()[1] if line.startswith("* MACHINE nas"))
same("nas was told", line.split()[3] in ("told", "leaving"), True)
core.process.kill()
core.process.wait()
core.go()
driver = Driver(listener)
driver.dump('SETINFO battery.charge "80"', 'SETINFO ups.status "OL"', "DATAOK")


def stands():
    return [line for line in core.feed()[1] if line.startswith("* MACHINE nas")]


wait_for("the same line", lambda: stands() == [line])

# A drill: who is not there is not told, and a stranger is an error.
ask = core.requests()
ask.send("1 0 - - gone DRILL -\n")
ask.expect("OK 1")
wait_for("a line", lambda: "drill: gone is off, and is not told" in core.process.log())
ask.send("2 0 - - nobody DRILL -\n")
ask.expect("ERR 2 INVALID-ARGUMENT")
core.stop()

# A machine that goes down goes on.
core = Core("[qnapups]\n\tdriver = usbhid-ups\n\tport = auto\n",
            "MONITOR qnapups@localhost 1 nut nut primary\nHOSTSYNC 60\n")
listener = core.driver_socket("usbhid-ups-qnapups")
core.go()
driver = Driver(listener)
driver.dump('SETINFO battery.charge "80"', 'SETINFO ups.status "OL"', "DATAOK")
ask = core.requests()
reader, snapshot = core.feed()
ask.send("1 5 admin 192.168.0.20 - LOGIN qnapups\n")
ask.expect("OK 1")
ask.send("2 5 admin 192.168.0.20 - FSD qnapups\n")
ask.expect("OK 2")
until("qnapups VIEW * fsd")
ask.send("3 0 - - - FORGET qnapups\n")
ask.expect("ERR 3 GOING-DOWN")
core.stop()
