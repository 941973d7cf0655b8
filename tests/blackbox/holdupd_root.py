#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""holdupd as root, outside any private folder: in a root of its own (mount and process
namespaces), whose /etc, /run, /sbin/shutdown and systemctl are the script's. Nothing of
the real machine can be reached from there: its commands are not in that root."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile

BUILD = os.environ.get("BUILD") or os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                                "../../build")
HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAMS = ["holdupd/holdupd", "core/core", "hid/hid", "remote/remote", "net/net", "run/run",
            "out/out", "publish/publish", "mqtt/mqtt", "history/history", "web/web"]
USERS = {"root": 0, "nut": 901, "holdup": 902, "holdup-net": 903, "holdup-out": 904,
         "holdup-web": 905}
PORT = 35493


def skip(reason):
    print(reason)
    sys.exit(77)


def outside():
    """Makes the root and starts this script in it, as process 1."""
    if os.geteuid() != 0:
        skip("only root can make namespaces with a root of their own")
    for tool in "busybox", "unshare", "chroot", "mount", "ip":
        if not shutil.which(tool):
            skip(f"{tool} is not installed")
    probe = subprocess.run(["unshare", "--mount", "--pid", "--net", "--fork", "true"],
                           capture_output=True, text=True)
    if probe.returncode != 0:
        skip(f"unshare: {probe.stderr.strip()}")
    with tempfile.TemporaryDirectory(prefix="holdup-root.") as root:
        os.chmod(root, 0o755)
        fill(root, shutil.which("busybox"))
        run = subprocess.run(["unshare", "--mount", "--pid", "--net", "--fork",
                              "--kill-child", "sh", "-eu", "-c", MOUNTS, "sh", root,
                              sys.prefix, os.path.realpath(sys.executable)])
    sys.exit(run.returncode)


# In the namespaces: what is shared is only read; then this script goes on inside.
MOUNTS = """
mount --make-rprivate /
for folder in /usr/lib /usr/lib64 "$2"; do
	[ -d "$folder" ] && [ "$folder" != /usr ] || continue
	mkdir -p "$1$folder"
	mount --bind "$folder" "$1$folder"
done
if [ ! -e "$1$3" ]; then
	mkdir -p "$1${3%/*}"
	: >"$1$3"
	mount --bind "$3" "$1$3"
fi
mount -t tmpfs tmpfs "$1/run"
mount -t proc proc "$1/proc"
for node in null zero urandom; do : >"$1/dev/$node"; mount --bind /dev/$node "$1/dev/$node"; done
mkdir -m 0770 "$1/run/nut"
chown 0:901 "$1/run/nut"
ip link set lo up
exec env -i PATH=/bin:/sbin LD_LIBRARY_PATH="${LD_LIBRARY_PATH:-}" \\
	chroot "$1" "$3" /test/holdupd_root.py inside
"""


def write(path, text, mode=0o644, group=0):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as f:
        f.write(text)
    os.chmod(path, mode)
    os.chown(path, 0, group)


