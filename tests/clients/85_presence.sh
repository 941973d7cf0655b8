#!/bin/sh
# SPDX-License-Identifier: ISC
# Our server knows who its readers are by how they talk, each at its address.
. "$(dirname "$0")/lib.sh"

demo
"$(dirname "$0")/run" 127.0.0.1 "$port" --user admin --password 123456 --json >"$dir/rows.json" ||
	die "not all are content"
python3 - "$port" "$dir/rows.json" <<'PY' || exit 1
import json, socket, sys

# Whose conversation is like nobody else's: what it has to be taken for.
KNOWN = """collectd gonut homeassistant hon95 netdata peanut qnap rups synology winnut
    upsmon27=upsmon upsmon28=upsmon librenms=upsc"""

s = socket.create_connection(("127.0.0.1", sys.argv[1]))
s.sendall(b"LIST READER qnapups\nLOGOUT\n")
said = s.makefile().read().splitlines()
with open(sys.argv[2]) as f:
    where = {row["id"].split(".")[0]: row["address"] for row in json.load(f)}
kinds = {row.split(" ")[2]: row.split(" ")[3] for row in said if row.startswith("READER ")}
for word in KNOWN.split():
    client, _, kind = word.partition("=")
    if kinds.get(where[client]) != (kind or client):
        sys.exit(f"{client} is taken for {kinds.get(where[client])}")
missing = [client for client, address in where.items() if address not in kinds]
if missing:
    sys.exit(f"not listed: {missing}")
PY
