#!/bin/sh
# SPDX-License-Identifier: ISC
# Our remote logs in to Debian's upsd, is counted there, and says LOGOUT when it ends.
. "$(dirname "$0")/lib.sh"

dummy_ups dummy
debian_upsd
debian_pid=$pid
printf '[mon]\npassword = secret\nupsmon secondary\n' >>"$NUT_CONFPATH/upsd.users"
kill -HUP "$debian_pid"

# clients: how many are logged in at Debian's upsd.
clients() { "$NUT/upsc" -c "dummy@127.0.0.1:$nut_port" 2>/dev/null | grep -c 127.0.0.1; }
counts() { [ "$(clients)" = "$1" ]; }
said() { grep -q "$2" "$dir/$1.log"; }

another_folder ours
cat >"$NUT_CONFPATH/ups.conf" <<CONF
[second]
	driver = remote
	port = dummy@127.0.0.1:$nut_port
	user = mon
	password = secret
	login = secondary
[first]
	driver = remote
	port = dummy@127.0.0.1:$nut_port
	user = chief
	password = secret
	login = primary
[stranger]
	driver = remote
	port = dummy@127.0.0.1:$nut_port
	user = boss
	password = secret
	login = secondary
CONF
start second remote -a second
second=$pid
wait_for counts 1 || die "the secondary is not counted"
wait_for said second "has logged us in and waits" || die "the log does not tell of it"
start first remote -a first
wait_for said first "has logged us in as the primary" || die "no primary"
wait_for counts 2 || die "the primary is not counted"
start stranger remote -a stranger
wait_for said stranger "refuses our login as \"boss\" (ERR ACCESS-DENIED)" || die "no refusal"
wait_for said stranger "connected to dummy" || die "who is refused does not read"

# A forced shutdown that the primary calls comes through within a poll.
printf 'USERNAME chief\nPASSWORD secret\nLOGIN dummy\nFSD dummy\nLOGOUT\n' |
	python3 -c 'import socket, sys
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
for line in sys.stdin:
    s.sendall(line.encode())
    s.recv(256)' "$nut_port"
forced() {
	python3 -c 'import socket, sys
s = socket.socket(socket.AF_UNIX)
s.settimeout(2)
s.connect(sys.argv[1])
s.sendall(b"DUMPALL\n")
text = ""
while "DUMPDONE" not in text:
    text += s.recv(65536).decode()
sys.exit("FSD" not in text)' "$NUT_STATEPATH/remote-second"
}
wait_for forced || die "FSD does not come through"

stop "$second"
wait_for counts 1 || die "the secondary is counted after its end"
wait_for said upsd "mon@127.0.0.1 logged out" || die "LOGOUT was not heard"
