# SPDX-License-Identifier: ISC
# shellcheck shell=sh
# What the scripts with Debian's NUT share (sh): tests/blackbox/lib.sh and NUT's programs.
# $NUT is where tests/clients/real has unpacked them.
. "$(dirname "$0")/../blackbox/lib.sh"
[ -n "${NUT:-}" ] || skip "NUT is not set: run tests/clients/real"

user=$(id -un)

# dummy_ups NAME: Debian's dummy-ups with the variables of NAME.dev, or with a charge of
# 87 % where there is no such file; its ups.conf section is added.
dummy_ups() {
	printf '[%s]\n\tdriver = dummy-ups\n\tport = %s.dev\n\tdesc = "Dummy"\n' "$1" "$1" \
		>>"$NUT_CONFPATH/ups.conf"
	[ -e "$NUT_CONFPATH/$1.dev" ] || cat >"$NUT_CONFPATH/$1.dev" <<-'DEV'
		ups.status: OL
		ups.mfr: Nobody
		ups.model: Nothing 500
		battery.charge: 87
		input.voltage: 231.0
	DEV
	start dummy-ups "$NUT/dummy-ups" -a "$1" -u "$user" -F
	wait_for test -S "$NUT_STATEPATH/dummy-ups-$1" || die "dummy-ups does not start"
}

# hard_ups NAME: a driver whose UPS is hard on clients; its ups.conf section is added.
hard_ups() {
	printf '[%s]\n\tdriver = hard\n\tport = auto\n\tdesc = "Büro \\"A\\""\n' "$1" \
		>>"$NUT_CONFPATH/ups.conf"
	start hard-driver "$(dirname "$0")/harddriver.py" "$1"
	wait_for test -S "$NUT_STATEPATH/hard-$1" || die "harddriver.py does not start"
}

# accounts: upsd.users; boss commands the UPS, chief decides about it too.
accounts() {
	printf '[boss]\npassword = secret\nactions = SET\ninstcmds = ALL\n'
	printf '[chief]\npassword = secret\nactions = SET\ninstcmds = ALL\nupsmon primary\n'
}

# debian_upsd: Debian's upsd on $nut_port for what ups.conf says.
debian_upsd() {
	nut_port=$(free_port)
	echo "LISTEN 127.0.0.1 $nut_port" >"$NUT_CONFPATH/upsd.conf"
	accounts >"$NUT_CONFPATH/upsd.users"
	chmod 600 "$NUT_CONFPATH/upsd.users" "$NUT_CONFPATH/upsd.conf"
	start upsd "$NUT/upsd" -F -u "$user"
	wait_for "$NUT/upsc" -l "127.0.0.1:$nut_port" || die "Debian's upsd does not start"
}

# A second private folder: what follows reads $dir/$1/etc and lives in $dir/$1/run.
another_folder() {
	mkdir -m 700 "$dir/$1" "$dir/$1/etc" "$dir/$1/run"
	NUT_CONFPATH=$dir/$1/etc
	NUT_STATEPATH=$dir/$1/run
}

# our_holdupd [LINE…]: holdupd on $port for what ups.conf says, with these in upsd.conf.
our_holdupd() {
	port=$(free_port)
	printf '%s\n' "LISTEN 127.0.0.1 $port" "$@" >"$NUT_CONFPATH/upsd.conf"
	accounts >"$NUT_CONFPATH/upsd.users"
	start holdupd holdupd -F
	wait_for "$BUILD/cli/upsc" -l "127.0.0.1:$port" || die "holdupd does not serve"
}

# replay NAME HOST PORT [OPTION…]: every client that is known talks to that server, and is
# content, but for what expected/NAME says. The table is kept as $BUILD/replay-NAME.txt.
# On 127.0.0.1 each client has an address of its own, as localhost all have one.
replay() {
	name=$1
	shift
	! [ -e "$(dirname "$0")/expected/$name" ] || set -- "$@" --expect "$(dirname "$0")/expected/$name"
	"$(dirname "$0")/run" "$@" >"$BUILD/replay-$name.txt" ||
		die "the clients do not fare with $name as expected: $(grep -h 'trips:' "$BUILD/replay-$name.txt")"
}

# steady COMMAND…: lines without the values that move by themselves.
steady() {
	"$@" 2>/dev/null | grep -v '^Init SSL' | grep -vE \
		 '^(battery.runtime|ups.timer.[a-z]*|ups.load|battery.(voltage|temperature)|input.voltage|output.voltage|ups.temperature|ups.realpower):' | sort
}
