#!/bin/sh
# SPDX-License-Identifier: ISC
# Our dummy and Debian's dummy-ups say the same for the same file, on the driver socket and
# by Debian's upsd; so do our clone and Debian's.
. "$(dirname "$0")/lib.sh"

sed 's|/dummy-ups "|/clone "|' "$NUT/dummy-ups" >"$dir/clone"
chmod +x "$dir/clone"

# Without the driver's version, and without a line that takes no flag from a variable
# that has none.
dump() { # SOCKET
	python3 -c 'import socket, sys
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
s.sendall(b"DUMPALL\n")
for line in s.makefile():
    if line == "DUMPDONE\n":
        break
    print(line, end="")' "$NUT_STATEPATH/$1" |
		grep -v -e ' driver\.version' -e '^SETFLAGS [^ ]*$' | sort
}

# folder WHOSE: ups.conf with a dummy and a clone, and the file.
folder() {
	another_folder "$1"
	cat >"$NUT_CONFPATH/ups.conf" <<-CONF
		user = $user
		synchronous = yes
		[real]
			driver = dummy-ups
			port = real.dev
			desc = "Dummy"
			default.ups.id = nobody
			override.battery.packs = 7
		[outlet]
			driver = clone
			port = dummy-ups-real
			load.off = outlet.1.load.off
			load.status = outlet.1.status
			mincharge = 50
			minruntime = 300
			offdelay = 60
	CONF
	{
		echo '# every name that NUT knows'
		awk '$1 == "VARDESC" && $2 !~ /^driver|charge$|status$|packs$/ { print $2 ": 1" }' \
			"$(find "$NUT/root" -name cmdvartab)"
		printf 'ups.status: OL CHRG\nbattery.charge: 87\nups.contact: one  two "q  r"  # no\n'
		printf 'my.own: \\"x\\" y\nbattery.runtime: 900\noutlet.1.status: on\n'
	} >"$NUT_CONFPATH/real.dev"
}

folder theirs
dummy_wait() { wait_for test -S "$NUT_STATEPATH/$1" || die "$1 does not start"; }
start dummy-ups "$NUT/dummy-ups" -a real -u "$user" -F
dummy_wait dummy-ups-real
start clone "$dir/clone" -a outlet -u "$user" -F
dummy_wait clone-outlet
# dummy-ups says WAIT first, and may do so for a while.
fresh() { dump "$1" | grep -q '^DATAOK' && dump "$1" | grep -q 'SETINFO ups.status .*OL'; }
wait_for fresh dummy-ups-real || die "their dummy-ups has no data"
wait_for fresh clone-outlet || die "their clone has no data"
served_by_upsd() {
	for ups in real outlet; do
		"$NUT/upsc" "$ups@127.0.0.1:$nut_port" ups.status | grep -w OL || return 1
	done
}
dump dummy-ups-real >"$dir/theirs.real"
dump clone-outlet >"$dir/theirs.outlet"
debian_upsd
wait_for served_by_upsd || die "Debian's upsd has no data"
for ups in real outlet; do
	steady "$NUT/upsc" "$ups@127.0.0.1:$nut_port" | grep -v '^driver.version'
	"$NUT/upsrw" "$ups@127.0.0.1:$nut_port"
	"$NUT/upscmd" -l "$ups@127.0.0.1:$nut_port"
done >"$dir/theirs.upsd" 2>/dev/null

folder ours
start dummy "$BUILD/dummy/dummy" -a real -F
dummy_wait dummy-ups-real
start dummy "$BUILD/dummy/dummy" -a outlet -F
dummy_wait clone-outlet
wait_for fresh clone-outlet || die "our clone has no data"
dump dummy-ups-real >"$dir/ours.real"
dump clone-outlet >"$dir/ours.outlet"
debian_upsd
wait_for served_by_upsd || die "Debian's upsd has no data"
for ups in real outlet; do
	steady "$NUT/upsc" "$ups@127.0.0.1:$nut_port" | grep -v '^driver.version'
	"$NUT/upsrw" "$ups@127.0.0.1:$nut_port"
	"$NUT/upscmd" -l "$ups@127.0.0.1:$nut_port"
done >"$dir/ours.upsd" 2>/dev/null

[ "$(wc -l <"$dir/theirs.real")" -gt 300 ] || die "their dummy-ups says too little"
for what in real outlet upsd; do
	diff "$dir/theirs.$what" "$dir/ours.$what" >"$dir/diff" ||
		die "$what: $(head -n 20 "$dir/diff")"
done
