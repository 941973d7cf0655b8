#!/bin/sh
# SPDX-License-Identifier: ISC
# Where packages cannot be installed, exactly the missing ones are named, with the remedy:
# by Debian's names where there is dpkg, by program and library where there is none.
. "$(dirname "$0")/lib.sh"
install=$root/packaging/install-packages
tools="sh sed tr head dirname env cat"
real=$PATH

# A machine with little: PATH leads to these tools, and to what the test puts there.
bin=$dir/bin
mkdir "$bin"
for tool in $tools; do
	ln -s "$(command -v "$tool")" "$bin/$tool"
done

# put NAME: a script from standard input becomes a program of that machine.
put() {
	{ echo '#!/bin/sh' && cat; } >"$bin/$1"
	chmod +x "$bin/$1"
}

# refused WANTED…: the script fails and says each of these.
refused() {
	! PATH=$bin "$install" build >"$dir/said.log" 2>&1 </dev/null || die "no failure"
	for wanted; do
		PATH=$real grep -qF -- "$wanted" "$dir/said.log" || die "does not say '$wanted'"
	done
}

# Debian, no root, no sudo; all but two are installed.
put dpkg-query <<'SH'
for package; do :; done
case $package in meson | libudev-dev) exit 1 ;; *) echo installed ;; esac
SH
put apt-get </dev/null
echo 'echo 1000' | put id
refused "missing: meson libudev-dev" "sudo apt-get install meson libudev-dev"

# Root, but nothing can be fetched.
echo 'echo 0' | put id
echo 'echo "E: Unable to locate package" >&2; exit 100' | put apt-get
for tool in mktemp rm tail; do
	ln -s "$(command -v $tool)" "$bin/$tool"
done
refused "Unable to locate package" "missing: meson libudev-dev"

# What comes with a server does not start it, now or later.
put dpkg-query <<'SH'
for package; do :; done
case $package in meson | prometheus) exit 1 ;; *) echo installed ;; esac
SH
echo "echo \"offline=\$SYSTEMD_OFFLINE \$*\" >>'$dir/apt.said'" | put apt-get
echo "echo \"\$*\" >>'$dir/systemctl.said'" | put systemctl
PATH=$bin "$install" build test >"$dir/said.log" 2>&1 || die "refused though apt installs"
grep -q "^offline=1 -qq install .* meson prometheus\$" "$dir/apt.said" ||
	die "apt may start servers"
[ "$(cat "$dir/systemctl.said")" = "-q disable prometheus.service" ] ||
	die "the server starts at the next boot"
rm "$bin/systemctl"

# Another distribution: programs and libraries.
rm "$bin/dpkg-query" "$bin/apt-get"
# shellcheck disable=SC2016 # meant for the program
echo 'case $2 in jansson) exit 1 ;; esac' | put pkg-config
for tool in cc ninja python3 curl; do
	put $tool </dev/null
done
refused "missing here: meson jansson.pc" "no Debian"

# With everything there it is silent.
put meson </dev/null
put pkg-config </dev/null
PATH=$bin "$install" build >"$dir/said.log" 2>&1 || die "refused though all is there"
[ ! -s "$dir/said.log" ] || die "not silent though all is there"
