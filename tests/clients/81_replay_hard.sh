#!/bin/sh
# SPDX-License-Identifier: ISC
# Every client that is known bears what we make of a UPS that is hard on clients; and the
# two upsmon call a forced shutdown.
. "$(dirname "$0")/lib.sh"

hard_ups hard
our_holdupd
wait_for "$BUILD/cli/upsc" "hard@127.0.0.1:$port" ups.status || die "no ups.status"
replay ours-hard 127.0.0.1 "$port" --user chief --password secret
"$(dirname "$0")/run" 127.0.0.1 "$port" --user chief --password secret --only upsmon \
	--dangerous >"$dir/fsd" || die "FSD: $(cat "$dir/fsd")"
