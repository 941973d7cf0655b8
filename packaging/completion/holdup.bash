# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# Completion in bash for holdup and for NUT's names. What there is to complete the programs
# say themselves (`holdup help`, `COMMAND --help`), so that this is never out of date.

# The options in the help of a command, one a line; -lw of a usage are -l and -w.
_holdup_options() { # COMMAND...
	"$@" --help 2>/dev/null | grep -oE '(^|[][ |,])-(-[a-z][a-z-]*|[A-Za-z0-9]+)' |
		sed -e 's/^[^-]*//' -e '/^--/!{s/^-//;s/./-&\n/g}'
}

# The words between which the usage lets one choose: start|stop.
_holdup_words() { # COMMAND...
	"$@" --help 2>/dev/null | sed '/^$/q' | grep -oE '[a-z-]+(\|[a-z-]+)+' | tr '|' '\n' |
		grep -v '^-'
}

_holdup() { # PROGRAM WORD
	local command=("$1") words=
	if [[ ${1##*/} == holdup ]]; then
		if ((COMP_CWORD == 1)) || [[ ${COMP_WORDS[1]} == help ]]; then
			words=$("$1" help 2>/dev/null | sed -n 's/^  \([a-z]\{1,\}\) .*/\1/p')
			mapfile -t COMPREPLY < <(compgen -W "$words" -- "$2")
			return
		fi
		command+=("${COMP_WORDS[1]}")
	fi
	case $2 in
	-*) words=$(_holdup_options "${command[@]}") ;;
	*)
		words=$(_holdup_words "${command[@]}")
		case ${command[-1]##*/} in
		status | watch | history | upsc | upscmd | upsrw)
			words+=" $(timeout 2 upsc -l 2>/dev/null)"
			;;
		esac
		;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$2")
}

complete -o default -F _holdup holdup upsc upscmd upsd upsdrvctl upslog upsmon upsrw upssched
