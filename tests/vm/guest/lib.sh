# shellcheck shell=sh
# What the guest's scripts share (busybox sh). A script sets nothing up for another.
PATH=/holdup:/bin:/sbin:/usr/bin:/usr/sbin
export HOLDUP_LIBEXEC=/holdup NUT_CONFPATH=/etc/nut NUT_STATEPATH=/run/nut

pass() { echo "PASS vm:$1"; }
fail() { echo "FAIL vm:$1 $2"; }

# wait_for SECONDS COMMAND…: until the command succeeds, looking ten times a second.
wait_for() {
	rounds=$(($1 * 10))
	shift
	while [ $rounds -gt 0 ]; do
		if "$@" >/dev/null 2>&1; then
			return 0
		fi
		rounds=$((rounds - 1))
		usleep 100000
	done
	return 1
}
