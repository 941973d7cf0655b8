#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""core between a driver, two readers of the feed, and somebody who asks."""

import struct

from corelib import PATIENCE, Core, Driver, die, logged, same

core = Core("""
[qnapups]
    driver = usbhid-ups
    port = auto
    desc = "Server"
[other]
    driver = dummy-ups
    port = x
[nodriver]
    port = x
""")
listener = core.driver_socket("usbhid-ups-qnapups")
core.go()
driver = Driver(listener)

# Before the first dump there is nothing, and the driver counts as lost.
reader, snapshot = core.feed()
same("first snapshot", snapshot, [
    "BEGIN 0", 'UPS qnapups "Server"', "qnapups LOST", "qnapups VIEW * none",
    'UPS other "Description unavailable"', "other LOST", "other VIEW * none", "END 0"])

# The first dump comes as a whole, its freshness last.
driver.dump('SETINFO ups.status "OL"', "DATAOK", 'SETINFO battery.charge "100"',
            "SETFLAGS battery.charge RW STRING", "SETAUX battery.charge 3", "ADDCMD load.off")
reader.expect('1 qnapups SETINFO battery.charge "100"',
              "2 qnapups SETFLAGS battery.charge RW STRING",
              "3 qnapups SETAUX battery.charge 3",
              '4 qnapups SETINFO ups.status "OL"',
              "5 qnapups ADDCMD load.off", "6 qnapups DATAOK")

# Then each change, once; what changes nothing or is no line is not told.
driver.send('SETINFO ups.status "OB"\nSETINFO ups.status "OB"\nNONSENSE\nSETINFO x\n'
            '"unbalanced\n\nSETINFO ups.status "OL"\nDATAOK\n')
reader.expect('7 qnapups SETINFO ups.status "OB"', '8 qnapups SETINFO ups.status "OL"')

# The flap: a driver that goes and comes back changes only what differs.
driver.close()
reader.expect("9 qnapups LOST")
driver = Driver(listener)
reader.silent(0.3)
driver.dump('SETINFO ups.status "OB"', 'SETINFO input.voltage "0"', "DATAOK")
reader.expect("10 qnapups DELINFO battery.charge", '11 qnapups SETINFO input.voltage "0"',
              '12 qnapups SETINFO ups.status "OB"', "13 qnapups DELCMD load.off",
              "14 qnapups DATAOK")
driver.send("DATASTALE\nDATASTALE\nDATAOK\n")
reader.expect("15 qnapups DATASTALE", "16 qnapups DATAOK")
driver.send('SETFLAGS ups.status RW STRING\nADDCMD beeper.mute\n')
reader.expect("17 qnapups SETFLAGS ups.status RW STRING", "18 qnapups ADDCMD beeper.mute")

# Requests.
ask = core.requests()
ask.send("1 5 admin 127.0.0.1 - LOGIN QNAPUPS\n2 5 admin 127.0.0.1 - LOGIN qnapups\n")
ask.expect("OK 1", "ERR 2 ALREADY-LOGGED-IN")
reader.expect('19 qnapups LOGIN 1 "127.0.0.1" "admin"')
if "qnapups LOGIN 1 127.0.0.1 admin" not in core.feed()[1]:
    die("a login is not in the snapshot")
ask.send("3 5 admin 127.0.0.1 - INSTCMD qnapups beeper.mute\n"
         "4 5 admin 127.0.0.1 - INSTCMD qnapups load.off\n"
         '5 5 admin 127.0.0.1 - SET qnapups ups.status "a \\"b\\""\n'
         '6 5 admin 127.0.0.1 - SET qnapups input.voltage "1"\n'
         '7 5 admin 127.0.0.1 - SET qnapups no.such "1"\n'
         "8 5 admin 127.0.0.1 - INSTCMD other beeper.mute\n"
         "9 5 admin 127.0.0.1 - INSTCMD nodriver beeper.mute\n"
         "10 5 - 127.0.0.1 - SEEN qnapups qnap\n"
         "11 5 admin 127.0.0.1 - LOGOUT qnapups\n")
ask.expect("OK 3", "ERR 4 CMD-NOT-SUPPORTED", "OK 5", "ERR 6 READONLY",
           "ERR 7 VAR-NOT-SUPPORTED", "ERR 8 DRIVER-NOT-CONNECTED", "ERR 9 UNKNOWN-UPS",
           "OK 11")
