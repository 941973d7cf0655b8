#!/bin/sh
# SPDX-License-Identifier: ISC
# Our remote-tls logs in to Debian's upsd, which has NSS, by TLS, with and without a look at
# its certificate; to one without a certificate it does not.
. "$(dirname "$0")/lib.sh"
tools=$OTHERS/libnss3-tools/usr/bin
[ -x "$tools/certutil" ] || skip "no certutil"
command -v openssl >/dev/null || skip "no openssl"
libraries=$(find "$NUT/root" "$OTHERS/libnss3-tools" -name '*.so*' -printf '%h\n' | sort -u | tr '\n' ':')

# nss TOOL ARGUMENT…: one of the tools, on the database.
nss() {
	tool=$1
	shift
	LD_LIBRARY_PATH=$libraries "$tools/$tool" -d "sql:$dir/db" "$@" >>"$dir/nss.log" 2>&1 ||
		die "$tool fails"
}

# certificate NAME: signed by the authority.
certificate() {
	openssl req -new -newkey rsa:2048 -nodes -subj "/CN=$1" -addext "subjectAltName=DNS:$1" \
		-keyout "$dir/$1.key" -out "$dir/$1.csr" 2>>"$dir/openssl.log" || die "openssl fails"
	openssl x509 -req -in "$dir/$1.csr" -CA "$dir/ca.crt" -CAkey "$dir/ca.key" -CAcreateserial \
		-days 2 -copy_extensions copy -out "$dir/$1.crt" 2>>"$dir/openssl.log" || die "openssl fails"
}

openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=Authority -days 2 \
	-addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign \
	-keyout "$dir/ca.key" -out "$dir/ca.crt" 2>"$dir/openssl.log" || die "openssl fails"
certificate localhost
certificate other
openssl pkcs12 -export -in "$dir/localhost.crt" -inkey "$dir/localhost.key" \
	-name server -passout pass: -out "$dir/server.p12" 2>>"$dir/openssl.log" || die "openssl fails"
mkdir "$dir/db"
echo secret >"$dir/password"
nss certutil -N -f "$dir/password"
nss certutil -A -n authority -t CT,C,C -a -i "$dir/ca.crt" -f "$dir/password"
nss pk12util -i "$dir/server.p12" -k "$dir/password" -W ""

# secured: Debian's upsd on $nut_port with that database.
secured() {
	nut_port=$(free_port)
	printf 'LISTEN localhost %s\nCERTPATH %s/db\nCERTIDENT server secret\n' \
		"$nut_port" "$dir" >"$NUT_CONFPATH/upsd.conf"
	accounts >"$NUT_CONFPATH/upsd.users"
	chmod 600 "$NUT_CONFPATH/upsd.users" "$NUT_CONFPATH/upsd.conf"
	start upsd "$NUT/upsd" -F -u "$user"
	wait_for "$NUT/upsc" -l "localhost:$nut_port" || die "Debian's upsd does not start"
}

# connects NAME TLS TEXT [ARGUMENT…]: a remote-tls whose section says so has this in its log.
connects() {
	name=$1
	text=$3
	printf '[%s]\n\tdriver = remote\n\tport = dummy@localhost:%s\n\tuser = chief\n\tpassword = secret\n\tlogin = secondary\n\ttls = %s\n' \
		"$name" "$nut_port" "$2" >>"$dir/ours/etc/ups.conf"
	shift 3
	NUT_CONFPATH=$dir/ours/etc NUT_STATEPATH=$dir/ours/run start "$name" remote-tls -a "$name" "$@"
	wait_for grep -q "$text" "$dir/$name.log" || die "$name: not '$text'"
	! grep -q "by TLS" "$dir/$name.log" || wait_for grep -q "has logged us in" "$dir/$name.log" ||
		die "$name: no login"
	stop "$pid"
}

dummy_ups dummy
mkdir -m 700 "$dir/ours" "$dir/ours/etc" "$dir/ours/run"
secured
connects verified verify "by TLS, its certificate verified" -A 3 3<"$dir/ca.crt"
connects forced force "by TLS, which is polled"
connects tried try "by TLS, which is polled"
connects stranger verify "certificate is refused" -A 3 3<"$dir/other.crt"
debian_upsd
connects plain force "it has no TLS (ERR FEATURE-NOT-CONFIGURED)"
