#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""What each address answers, what it refuses, and in which words."""

import os
import re

from weblib import PATIENCE, Stream, Web, die, same, wait_for

DOCS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../docs/page.md")

web = Web()


def refused(answer, status, code):
    same("status", answer.status, status)
    same("code", answer.json["error"]["code"], code)
    if not answer.json["error"]["message"]:
        die("a refusal says nothing")


def documented():
    """Method and address of each row in the table of docs/page.md."""
    with open(DOCS) as f:
        for line in f:
            if m := re.match(r"\| `(GET|POST) ([^?`]*)", line):
                yield m.groups()


# Each address that is documented is there; without a login nothing can be ordered.
rows = list(documented())
if len(rows) < 20:
    die(f"docs/page.md has only {len(rows)} addresses")
for method, path in rows:
    path = path.replace("NAME", "qnapups").replace("ID", "1")
    if path == "/api/v1/stream":
        continue
    answer = web.ask(method, path, {} if method == "POST" else None)
    wanted = {"/api/v1/login": 400, "/api/v1/outages/1": 404}.get(
        path, 401 if method == "POST" else 200)
    same(f"{method} {path}", answer.status, wanted)
    for name in "X-Content-Type-Options", "Content-Security-Policy", "Referrer-Policy":
        if not answer.getheader(name):
            die(f"{method} {path}: no {name}")
    same("Cache-Control", answer.getheader("Cache-Control"), "no-store")

# The state.
state = web.get("/api/v1/state").json
same("version", state["version"], 1)
ups = state["upses"][0]
same("ups", (ups["name"], ups["desc"], ups["source"], ups["status"], ups["mains"]),
     ("qnapups", "Server", "ok", "OL", "on"))
same("charge", ups["battery"]["charge"], 100)
same("unknown", ups["power"]["watts"], None)
same("variables", ups["variables"]["ups.id"], "me")
same("commands", ups["commands"], ["load.off", "test.battery.start"])
same("settable", ups["settable"],
     {"ups.id": {"type": "string", "length": 4, "ranges": [], "values": []}})
same("one ups", web.get("/api/v1/ups/QNAPups").json["name"], "qnapups")

# What clients of other kinds send as text is text here, and never anything else.
web.core.say('qnapups SETINFO device.location "<b>\\"a\\\\b\xff\xe9"')
wait_for("a strange text", lambda: web.get("/api/v1/ups/qnapups").json["variables"].get(
    "device.location", "").startswith('<b>"a\\b'))

# Without a history everything about the past is empty, and says why.
for path in ("ups/qnapups/history", "ups/qnapups/quality", "ups/qnapups/energy",
             "ups/qnapups/battery", "outages", "events"):
    same(path, web.get("/api/v1/" + path).json["history"], False)

# Refusals.
refused(web.get("/nothing"), 404, "UNKNOWN-COMMAND")
refused(web.get("/api/v1/ups/"), 404, "UNKNOWN-COMMAND")
refused(web.get("/api/v1/ups/other"), 404, "UNKNOWN-UPS")
refused(web.get("/api/v1/ups/%00"), 400, "INVALID-ARGUMENT")
refused(web.get("/api/v1/ups/" + "x" * 600), 400, "INVALID-ARGUMENT")
refused(web.ask("POST", "/api/v1/state", {}), 405, "UNKNOWN-COMMAND")
refused(web.ask("DELETE", "/api/v1/state"), 405, "UNKNOWN-COMMAND")

# A page of another name that is resolved to this machine reads nothing.
for host, status in {"evil.com:8493": 421, "localhost:8493": 200, "[::1]:8493": 200,
                     "nas.local": 200}.items():
    same(host, web.ask("GET", "/api/v1/state", headers={"Host": host}).status, status)
for query in ("from=x", "from=9&to=8", "points=0", "points=2001", "vars=", "vars=%ff",
              "vars=a,b,c,d,e,f,g,h,i", "to=1e99", "to=nan", "vars=a%20b"):
    refused(web.get("/api/v1/ups/qnapups/history?" + query), 400, "INVALID-ARGUMENT")
for query in "limit=0", "limit=501", "before=-1", "after=x", "before=99999999999999999999":
    refused(web.get("/api/v1/events?" + query), 400, "INVALID-ARGUMENT")
same("HEAD", (web.ask("HEAD", "/api/v1/state").status, web.ask("HEAD", "/").text), (200, ""))
same("HEAD of a stream", web.ask("HEAD", "/api/v1/stream").status, 200)

# The metrics, in both formats.
old = web.get("/metrics")
same("format", old.getheader("Content-Type"), "text/plain; version=0.0.4; charset=utf-8")
new = web.get("/metrics", headers={
    "Accept": "application/openmetrics-text;version=1.0.0,text/plain;q=0.5"})
same("format", new.getheader("Content-Type"),
     "application/openmetrics-text; version=1.0.0; charset=utf-8")
same("end", new.text.endswith("# EOF\n"), True)
for line in ('holdup_ups_up{ups="qnapups"} 1', 'holdup_battery_charge_ratio{ups="qnapups"} 1',
             'holdup_ups_status{ups="qnapups",flag="OB"} 0', 'holdup_link_drops_total{ups="qnapups"} 0'):
    if line not in old.text or line not in new.text:
        die(f"the metrics lack {line}")

# The stream: everything, then what changes, within a second.
stream = Stream(web)
same("first event", stream.event()[0], "state")
web.core.say('qnapups SETINFO ups.status "OB DISCHRG"')
changed = stream.ups(lambda ups: ups["status"] == "OB DISCHRG")
same("mains", changed["mains"], "off")
same("since", abs(changed["since"] - web.get("/api/v1/state").json["time"]) < PATIENCE, True)
web.core.say("qnapups LOST")
stream.ups(lambda ups: ups["source"] == "lost")
same("drops", 'holdup_link_drops_total{ups="qnapups"} 1' in web.get("/metrics").text, True)
web.core.say('UPS second "Another"')
while [u["name"] for u in stream.next("state")["upses"]] != ["qnapups", "second"]:
    pass

# core goes away and comes back: /healthz says so, the page goes on.
web.core.close()
wait_for("an unhealthy web", lambda: web.get("/healthz").status == 503)
same("fresh", web.get("/api/v1/state").json["fresh"], False)
same("the page", web.get("/").status, 200)
web.stop()