reader.expect('20 qnapups DEED admin 127.0.0.1 INSTCMD beeper.mute "" sent',
              '21 qnapups DEED admin 127.0.0.1 SET ups.status "a \\"b\\"" sent',
              "22 qnapups LOGOUT 1")
same("command", driver.request(), "INSTCMD beeper.mute")
same("setting", driver.request(), 'SET ups.status "a \\"b\\""')

# The logins of a connection end with it.
ask.send("1 6 admin 10.0.0.1 - LOGIN qnapups\n2 7 - 10.0.0.2 - LOGIN other\n")
ask.expect("OK 1", "OK 2")
reader.expect('23 qnapups LOGIN 2 "10.0.0.1" "admin"', '24 other LOGIN 3 "10.0.0.2" "-"')
ask.close()
got = sorted(reader.line().partition(" ")[2] for _ in range(2))
same("logouts", got, ["other LOGOUT 3", "qnapups LOGOUT 2"])

# A driver without its device is asked for nothing.
ask = core.requests()
driver.send("DATASTALE\n")
reader.expect("27 qnapups DATASTALE")
ask.send("1 8 admin 127.0.0.1 - INSTCMD qnapups beeper.mute\n"
         '2 8 admin 127.0.0.1 - SET qnapups ups.status "x"\n')
ask.expect("ERR 1 DATA-STALE", "ERR 2 DATA-STALE")
driver.send("DATAOK\n")
reader.expect("28 qnapups DATAOK")

# What is tracked is answered twice, and failed when the driver is lost; what came of it is a
# deed in the feed.
ask.send("3 8 admin 127.0.0.1 - INSTCMD-TRACKED qnapups beeper.mute\n"
         '4 8 admin 127.0.0.1 - SET-TRACKED qnapups ups.status "x"\n'
         "5 8 admin 127.0.0.1 - INSTCMD-TRACKED qnapups beeper.mute\n"
         "6 8 admin 127.0.0.1 - INSTCMD-TRACKED qnapups load.off\n")
ask.expect("OK 3", "OK 4", "OK 5", "ERR 6 CMD-NOT-SUPPORTED")
same("command", driver.request(), "INSTCMD beeper.mute TRACKING 1")
same("setting", driver.request(), 'SET ups.status "x" TRACKING 2')
same("command", driver.request(), "INSTCMD beeper.mute TRACKING 3")
driver.send("TRACKING 2 0\nTRACKING 1 2\nTRACKING 1 0\nTRACKING 99 0\n")
ask.expect("DONE 4 0", "DONE 3 2")
reader.expect('29 qnapups DEED admin 127.0.0.1 SET ups.status "x" 0',
              '30 qnapups DEED admin 127.0.0.1 INSTCMD beeper.mute "" 2')
driver.close()
ask.expect("DONE 5 3")
reader.expect('31 qnapups DEED admin 127.0.0.1 INSTCMD beeper.mute "" 3', "32 qnapups LOST")
driver = Driver(listener)
driver.dump('SETINFO driver.version "2.8.1"', 'SETINFO input.voltage "0"',
            'SETINFO ups.status "OB"', "SETFLAGS ups.status RW STRING", "ADDCMD beeper.mute",
            "DATAOK")
reader.expect('33 qnapups SETINFO driver.version "2.8.1"', "34 qnapups DATAOK")

# A driver that is known to tell results is asked for them on our own account.
ask.send("7 8 - - - INSTCMD qnapups beeper.mute\n"
         f'8 8 "my admin" ::1 - SET qnapups ups.status "{"é" * 100}"\n')
ask.expect("OK 7", "OK 8")
same("command", driver.request(), "INSTCMD beeper.mute TRACKING 5")
same("setting", driver.request(), f'SET ups.status "{"é" * 100}" TRACKING 6')
driver.send("TRACKING 5 0\nTRACKING 6 1\n")
reader.expect('35 qnapups DEED - - INSTCMD beeper.mute "" 0',
              f'36 qnapups DEED "my admin" ::1 SET ups.status "{"é" * 96}" 1')

# FSD stays; every reader sees the same.
ask.send("1 8 admin 127.0.0.1 - FSD qnapups\n2 8 admin 127.0.0.1 - FSD qnapups\n")
ask.expect("OK 1", "OK 2")
reader.expect("37 qnapups VIEW * fsd", '38 qnapups DEED admin 127.0.0.1 FSD - "" 0',
              '39 qnapups DEED admin 127.0.0.1 FSD - "" 0')
