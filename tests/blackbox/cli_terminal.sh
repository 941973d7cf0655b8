#!/bin/sh
# SPDX-License-Identifier: ISC
# The views on a terminal of 80x24: what they show, that keys work, and that the terminal
# comes back whatever happens.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/golden.sh"
command -v tmux >/dev/null || skip "tmux is not installed"

mux() {
	tmux -S "$dir/tmux" -f /dev/null "$@"
}

# type TEXT: into the shell of the terminal. keys KEY…: as tmux names them.
type() {
	mux send-keys -t first -l "$1"
	mux send-keys -t first Enter
}

keys() {
	mux send-keys -t first "$@"
}

# shows PATTERN: the screen has it.
shows() {
	mux capture-pane -t first -p | grep -q -- "$1"
}

# screen: what is on it, without what differs from run to run.
screen() {
	mux capture-pane -t first -p | sed -e "s/127\.0\.0\.1:$port/127.0.0.1:PORT /" \
		-e 's/[0-9][0-9]:[0-9][0-9]:[0-9][0-9]/HH:MM:SS/' -e "s|$dir|/DIR|" -e 's/  *$//'
}

ended() {
	! kill -0 "$1" 2>/dev/null
}

# settles FILE COMMAND…: what it prints comes to be golden/FILE. A picture arrives in pieces.
settles() {
	wanted=$1
	shift
	[ "${GOLDEN:-}" = write ] || wait_for prints "$folder/$wanted" "$@" || :
	"$@" | same_as "$wanted"
}

prints() {
	wanted_picture=$1
	shift
	"$@" | cmp -s - "$wanted_picture"
}

# The terminal is as it was: a shell that echoes, on the ordinary screen.
is_back() {
	wait_for shows '^\$$' || die "$1: no prompt"
	type 'stty -a | grep -cw -- -echo; echo "b""ack"'
	wait_for shows '^back' || die "$1: the shell does not answer"
	shows '^0$' || die "$1: no echo"
	[ "$(mux display -t first -p '#{alternate_on}#{cursor_flag}')" = 01 ] ||
		die "$1: the screen is not restored"
	# What is typed before the screen is clear would leave a bare prompt on it, and that
	# is what the next call takes for the end of the program.
	type 'clear; echo "cle""ar"'
	wait_for shows '^clear$' || die "$1: the screen is not cleared"
	wait_for shows '^\$$' || die "$1: no prompt after clearing"
}

export LC_ALL=C.UTF-8 TERM=screen-256color
mux new-session -d -s first -x 80 -y 24 "exec env PS1='$ ' sh"
at_end() {
	mux kill-server 2>/dev/null
}
port=$(free_port)
wait_for shows '\$' || die "no shell"

# The demo, its keys, its end.
: >"$dir/etc/holdup.conf" # without a page, whose port would differ
type "holdup demo --dir $dir --nut-port $port"
wait_for shows 'On mains' || die "the demo does not come up: $(screen)"
# Its own login comes a moment before or after the state.
wait_for shows '127.0.0.1 logged in' || die "its own login is not shown: $(screen)"
alone() {
	screen | sed '/127.0.0.1 logged in/d' |
		awk '/driver not connected/ { n++; next } { print }
			/On mains, charge/ { while (n-- > 0) print "" }'
}
settles demo.txt alone

# In a second terminal, beside it: the status in colour.
mux new-session -d -s second -x 80 -y 24 "exec env PS1='$ ' sh"
type_second() {
	mux send-keys -t second -l "$1"
	mux send-keys -t second Enter
}

second() {
	mux capture-pane -t second -p -e | grep -q -- "$1"
}

type_second 'clear; holdup status'
coloured() {
	mux capture-pane -t second -p -e | grep -v '\$' | sed -e 's/  *$//' -e '/^$/d'
}
settles status.terminal.txt coloured

# A window that changes its size.
mux resize-window -t first -x 60 -y 16
wait_for shows '^ p pull/return the plug  d drain  +/- load  t self-test  q q$' ||
	die "60x16: $(screen)"
mux resize-window -t first -x 80 -y 24
wait_for shows 'q quit$' || die "80x24: $(screen)"

# The keys.
keys p
wait_for shows 'ON BATTERY' || die "p does not pull the plug: $(screen)"
wait_for shows 'mains failed, running on battery' || die "no event: $(screen)"
keys d
wait_for is battery.charge 75 || die "d does not drain"
keys +
loaded() {
	is ups.load 10.0 || is ups.load 10
}
wait_for loaded || die "+ does not load"
keys - p
wait_for shows 'mains is back' || die "p does not return the plug: $(screen)"
keys t
wait_for shows 'self-test: ' || die "t does not test: $(screen)"

# Without colour on request.
type_second 'clear; NO_COLOR=1 holdup status; echo "no ""colour"'
wait_for second '^no colour' || die "no status"
second 'Runtime' || die "no status without colour"
mux capture-pane -t second -p -e | grep "$(printf '\033\[3[0-9]m')" && die "colour in spite of NO_COLOR"

# watch and its key, typed when it is there (what it shows is what nobody has typed), and
# typed ahead of it.
type_second 'clear; holdup watch; echo "en""ded"'
wait_for second ' q quit' || die "no watch"
mux send-keys -t second q
wait_for second '^ended' || die "q does not end watch"
mkfifo "$dir/gate"
# Typed before the screen is clear, q would be echoed and cleared away.
type_second "clear; echo 'wait''ing'; cat $dir/gate; holdup watch; echo 'en''ded again'"
wait_for second '^waiting' || die "the second shell does not wait"
mux send-keys -t second q
wait_for second '^q' || die "q is not echoed"
echo >"$dir/gate"
wait_for second 'ended again' || die "q typed ahead does not end watch"

keys q
is_back "q"

# ^C, SIGTERM, a crash.
for how in C-c TERM SEGV; do
	type "holdup demo --dir $dir --nut-port $port"
	wait_for shows 'On mains' || die "the demo does not come up again: $(screen)"
	pid=$(pgrep -P "$(mux display -t first -p '#{pane_pid}')" -x cli-server) || die "no demo process"
	case $how in
	C-c) keys C-c ;;
	*) kill -s "$how" "$pid" ;;
	esac
	wait_for ended "$pid" || die "$how does not end it"
	is_back "$how"
done
