#!/bin/sh
# SPDX-License-Identifier: ISC
# Debian's upsmon logs in as a secondary, sees the mains fail and return.
. "$(dirname "$0")/lib.sh"

demo
state=$NUT_STATEPATH
another_folder monitor
events=$dir/events
cat >"$dir/notify" <<NOTIFY
#!/bin/sh
echo "\$NOTIFYTYPE" >>"$events"
NOTIFY
chmod +x "$dir/notify"
cat >"$NUT_CONFPATH/upsmon.conf" <<CONF
RUN_AS_USER $user
MONITOR qnapups@127.0.0.1:$port 1 admin 123456 slave
MINSUPPLIES 1
SHUTDOWNCMD "touch $dir/shutdown"
NOTIFYCMD $dir/notify
POLLFREQ 1
POLLFREQALERT 1
HOSTSYNC 15
DEADTIME 15
POWERDOWNFLAG $dir/killpower
NOTIFYFLAG ONBATT EXEC
NOTIFYFLAG ONLINE EXEC
NOTIFYFLAG COMMBAD EXEC
NOTIFYFLAG NOCOMM EXEC
CONF
start upsmon "$NUT/upsmon" -F -p
logged_in() { upsc -c "qnapups@127.0.0.1:$port" 2>/dev/null | grep -q 127.0.0.1; }
wait_for logged_in || die "upsmon does not log in"

saw() { grep -qx "$1" "$events"; }
NUT_STATEPATH=$state holdup sim unplug || die "holdup sim unplug"
wait_for saw ONBATT || die "no ONBATT: $(cat "$events" 2>&1)"
NUT_STATEPATH=$state holdup sim plug || die "holdup sim plug"
wait_for saw ONLINE || die "no ONLINE: $(cat "$events" 2>&1)"
! saw COMMBAD && ! saw NOCOMM || die "communication was lost: $(cat "$events")"
[ ! -e "$dir/shutdown" ] || die "upsmon shut down"
