# SPDX-License-Identifier: ISC
# shellcheck shell=sh
# Comparing with files (sh, after lib.sh). GOLDEN=write writes them instead.

folder=$root/tests/blackbox/golden

# same_as FILE: compares standard input with golden/FILE.
same_as() {
	if [ "${GOLDEN:-}" = write ]; then
		cat >"$folder/$1"
	else
		cat >"$dir/got"
		diff -u "$folder/$1" "$dir/got" || die "$1 differs"
	fi
}

# golden FILE COMMAND…: compares what it prints.
golden() {
	wanted=$1
	shift
	"$@" >"$dir/printed" || die "$*: status $?"
	same_as "$wanted" <"$dir/printed"
}
