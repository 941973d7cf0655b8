#!/bin/sh
# SPDX-License-Identifier: ISC
# With TLS on offer every client is still content, and those of Debian that speak TLS (NSS)
# do: upsc tries it, upsmon insists on it.
. "$(dirname "$0")/lib.sh"

hard_ups hard
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost \
	-keyout "$dir/key.pem" -out "$dir/cert.pem" 2>/dev/null || skip "no openssl here"
cat "$dir/cert.pem" "$dir/key.pem" >"$NUT_CONFPATH/server.pem"
chmod 600 "$NUT_CONFPATH/server.pem"
our_holdupd "CERTFILE $NUT_CONFPATH/server.pem"
at=hard@127.0.0.1:$port

# All from one machine, unlike in 81: what one of them can bear says nothing of the others.
replay ours-tls localhost "$port" --user chief --password secret
grep -q 'STARTTLS, and PROTVER.* ok$' "$BUILD/replay-ours-tls.txt" || die "no TLS for PyNUT"
same "upsc over TLS" "$("$NUT/upsc" "$at" battery.charge 2>/dev/null)" 12

another_folder monitor
cat >"$NUT_CONFPATH/upsmon.conf" <<CONF
RUN_AS_USER $user
MONITOR $at 1 chief secret secondary
SHUTDOWNCMD "touch $dir/shutdown"
POWERDOWNFLAG $dir/killpower
FORCESSL 1
CERTVERIFY 0
CONF
start upsmon "$NUT/upsmon" -F -p
logged_in() { upsc -c "$at" 2>/dev/null | grep -q 127.0.0.1; }
wait_for logged_in || die "upsmon does not log in over TLS"