second, snapshot = core.feed()
if "qnapups VIEW * fsd" not in snapshot or "other VIEW * none" not in snapshot:
    die(f"snapshot after FSD: {snapshot}")
driver.send('SETINFO ups.status "OB LB"\n')
for r in reader, second:
    r.expect('40 qnapups SETINFO ups.status "OB LB"')

# What was learned of the battery is a variable like those of the driver, and stays when that
# goes and comes back; the driver's own stands before it.
ask.send('9 0 history - - LEARNED qnapups battery.health "93"\n'
         '10 0 history - - LEARNED qnapups battery.health "good"\n'
         '11 0 history - - LEARNED qnapups ups.status "OL"\n')
for r in reader, second:
    r.expect('41 qnapups SETINFO battery.health "93"')
driver.close()
reader.expect("42 qnapups LOST")
driver = Driver(listener)
same_dump = ['SETINFO driver.version "2.8.1"', 'SETINFO input.voltage "0"',
             'SETINFO ups.status "OB LB"', "SETFLAGS ups.status RW STRING",
             "ADDCMD beeper.mute", "DATAOK"]
driver.dump(*same_dump)
reader.expect("43 qnapups DATAOK")
if 'qnapups SETINFO battery.health "93"' not in core.feed()[1]:
    die("what was learned is not in the snapshot")
driver.send('SETINFO battery.health "80"\n')
reader.expect('44 qnapups SETINFO battery.health "80"')
ask.send('12 0 history - - LEARNED qnapups battery.health "92"\n'
         "13 8 admin 127.0.0.1 - LOGOUT qnapups\n")
ask.expect("OK 13")
driver.send("DELINFO battery.health\n")
reader.expect("45 qnapups DELINFO battery.health", '46 qnapups SETINFO battery.health "92"')
ask.send('14 0 history - - LEARNED qnapups battery.health ""\n')
reader.expect("47 qnapups DELINFO battery.health")

# Who reads without a login, and is known: until he logs in, or is silent.
ask.send("15 8 - 10.0.0.9 - SEEN qnapups other\n16 8 - 10.0.0.9 - SEEN qnapups qnap\n"
         "17 8 - 10.0.0.9 - SEEN qnapups qnap\n18 8 - 10.0.0.8 - SEEN qnapups winnut\n")
reader.expect("48 qnapups READER 10.0.0.9 qnap", "49 qnapups READER 10.0.0.8 winnut")
if "qnapups READER 10.0.0.9 qnap" not in core.feed()[1]:
    die("a reader is not in the snapshot")
ask.send("19 9 - 10.0.0.9 - LOGIN qnapups\n")
ask.expect("OK 19")
reader.expect('50 qnapups LOGIN 4 "10.0.0.9" "-"', "51 qnapups NOREADER 10.0.0.9")

# What only history knows, everybody hears; and nothing else by this way.
ask.send('20 0 history - - NEWS qnapups onbatt "It says so."\n'
         '21 0 history - - NEWS qnapups untested "It is late."\n')
reader.expect('52 qnapups DEED history - NEWS untested "It is late." 0')

# What is no request ends that connection and nothing else.
ask.send("hello\n")
same("after nonsense", ask.line(), None)

# A heartbeat a second, deadline 0, counting up.
core.ctl.settimeout(PATIENCE)
beats = [struct.unpack("=IIQQII", core.ctl.recv(100)) for _ in range(2)]
core.ctl.setblocking(False)
try:
    while True:
        beats.append(struct.unpack("=IIQQII", core.ctl.recv(100)))
except BlockingIOError:
    pass
if [b[2] for b in beats] != list(range(1, len(beats) + 1)):
    die(f"heartbeats: {beats}")
same("heartbeat", {(b[0], b[3]) for b in beats}, {(1, 0)})

logged(core.process, "ups qnapups: driver usbhid-ups connected",
       "ups qnapups: INSTCMD beeper.mute by admin from 127.0.0.1: OK",
       "ups qnapups: FSD by admin from 127.0.0.1: OK",
       "ups other: no driver dummy-ups: ")
logged(core.process, "ups other: no driver", times=1)
core.stop()