def fill(root, busybox):
    for name in "bin", "sbin", "run", "proc", "dev", "test", "libexec", "tmp", "etc/nut", \
            "var/lib":
        os.makedirs(f"{root}/{name}")
    for name in "lib", "lib64":
        if os.path.islink(f"/{name}"):
            os.symlink(os.readlink(f"/{name}"), f"{root}/{name}")
    shutil.copy(busybox, f"{root}/bin/busybox")
    for applet in "sh", "id", "cat", "ls", "sleep", "grep":
        os.symlink("busybox", f"{root}/bin/{applet}")
    for program in PROGRAMS:
        if os.path.exists(f"{BUILD}/{program}"):
            shutil.copy(f"{BUILD}/{program}", f"{root}/libexec/")
    for name in "holdupd_root.py", "corelib.py", "baselib.py", "freeport.py":
        shutil.copy(f"{HERE}/{name}", f"{root}/test/")
    os.chmod(f"{root}/tmp", 0o1777)
    write(f"{root}/etc/passwd", "".join(f"{n}:x:{i}:{i}::/:/bin/sh\n" for n, i in USERS.items()))
    write(f"{root}/etc/group", "".join(f"{n}:x:{i}:\n" for n, i in USERS.items()))
    write(f"{root}/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\n")
    os.mkfifo(f"{root}/etc/hosts")  # who looks a name up stays there, to be looked at
    # As Debian's packages have them: nobody but root and group nut may read.
    os.chmod(f"{root}/etc/nut", 0o750)
    os.chown(f"{root}/etc/nut", 0, USERS["nut"])
    for name, text in FILES.items():
        write(f"{root}/etc/nut/{name}", text, 0o640, USERS["nut"])
    for name in "sbin/shutdown", "bin/systemctl":
        write(f"{root}/{name}", '#!/bin/sh\necho "${0##*/} $* $(id -u) $(ls /run/holdup)" '
              f">>/tmp/down\n[ -e /tmp/works ]\n", 0o755)
    write(f"{root}/bin/fake-ups", "#!/bin/sh\nexec sleep 1000\n", 0o755)
    write(f"{root}/bin/wall", "#!/bin/sh\n{ id -u; cat; } >>/tmp/walled\n", 0o755)
    write(f"{root}/bin/notify", '#!/bin/sh\necho "$NOTIFYTYPE $(id -u) $(id -g) '
          '$(grep NoNewPrivs /proc/self/status)" >>/tmp/notified\n', 0o755)


FILES = {
    "nut.conf": "MODE=netserver\n",
    "ups.conf": "driverpath = /bin\n[qnapups]\n\tdriver = dummy\n\tport = x\n"
                "[theirs]\n\tdriver = fake-ups\n\tport = x\n"
                "[far]\n\tdriver = remote\n\tport = x@127.0.0.1:1\n"
                "[away]\n\tdriver = snmp-ups\n\tport = x\n",
    "upsd.conf": f"LISTEN 127.0.0.1 {PORT}\nLISTEN box.lan {PORT}\n"
                 "STATEPATH /run/other\n",
    "upsd.users": "[nut]\n\tpassword = nut\n\tupsmon master\n",
    "upsmon.conf": "MONITOR qnapups@localhost 1 nut nut master\nNOTIFYCMD /bin/notify\n"
                   "NOTIFYFLAG FSD EXEC+WALL\nFINALDELAY 0\nHOSTSYNC 1\n",
    "holdup.conf": "[domoticz]\n\turl = http://127.0.0.1:1\n\tload = 12\n",
}


def status(pid):
    """Real user, real group, and all groups of a process."""
    fields = {}
    with open(f"/proc/{pid}/status") as f:
        for line in f:
            name, _, value = line.partition(":")
            fields[name] = value.split()
    if len(set(fields["Uid"])) != 1 or len(set(fields["Gid"])) != 1:
        raise SystemExit(f"process {pid} is not one user: {fields['Uid']} {fields['Gid']}")
    return (int(fields["Uid"][0]), int(fields["Gid"][0]), sorted(map(int, fields["Groups"])),
            int(fields["NoNewPrivs"][0]))


def inside():
    sys.path.insert(0, "/test")
    global same, wait_for, children, die, Program
    from corelib import Program, children, die, same, wait_for
    import baselib
    import corelib

    driver = corelib.listen_unix("/run/nut/dummy-qnapups")
    os.chmod("/run/nut/dummy-qnapups", 0o660)
    os.chown("/run/nut/dummy-qnapups", USERS["nut"], USERS["nut"])
    os.mkdir("/run/other", 0o755)
    away = corelib.listen_unix("/run/other/snmp-ups-away")
    os.chmod("/run/other/snmp-ups-away", 0o666)
    try:
        prove(start(), driver, away, corelib)
        prove_roles(driver, corelib)
        prove_without_users(driver, corelib)
    finally:
        if baselib.failed or sys.exc_info()[0]:
            print(log())


def said(name):
    """What stands in a file; "" where there is none."""
    try:
        with open(f"/tmp/{name}") as f:
            return f.read()
    except FileNotFoundError:
        return ""


def log():
    return said("log")


def start(*options, log="w"):
    open("/tmp/log", log).close()
    with open("/tmp/log", "a") as f:
        return Program(["/libexec/holdupd", "-F", *options], stdout=f, stderr=f)


