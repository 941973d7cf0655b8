# A uhid device that is no UPS becomes a hidraw node: the ground the other scripts stand on.
. /tests/lib.sh

mkfifo /tmp/mouse
/holdup/mouse </tmp/mouse &
exec 9>/tmp/mouse
if wait_for 5 test -c /dev/hidraw0; then
	pass uhid
else
	fail uhid "no /dev/hidraw0: $(ls /dev/uhid /sys/class/hidraw 2>&1)"
fi
exec 9>&-
wait_for 5 test ! -e /dev/hidraw0 && pass uhid-gone || fail uhid-gone "hidraw0 stays"
