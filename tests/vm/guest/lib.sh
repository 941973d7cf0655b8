# SPDX-License-Identifier: ISC
# shellcheck shell=sh
# What the guest's scripts share (busybox sh). Each starts from `fresh` and leaves with it.
PATH=/holdup:/bin:/sbin:/usr/bin:/usr/sbin
export PATH HOLDUP_LIBEXEC=/holdup NUT_CONFPATH=/etc/nut NUT_STATEPATH=/run/nut
started=

# expect NAME COMMAND…: passes if the command succeeds; says what is so if not.
expect() {
	name=$1
	shift
	if "$@" >/tmp/expect 2>&1; then
		echo "PASS vm:$name"
	else
		echo "FAIL vm:$name ups.status=$(value ups.status) $(ls /dev/hidraw* 2>&1)"
		echo "--- $*"
		cat /tmp/expect
		tail -n 12 /tmp/*.log
	fi
}

# wait_for SECONDS COMMAND…: until the command succeeds, looking ten times a second.
wait_for() {
	rounds=$(($1 * 10))
	shift
	until "$@" >/dev/null 2>&1; do
		rounds=$((rounds - 1))
		[ $rounds -gt 0 ] || return 1
		usleep 100000
	done
}

value() { upsc qnapups@127.0.0.1 "$1" 2>&1; }
is() { [ "$(value "$1")" = "$2" ]; }
within() { wait_for "$1" is "$2" "$3"; }
says() { wait_for "$1" sh -c "upsc qnapups@127.0.0.1 ups.status 2>&1 | grep -i '$2'"; }

# begin NAME COMMAND…: in the background, with a log.
begin() {
	log=/tmp/$1.log
	shift
	"$@" >"$log" 2>&1 </dev/null &
	started="$! $started"
}

# Ends what was begun, empties the folders, puts the article's configuration in place.
fresh() {
	for pid in $started; do
		kill "$pid"
		wait "$pid"
	done 2>/dev/null
	started=
	rm -rf /tmp/* /run/nut /etc/nut
	mkdir -p /run/nut
	cp -r /article/server/etc/nut /etc/nut
	chown -R nut:nut /run/nut /etc/nut
}

# The article's udev rule, KERNEL=="hidraw0", GROUP="nut", with nobody but us to apply it.
rule() {
	while :; do
		for node in /dev/hidraw*; do
			[ ! -e "$node" ] || { chgrp nut "$node" && chmod 660 "$node"; }
		done 2>/dev/null
		usleep 200000
	done
}

virtual_ups() { begin sim sim --uhid; }
holdup_as_nut() { begin holdupd su nut -c 'exec holdupd -F -D'; }