def who(holdupd):
    """Program → who it is."""
    return {command.split()[0]: status(pid) for command, pid in children(holdupd.pid).items()}


def resolver(holdupd, user):
    """The child of holdupd that has not become another program, and is this user: one that
    is about to become a program looks alike for a moment. None: there is none now."""
    with open(f"/proc/{holdupd}/task/{holdupd}/children") as f:
        pids = f.read().split()
    for pid in pids:
        try:
            with open(f"/proc/{pid}/cmdline") as f:
                if f.read().startswith("/libexec/holdupd") and status(pid) == user:
                    return pid
        except OSError:
            pass
    return None


def prove(holdupd, driver, away, corelib):
    nut = USERS["nut"]
    wait_for("ready", lambda: "ready: serving qnapups, theirs, far, away on 127.0.0.1" in log())
    same("no user is missing", "there is no" in log() or "there is neither" in log(), False)
    dummy = corelib.Driver(driver)
    dummy.dump('SETINFO ups.status "OL"', 'SETINFO ups.load "5"', "DATAOK")
    served = corelib.Driver(away)
    served.dump('SETINFO ups.status "OB"', "DATAOK")

    # Who each of them is.
    wanted = {"core": (USERS["holdup"], nut, [nut], 1),
              "remote": (USERS["holdup"], nut, [nut], 1),
              "net": (USERS["holdup-net"], USERS["holdup-net"], [nut, USERS["holdup-net"]], 1),
              "out": (USERS["holdup-out"], USERS["holdup-out"], [nut, USERS["holdup-out"]], 1),
              "run": (nut, nut, [nut], 0),
              "sleep": (nut, nut, [nut], 0)}  # which a driver of NUT has become
    wanted["history"] = wanted["out"]
    wanted["web"] = (USERS["holdup-web"], USERS["holdup-web"], [nut, USERS["holdup-web"]], 1)
    for program in "out", "history", "web":
        if not os.path.exists(f"/libexec/{program}"):
            del wanted[program]
    wait_for("all children", lambda: len(children(holdupd.pid)) == len(wanted))

    wait_for(f"users {wanted}", lambda: who(holdupd) == wanted)

    # Who looks up a name of upsd.conf: nobody who could do anything, with nothing open.
    asks = wait_for("a look-up", lambda: resolver(holdupd.pid, wanted["net"]))
    wait_for("its descriptors", lambda: len(os.listdir(f"/proc/{asks}/fd")) == 3)
    os.rename("/etc/hosts", "/etc/pipe")
    write("/etc/hosts", "127.0.0.2 box.lan\n")
    os.close(os.open("/etc/pipe", os.O_WRONLY))  # what cannot seek is no file of hosts
    wait_for("box.lan", lambda: "LISTEN box.lan: that is 127.0.0.2" in log())

    # What they meet at, and what nobody else may read.
    for name in "holdup.feed", "holdup.req", "remote-far":
        st = os.stat(f"/run/nut/{name}")
        same(f"owner and mode of {name}", (st.st_uid, st.st_gid, stat.S_IMODE(st.st_mode)),
             (0, nut, 0o660))
    st = os.stat("/run/nut/holdup.state")
    same("owner and mode of the state", (st.st_uid, stat.S_IMODE(st.st_mode)), (0, 0o600))
    # The memory, which core writes though it is not root, and its folder.
    for name, mode in ("holdup", 0o711), ("holdup/holdup.memory", 0o600):
        st = os.stat(f"/var/lib/{name}")
        same(f"owner and mode of /var/lib/{name}", (st.st_uid, stat.S_IMODE(st.st_mode)), (0, mode))
    # The history: its own user's, for group nut to read.
    if "history" in wanted:
        st = os.stat("/var/lib/holdup/history")
        same("owner and mode of the history's folder",
             (st.st_uid, st.st_gid, stat.S_IMODE(st.st_mode)), (USERS["holdup-out"], nut, 0o2750))
        wait_for("its file", lambda: os.path.exists("/var/lib/holdup/history/history.db"))
        st = os.stat("/var/lib/holdup/history/history.db")
        same("owner and mode of the history",
             (st.st_uid, st.st_gid, stat.S_IMODE(st.st_mode)), (USERS["holdup-out"], nut, 0o640))
    # What is not delivered yet, likewise; the publisher runs as out, and may not write there.
    if "out" in wanted:
        st = os.stat("/var/lib/holdup/out")
        same("owner and mode of the outbox's folder",
             (st.st_uid, st.st_gid, stat.S_IMODE(st.st_mode)), (USERS["holdup-out"], nut, 0o2750))
        wait_for("its file", lambda: os.path.exists("/var/lib/holdup/out/outbox"))
        st = os.stat("/var/lib/holdup/out/outbox")
        same("owner and mode of the outbox",
             (st.st_uid, st.st_gid, stat.S_IMODE(st.st_mode)), (USERS["holdup-out"], nut, 0o640))
        if os.path.exists("/libexec/publish"):
            wait_for("domoticz", lambda: "domoticz: http://127.0.0.1:1 does not answer" in log())
    wait_for("a block", lambda: os.stat("/var/lib/holdup/holdup.memory").st_size > 0)

    # net serves what core got from a driver that runs as nut.
    import socket

    def ask(question):
        with socket.create_connection(("127.0.0.1", PORT), 10) as s:
            c = corelib.Lines(s)
            c.send(question + "\n")
            return c.line()
    wait_for("the UPS", lambda: ask("GET VAR qnapups ups.status") ==
             'VAR qnapups ups.status "OL"')

    # web shows it, and reads what history writes.
    def page(path):
        with socket.create_connection(("127.0.0.1", 8493), 10) as s:
            s.sendall(f"GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
            return s.makefile().read()
    if "web" in wanted and "history" in wanted:
        wait_for("the UPS on the page", lambda: '"status":"OL"' in page("/api/v1/state"))
        wait_for("its history", lambda: "History begins" in page("/api/v1/events"))

    # STATEPATH: who has been started with his socket elsewhere is served, and not started.
    wait_for("the other driver", lambda: ask("GET VAR away ups.status") ==
             'VAR away ups.status "OB"')
    same("lines that say so", log().count("snmp-ups away: somebody runs it already"), 1)

    # A reload reaches net, which has no way to the files and is nobody's child of root.
    def pids():
        return {command.split()[0]: pid for command, pid in children(holdupd.pid).items()}

    before = pids()
    write("/etc/nut/upsd.users", FILES["upsd.users"] + "[new]\n\tpassword = new\n"
          "\tupsmon slave\n", 0o640, nut)
    holdupd.send_signal(1)
    # (The page starts afresh for it: it reads the accounts.)
    wait_for("the reload", lambda: f"reload: {int('web' in wanted)} of" in log())

    def login():
        with socket.create_connection(("127.0.0.1", PORT), 10) as s:
            c = corelib.Lines(s)
            c.send("USERNAME new\nPASSWORD new\nLOGIN qnapups\n")
            return [c.line() for _ in range(3)]
    wait_for("the new account", lambda: login() == ["OK", "OK", "OK"])
    same("net", pids()["net"], before["net"])
    if "web" in wanted:
        wait_for("another web", lambda: pids().get("web") not in (None, before["web"]))

    # Whoever is killed comes back as who he was, and nothing goes down for it.
    for program, pid in pids().items():
        os.kill(pid, 9)
        wait_for(f"{program} anew", lambda: pids().get(program, pid) != pid)
    dummy = corelib.Driver(driver)
    dummy.dump('SETINFO ups.status "OL"', "DATAOK")
    wait_for(f"users {wanted}", lambda: who(holdupd) == wanted)
    same("taken down", os.path.exists("/tmp/down"), False)

    # upsmon -c fsd: NOTIFYCMD and wall as RUN_AS_USER; the flag, then shutdown(8) as root;
    # it fails, so once more, then systemd is asked, who obeys.
    with open("/run/nut/holdupd.pid") as f:
        os.kill(int(f.read()), 10)
    wait_for("the shutdown", lambda: os.path.exists("/tmp/down"))

    def down():
        return said("down").splitlines()
    wait_for("systemctl", lambda: any("systemctl" in line for line in down()))
    same("commands", down()[:3], ["shutdown -h +0 0 killpower"] * 2 +
         ["systemctl poweroff -i 0 killpower"])
    st = os.stat("/run/holdup")
    same("mode of /run/holdup", stat.S_IMODE(st.st_mode), 0o755)
    wait_for("NOTIFYCMD", lambda: said("notified").split() == ["FSD", str(nut), str(nut),
                                                               "NoNewPrivs:", "0"])
    wait_for("wall", lambda: said("walled").startswith(f"{nut}\n"))
    holdupd.terminate()
    same("exit status", holdupd.wait(), 0)


def prove_roles(driver, corelib):
    """As upsd and as upsmon, beside each other: each has its own children and sockets, the
    monitor is a client of the server, and goes down with its UPS while the server serves."""
    nut = USERS["nut"]
    write("/etc/nut/upsmon.conf", FILES["upsmon.conf"].replace(
        "@localhost", f"@127.0.0.1:{PORT}"), 0o640, nut)
    os.unlink("/tmp/down")
    server = start("-r", "server")
    dummy = corelib.Driver(driver)
    dummy.dump('SETINFO ups.status "OL"', "DATAOK")
    wait_for("the server", lambda: "upsd: ready: serving" in log())
    monitor = start("-r", "monitor", "-u", "nut", log="a")
    wait_for("the monitor", lambda: "logged us in as the primary" in log())
    wait_for("its children", lambda: set(who(server)) <= {"core", "net", "out"} and
             {"core", "net"} <= set(who(server)))
    same("who serves", {who(server)[name][0] for name in ("core", "net")},
         {USERS["holdup"], USERS["holdup-net"]})
    wait_for("who watches", lambda: who(monitor) == {"core": (nut, nut, [nut], 1),
                                                     "remote": (nut, nut, [nut], 1),
                                                     "run": (nut, nut, [nut], 0)})
    for name in "upsmon.feed", "upsmon.req", "remote-qnapups":
        st = os.stat(f"/run/nut/{name}")
        same(f"owner and mode of {name}", (st.st_uid, st.st_gid, stat.S_IMODE(st.st_mode)),
             (0, nut, 0o660))
    monitor.send_signal(10)
    wait_for("the shutdown", lambda: os.path.exists("/tmp/down"))
    same("the server goes on", (server.poll(), set(who(server)) >= {"core", "net"}),
         (None, True))
    for holdupd in monitor, server:
        holdupd.terminate()
        same("exit status", holdupd.wait(), 0)
    write("/etc/nut/upsmon.conf", FILES["upsmon.conf"], 0o640, nut)


def prove_without_users(driver, corelib):
    """Where the users of holdup do not exist it is nut, and the log says so; where that
    does not exist either, the UPS is served all the same."""
    nut = USERS["nut"]
    os.unlink("/run/nut/holdup.state")
    write("/etc/passwd", f"root:x:0:0::/:/bin/sh\nnut:x:{nut}:{nut}::/:/bin/sh\n")
    holdupd = start()
    corelib.Driver(driver).dump('SETINFO ups.status "OL"', "DATAOK")
    for user in "holdup", "holdup-net", "holdup-out", "holdup-web":
        wait_for(user, lambda: f"there is no user {user}: nut stands in" in log())
    wait_for("nut everywhere", lambda: len(who(holdupd)) == len(children(holdupd.pid)) >= 4 and
             {w[:2] for w in who(holdupd).values()} == {(nut, nut)})
    holdupd.terminate()
    same("exit status", holdupd.wait(), 0)

    write("/etc/passwd", "root:x:0:0::/:/bin/sh\n")
    write("/etc/group", "root:x:0:\n")
    holdupd = start()
    corelib.Driver(driver).dump('SETINFO ups.status "OL"', "DATAOK")
    wait_for("a warning", lambda: "there is neither a user holdup nor nut" in log())
    wait_for("root", lambda: {w[0] for w in who(holdupd).values()} == {0})
    holdupd.terminate()
    same("exit status", holdupd.wait(), 0)


if sys.argv[1:] == ["inside"]:
    inside()
else:
    outside()
