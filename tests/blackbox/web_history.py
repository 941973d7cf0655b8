#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""The past as web shows it, with the whole chain before it: an outage is an event on the
stream, a row in the list, a point of the series and one more in the metrics; who ordered
something is told by name."""

import glob
import os
import sqlite3
import types

from baselib import PATIENCE, die, same, wait_for
from corelib import Folder, free_port
from weblib import USERS, Stream, Web

nut, page = free_port(), free_port()
folder = Folder(ups_conf="[a]\n\tdriver = dummy-ups\n\tport = a.dev\n",
                upsd_conf=f"LISTEN 127.0.0.1 {nut}\n", upsd_users=USERS,
                holdup_conf=f"[web]\nlisten = 127.0.0.1:{page}\nprice = 0.25 EUR\n[history]\n")


def device(status):
    with open(f"{folder.etc}/new", "w") as f:
        f.write(f"ups.status: {status}\nbattery.charge: 88\nups.load: 20\nups.id: me\n")
    os.rename(f"{folder.etc}/new", f"{folder.etc}/a.dev")


device("OL")
holdupd = folder.start("holdupd", "-F")
web = types.SimpleNamespace(port=page, tls=False)
for name in "connect", "ask", "get", "login":
    setattr(web, name, getattr(Web, name).__get__(web))


def there():
    try:
        answer = web.get("/api/v1/events")
    except ConnectionRefusedError:
        return False
    return answer.status == 200 and answer.json["history"] and \
        [u for u in web.get("/api/v1/state").json["upses"] if u["mains"] == "on"]


wait_for("the page with a history", there)
stream = Stream(web)
same("begins", stream.event()[0], "state")


def event(kind):
    while (e := stream.next("event"))["kind"] != kind:
        pass
    return e


device("OB")
same("who", (event("onbatt")["ups"]), "a")
wait_for("an outage", lambda: web.get("/api/v1/outages").json["outages"])
same("it lasts", web.get("/api/v1/outages").json["outages"][0]["ended"], None)
device("OL")
event("online")
wait_for("its end", lambda: web.get("/api/v1/outages?ups=a").json["outages"][0]["ended"])
outage = web.get("/api/v1/outages").json["outages"][0]
same("outage", (outage["ups"], outage["kind"], outage["complete"]), ("a", "outage", True))
one = web.get(f"/api/v1/outages/{outage['id']}").json
same("the same", one["began"], outage["began"])
if "onbatt" not in [e["kind"] for e in one["events"]] or not one["minutes"]:
    die(f"one outage is {one}")
same("none of that number", web.get("/api/v1/outages/999").status, 404)
same("none before it", web.get(f"/api/v1/outages?before={outage['id']}").json["outages"], [])

events = web.get("/api/v1/events?limit=2").json["events"]
same("two", len(events), 2)
same("newest first", events[0]["id"] > events[1]["id"], True)
same("after", web.get(f"/api/v1/events?after={events[0]['id']}").json["events"], [])
same("of nobody", web.get("/api/v1/events?ups=none").json["events"], [])
if not web.get("/api/v1/state").json["events"]:
    die("the state has no events")

series = web.get("/api/v1/ups/a/history?vars=battery.charge,ups.load&points=10").json
same("points", len(series["time"]), 10)
same("series", sorted(series["series"]), ["battery.charge", "ups.load"])
same("lengths", {len(v) for s in series["series"].values() for v in s.values()}, {10})
same("quality", web.get("/api/v1/ups/a/quality?days=1").json["outages"], 1)
same("price", (lambda e: (e["price_per_kwh"], e["currency"]))(
    web.get("/api/v1/ups/a/energy").json), (0.25, "EUR"))
same("battery", web.get("/api/v1/ups/a/battery").status, 200)
wait_for("one in the metrics",
         lambda: 'holdup_outages_total{ups="a"} 1\n' in web.get("/metrics").text)

admin = web.login()
same("set", admin.post("/api/v1/ups/a/set", {"variable": "ups.id", "value": "you"}).status, 200)
same("by whom", event("deed")["who"].split("@")[0], "admin")
same("drill", admin.post("/api/v1/drill", {}).status, 200)
same("by whom", event("deed")["who"].split("@")[0], "admin")

# A file that was damaged is begun anew, and the numbers of its events with it.
db = glob.glob(folder.dir + "/**/history.db", recursive=True)[0]
new = sqlite3.connect(db + ".new")
old = sqlite3.connect(db)
for (sql,) in old.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL"):
    new.execute(sql)
old.close()
new.execute("PRAGMA user_version = 1")
new.execute("INSERT INTO event VALUES (1, 1000, NULL, 'start', NULL, 'Anew', 0)")
new.commit()
new.close()
for end in "-wal", "-shm":
    os.rename(db + end, db + ".old" + end)
os.rename(db + ".new", db)
wait_for("the events of the new file",
         lambda: [e["text"] for e in web.get("/api/v1/state").json["events"]] == ["Anew"])
holdupd.terminate()
same("exit status", holdupd.wait(), 0)
