#!/bin/sh
# SPDX-License-Identifier: ISC
# What the clients in replay/ demand can fail: none is content with a server that has a
# fault for each.
. "$(dirname "$0")/lib.sh"

port=$(free_port)
start awful-server "$(dirname "$0")/awfulserver.py" "$port"
wait_for grep -q ready "$dir/awful-server.log" || die "awfulserver.py does not serve"
"$(dirname "$0")/run" 127.0.0.1 "$port" --user boss --password secret --json >"$dir/rows.json" &&
	die "all are content"
same "content with it all" "$(python3 - "$dir/rows.json" <<'PY'
import json, sys

with open(sys.argv[1]) as f:
    rows = json.load(f)
tripped = {row["client"] for row in rows if row["result"] == "trips"}
print(*sorted({row["client"] for row in rows} - tripped))
PY
)" ""
