# SPDX-License-Identifier: ISC
"""A systemctl for the scripts: its units are files, and it can kill who calls it."""

import os

# units/NAME holds STATE ACTIVE MASKED and where the unit is from; calls a line for each call;
# kill the call (from 1) to kill at, and when.
FAKE = r"""#!/bin/sh
cd "$(dirname "$0")" || exit 1
for word; do
	shift
	case $word in --*) ;; *) set -- "$@" "$word" ;; esac
done
verb=$1
shift
echo "$verb $*" >>calls
read -r at when <kill
[ "$at" != "$(wc -l <calls)" ] || [ "$when" != before ] || kill -KILL "$PPID"

fail() {
	echo "$*" >&2
	exit 1
}

change() { # STATE ACTIVE MASKED
	echo "$1 $2 $3 $from" >"units/.new"
	mv "units/.new" "units/$name"
}

case $verb in
list-*)
	for name in $(cd units && echo $*); do
		[ -e "units/$name" ] || continue
		read -r state active masked from <"units/$name"
		[ "$masked" = unmasked ] || state=masked
		case $verb,$name in
		list-units,*) echo "$name loaded $active running A unit of NUT's" ;;
		*@?*.service) [ "${name#*@.}" = "$name" ] || echo "$name $state enabled" ;;
		*) echo "$name $state enabled" ;;
		esac
	done
	;;
*)
	name=$1
	read -r state active masked from <"units/$name" || fail "Unit $name not found."
	case $verb in
	is-active) [ "$active" = active ] || exit 3 ;;
	start | restart | reload) [ "$masked" = unmasked ] || fail "Unit $name is masked." ;;
	esac
	case $verb in
	start | restart) change "$state" active "$masked" ;;
	stop) change "$state" inactive "$masked" ;;
	enable | disable) change "${verb}d" "$active" "$masked" ;;
	mask) [ "$from" != etc ] || fail "File /etc/systemd/system/$name already exists." ;;
	esac
	case $verb in
	mask | unmask) change "$state" "$active" "${verb}ed" ;;
	esac
	;;
esac
[ "$at" != "$(wc -l <calls)" ] || [ "$when" != behind ] || kill -KILL "$PPID"
"""


class Systemctl:
    """Lives in this folder; HOLDUP_SYSTEMCTL is its `path`."""

    def __init__(self, folder, **units):
        """name=(state, active)."""
        self.folder, self.path = folder, f"{folder}/systemctl"
        os.makedirs(f"{folder}/units")
        self.write("systemctl", FAKE)
        os.chmod(self.path, 0o755)
        for name, (state, active) in units.items():
            self.unit(name, state, active)
        self.kill_at(0, "never")

    def write(self, name, text):
        with open(f"{self.folder}/{name}", "w", encoding="utf-8") as f:
            f.write(text)

    def unit(self, name, state, active, where="lib"):
        active = "active" if active else "inactive"
        self.write(f"units/{name}", f"{state} {active} unmasked {where}\n")

    def forget(self, name):
        os.remove(f"{self.folder}/units/{name}")

    def kill_at(self, call, when):
        """Who makes this call (from 1, counted from now) is killed `before` or `behind` it."""
        self.write("calls", "")
        self.write("kill", f"{call} {when}\n")

    def now(self):
        """name: (state, active, masked)"""
        units = {}
        for name in os.listdir(f"{self.folder}/units"):
            with open(f"{self.folder}/units/{name}", encoding="utf-8") as f:
                state, active, masked, _ = f.read().split()
            units[name] = (state, active == "active", masked == "masked")
        return units
