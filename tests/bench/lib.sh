# SPDX-License-Identifier: ISC
# shellcheck shell=sh
# What the benchmarks share (sh): what processes weigh.

# Prints a process and all below it, without the virtual UPS and the command line.
tree() {
	case $(cat "/proc/$1/comm") in
	sim | holdup) ;;
	*) echo "$1" ;;
	esac
	for child in $(cat "/proc/$1/task/$1/children"); do
		tree "$child"
	done
}

# weigh PID…: a line "NAME KB" for each process and a last one "sum KB". This is PSS: pages
# that several processes map are divided among all of them, those of others too.
weigh() {
	for process; do
		# None has what an event had started and nobody has waited for.
		awk -v name="$(cat "/proc/$process/comm")" \
			'/^Pss:/ { print name, $2 }' "/proc/$process/smaps_rollup" 2>/dev/null || :
	done | awk '{ print; sum += $2 } END { print "sum", sum }'
}

# The sum alone, and the rest as one line of a table.
sum_of() {
	echo "$1" | sed -n 's/^sum //p'
}

parts_of() {
	echo "$1" | sed '/^sum/d' | tr '\n' ',' | sed 's/,$//; s/,/, /g'
}
