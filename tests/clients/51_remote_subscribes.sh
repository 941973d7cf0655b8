#!/bin/sh
# SPDX-License-Identifier: ISC
# Our remote mirrors a UPS of our net: changes come by themselves, within a second.
. "$(dirname "$0")/lib.sh"

demo
first=$port state=$NUT_STATEPATH
another_folder ours
printf '[mirror]\n\tdriver = remote\n\tport = qnapups@127.0.0.1:%s\n' "$first" \
	>"$NUT_CONFPATH/ups.conf"
our_holdupd
value() { upsc "mirror@127.0.0.1:$port" "$1" 2>/dev/null; }

wait_for is ups.status OL || die "ups.status is '$(value ups.status)'"
same upsc "$(steady upsc "mirror@127.0.0.1:$port" | grep -v '^driver')" \
	"$(steady upsc "qnapups@127.0.0.1:$first" | grep -v '^driver')"
NUT_STATEPATH=$state holdup sim unplug || die "holdup sim unplug"
within 1 is ups.status 'OB DISCHRG' || die "after a second: '$(value ups.status)'"
