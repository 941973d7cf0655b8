#!/bin/sh
# SPDX-License-Identifier: ISC
# ./start in a tree of stand-ins: installs, builds, and shows the virtual UPS, or the real
# one that it has found and offered; it goes no further where something fails.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || skip "no python3"

tree=$dir/tree
mkdir -p "$tree/packaging" "$tree/tests/run" "$tree/build/cli"
cp "$root/start" "$tree/"

# put FILE SCRIPT: takes the place of a part of the tree.
put() {
	printf '#!/bin/sh\n%s\n' "$2" >"$tree/$1"
	chmod +x "$tree/$1"
}

# On a terminal: types ANSWER, prints what came.
typed() { # ANSWER
	python3 -c 'import os, pty, sys
pid, fd = pty.fork()
if pid == 0:
    os.execl(sys.argv[1], sys.argv[1])
os.write(fd, sys.argv[2].encode() + b"\n")
try:
    while more := os.read(fd, 4096):
        sys.stdout.write(more.decode().replace("\r", ""))
except OSError:
    pass' "$tree/start" "$1"
}

put packaging/install-packages 'echo "installs $*"'
put tests/run/build 'echo "builds $*"'
put build/cli/holdup '[ "$1" != probe ] || exit 1; echo "holdup $*"'
same "./start" "$("$tree/start" --for 1 </dev/null)" "installs build
builds plain
holdup demo --for 1"

# With a UPS on USB.
put build/cli/holdup '[ "$1" != probe ] || { echo "  a UPS 051d:0002"; exit 0; }; echo "holdup $*"'
same "./start with a UPS" "$("$tree/start" </dev/null)" "installs build
builds plain
A UPS is on this machine's USB:
  a UPS 051d:0002
./start --real shows it; this is a virtual one to play with.
holdup demo"
typed y | grep -q 'holdup demo --real$' || die "y: $(typed y)"
for answer in n ''; do
	typed "$answer" | grep -q 'holdup demo$' || die "'$answer': $(typed "$answer")"
done

# What fails says why, and nothing is shown.
put tests/run/build 'echo "no compiler"; exit 1'
same "a build that fails" "$("$tree/start" </dev/null || echo "status $?")" "installs build
no compiler
status 1"
put packaging/install-packages 'echo "missing: meson"; exit 1'
same "missing packages" "$("$tree/start" </dev/null || echo "status $?")" "missing: meson
status 1"
