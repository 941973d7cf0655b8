#!/bin/sh
# SPDX-License-Identifier: ISC
# python3-nut, which monitoring scripts use, reads what our upsc reads.
. "$(dirname "$0")/lib.sh"

demo
PYTHONPATH=$NUT/python python3 -W ignore -c 'import PyNUT' 2>"$dir/python.txt" ||
	skip "this Python cannot load PyNUT: $(tail -n 1 "$dir/python.txt")"
all=$(steady upsc "qnapups@127.0.0.1:$port")
PYTHONPATH=$NUT/python python3 -W ignore - "$port" "$dir/values" <<'PY' \
	>"$dir/said" || die "$(cat "$dir/said")"
import sys, PyNUT
nut = PyNUT.PyNUTClient(host="127.0.0.1", port=int(sys.argv[1]), login="admin",
                        password="123456")
text = lambda s: s.decode() if isinstance(s, bytes) else s
print("ups", " ".join(text(u) for u in nut.GetUPSList()))
values = {text(k): text(v) for k, v in nut.GetUPSVars("qnapups").items()}
with open(sys.argv[2], "w") as f:
    f.writelines(f"{name}: {value}\n" for name, value in values.items())
print("command", "beeper.disable" in map(text, nut.GetUPSCommands("qnapups")))
print("settable", "battery.charge.low" in map(text, nut.GetRWVars("qnapups")))
PY
same "what PyNUT said" "$(cat "$dir/said")" "ups qnapups
command True
settable True"
same "GetUPSVars" "$(steady cat "$dir/values")" "$all"
