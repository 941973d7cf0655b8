#!/bin/sh
# SPDX-License-Identifier: ISC
# Completion in bash and zsh: every command of `holdup help` and every option that its help
# tells of, and nothing that holdup does not know.
. "$(dirname "$0")/lib.sh"
command -v bash >/dev/null || skip "bash is not installed"
timeout_s=20

# complete WORD…: what bash offers for the last of these, one a line.
complete_bash() {
	timeout $timeout_s bash --norc -c '
		. "$0"
		COMP_WORDS=("$@")
		COMP_CWORD=$(($# - 1))
		_holdup "$1" "${COMP_WORDS[COMP_CWORD]}"
		printf "%s\n" "${COMPREPLY[@]}"
	' "$root/packaging/completion/holdup.bash" "$@" | sort -u
}

# The same by zsh: the file is the body of a function that calls compadd or _describe.
complete_zsh() {
	# shellcheck disable=SC2016 # zsh's
	timeout $timeout_s zsh -f -c '
		compadd() { shift; print -l -- $@ }
		_describe() { print -l -- ${${(P)2}%%:*} }
		_files() { : }
		file=$1
		shift
		words=("$@") CURRENT=$#
		_holdup() { source $file }
		_holdup
	' zsh "$root/packaging/completion/_holdup" "$@" | sort -u
}

commands=$(holdup help | sed -n 's/^  \([a-z]*\) .*/\1/p' | sort -u)
[ "$(echo "$commands" | wc -l)" -gt 15 ] || die "holdup help lists nothing: $commands"

# offers SHELL WORD… gives WANTED…: all of these are offered.
offers() {
	shell=$1
	shift
	words=
	while [ "$1" != gives ]; do
		words="$words $1"
		shift
	done
	shift
	# shellcheck disable=SC2086 # a list of words
	complete_"$shell" $words >"$dir/offered"
	for wanted; do
		grep -qxF -e "$wanted" "$dir/offered" ||
			die "$shell:$words: does not offer $wanted, but: $(tr '\n' ' ' <"$dir/offered")"
	done
}

shells=bash
! command -v zsh >/dev/null || shells="bash zsh"
for shell in $shells; do
	same "commands in $shell" "$(complete_$shell holdup "")" "$commands"
	for name in $commands; do
		# Each line of the help that begins with an option, and a usage with long ones.
		for option in $(holdup help "$name" | grep -oE '^  -(-[a-z][a-z-]*|[A-Za-z])|[[|(]--[a-z-]+' |
			sed 's/^[^-]*//' | sort -u); do
			case $option in
			--*) typed=-- ;;
			*) typed=- ;;
			esac
			offers $shell holdup "$name" "$typed" gives "$option"
		done
	done
	offers $shell holdup setup -- gives --mode --lan --nas --domoticz --yes --undo
	offers $shell upsmon - gives -K -c -F
	offers $shell upsdrvctl s gives start stop status shutdown
done

# bash finds it under each name.
for name in holdup upsc upscmd upsd upsdrvctl upslog upsmon upsrw upssched; do
	bash --norc -c '. "$0"; complete -p "$1"' "$root/packaging/completion/holdup.bash" "$name" |
		grep -q -- '-F _holdup' || die "no completion for $name"
done
