#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Who may do what: sessions, tokens, foreign pages, guesses; what is ordered reaches core in
the name of who ordered it."""

import base64
import threading

from baselib import Stopwatch
from judgelib import Judge, hashed
from weblib import Session, Web, die, same, wait_for

web = Web()


def refused(answer, status, code="ACCESS-DENIED"):
    same("status", answer.status, status)
    same("code", answer.json["error"]["code"], code)


COMMAND, SET = "/api/v1/ups/qnapups/command", "/api/v1/ups/qnapups/set"
TEST = {"command": "test.battery.start"}


def order(session, path, body, status=0):
    """Posts it, and lets the driver say that."""
    before = len(web.core.requests)
    answer = []
    t = threading.Thread(target=lambda: answer.append(session.post(path, body)))
    t.start()
    wait_for("a request to core", lambda: len(web.core.requests) > before)
    if status is not None:
        web.core.req.sendall(f"DONE {web.core.requests[-1].split()[0]} {status}\n".encode())
    t.join()
    return answer[0]


# Nobody.
same("nobody", web.get("/api/v1/session").json["user"], None)
refused(web.ask("POST", COMMAND, TEST), 401)
refused(web.ask("POST", "/api/v1/logout", {}), 401)
refused(web.ask("POST", "/api/v1/drill", {}), 401)
refused(web.ask("POST", COMMAND, TEST, {"Cookie": "holdup=" + "0" * 32}), 401)
for body in ("", "[]", "{", '{"user":1,"password":"x"}', '{"user":"admin"}', "{}" * 5000,
             '{"user":"admin","user":"admin","password":"123456"}', b"\xff\xfe",
             '{"user":"' + "x" * 5000 + '","password":"x"}'):
    answer = web.ask("POST", "/api/v1/login", body)
    refused(answer, 400, "INVALID-ARGUMENT")
refused(web.ask("POST", "/api/v1/login", "x" * 16385), 413, "TOO-LONG")
good = {"user": "admin", "password": "123456"}
refused(web.ask("POST", "/api/v1/login", good, {"Content-Type": "text/plain"}), 415,
        "INVALID-ARGUMENT")
refused(web.ask("POST", "/api/v1/login", good, {"Origin": "https://evil.example"}), 403)
refused(web.ask("POST", "/api/v1/login", good, {"Origin": "null"}), 403)

# Somebody: his cookie is no script's, and only here.
admin = web.login()
same("attributes", admin.set_cookie.split("; ")[1:], ["Path=/", "HttpOnly", "SameSite=Strict"])
same("user", admin.get("/api/v1/session").json["user"], "admin")
same("token", admin.get("/api/v1/session").json["csrf"], admin.token)
same("may", admin.may, {"commands": "all", "set": True, "forget": True, "drill": True})
if web.login().token == admin.token:
    die("two sessions have one token")
for token in "", "0" * 32, admin.token[:-1], admin.token + "0":
    refused(admin.post(COMMAND, TEST, **{"X-Holdup-CSRF": token}), 403)
refused(admin.post(COMMAND, TEST, Origin="http://evil.example"), 403)
same("requests", web.core.requests, [])

# Orders, and what comes of them.
done = order(admin, COMMAND, {"command": "test.battery.start", "value": 'a "b"'})
same("done", (done.status, done.json), (200, {"status": "done"}))
same("request", web.core.requests[-1].split(" ", 2)[2],
     'admin 127.0.0.1 - INSTCMD-TRACKED qnapups test.battery.start "a \\"b\\""')
same("our origin", order(Session(web, "admin", "123456"), COMMAND, TEST).status, 200)
refused(order(admin, COMMAND, TEST, 1), 404, "CMD-NOT-SUPPORTED")
refused(order(admin, COMMAND, TEST, 2), 422, "INVALID-ARGUMENT")
refused(order(admin, COMMAND, TEST, 3), 502, "INSTCMD-FAILED")
same("set", order(admin, SET, {"variable": "ups.id", "value": "x"}).status, 200)
same("request", web.core.requests[-1].split(" ", 5)[5], 'SET-TRACKED qnapups ups.id "x"')
same("forget", order(admin, "/api/v1/ups/qnapups/forget", {}, None).json, {"status": "done"})
same("request", web.core.requests[-1].split(" ", 2)[2], "admin 127.0.0.1 - FORGET qnapups")
drill = admin.post("/api/v1/drill", {})
same("drill", drill.status, 200)
if "machines" not in drill.json:
    die(f"the report of a drill is {drill.text}")
wait_for("core hears of the drill", lambda: web.core.asked("DRILL"))
web.core.answer = lambda words: "READONLY"
refused(admin.post(SET, {"variable": "ups.id", "value": "x"}), 409, "READONLY")
web.core.answer = lambda words: "OK"
refused(admin.post("/api/v1/ups/other/command", TEST), 404, "UNKNOWN-UPS")
for body in {}, {"command": "a b"}, {"command": "x\ny"}, {"command": "x", "value": "a\nb"}:
    refused(admin.post(COMMAND, body), 400, "INVALID-ARGUMENT")
refused(admin.post(SET, {"variable": "ups.id"}), 400, "INVALID-ARGUMENT")

# Rights are those of upsd.users.
DRILL, FORGET = "/api/v1/drill", "/api/v1/ups/qnapups/forget"
for user, may in (("tester", [COMMAND]), ("setter", [SET]), ("looker", []),
                  ("monitor", [FORGET, DRILL])):
    session = web.login(user, user)
    same(f"what {user} is told that it may", {k: session.may[k] for k in ("set", "forget", "drill")},
         {"set": SET in may, "forget": FORGET in may, "drill": DRILL in may})
    for path, body in ((COMMAND, TEST), (COMMAND, {"command": "load.off"}),
                       (SET, {"variable": "ups.id", "value": "y"}), (FORGET, {}), (DRILL, {})):
        if path in may and body.get("command") != "load.off":
            same(f"{user} {path}", order(session, path, body,
                                         None if path in (FORGET, DRILL) else 0).status, 200)
        else:
            refused(session.post(path, body), 403)
far = web.ask("POST", "/api/v1/login", {"user": "far", "password": "far"}, source="127.0.0.2")
refused(far, 403)

# An order whose core goes away.
threads = [threading.Thread(target=lambda: refused(
    admin.post(COMMAND, TEST), 503, "DRIVER-NOT-CONNECTED"))]
before = len(web.core.requests)
threads[0].start()
wait_for("a request to core", lambda: len(web.core.requests) > before)
web.core.close()
threads[0].join()
refused(admin.post(COMMAND, TEST), 503, "DRIVER-NOT-CONNECTED")

# Logout.
out = admin.post("/api/v1/logout", {})
same("logout", (out.status, out.json["user"]), (200, None))
same("cookie", "Max-Age=0" in out.getheader("Set-Cookie"), True)
same("afterwards", admin.get("/api/v1/session").json["user"], None)
refused(admin.post(COMMAND, TEST), 401)

# Guesses: five are free, then they wait, the right one too; others do not.
for _ in range(5):
    refused(web.ask("POST", "/api/v1/login", {"user": "admin", "password": "x"},
                    source="127.0.0.9"), 403)
watch = Stopwatch()
same("the right one", web.login(source="127.0.0.9").may["set"], True)
watch.check("an answer after five failures", 0.9, 8)
watch = Stopwatch()
web.login(source="127.0.0.10")
watch.check("an answer elsewhere", 0, 5)
web.stop()

# `read = login`: nothing is shown without.
web = Web(conf="[web]\nread = login\n")
for path in "/api/v1/state", "/api/v1/stream", "/api/v1/events", "/metrics", "/api/v1/ups/qnapups":
    refused(web.get(path), 401)
for path in "/", "/healthz", "/api/v1/session":
    same(path, web.get(path).status, 200)
if "Server" in web.get("/").text:
    die("the page of who is not logged in shows a UPS")
looker = web.login("looker", "looker")
same("state", looker.get("/api/v1/state").status, 200)
same("page", "Server" in looker.get("/").text, True)

# ... or by a name and password with each question, which begins no session and orders nothing.
def basic(user, password):
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


for path in "/api/v1/state", "/metrics", "/api/v1/events":
    same(path, web.get(path, headers=basic("looker", "looker")).status, 200)
    refused(web.get(path, headers=basic("looker", "wrong"), source="127.0.0.11"), 401)
refused(web.get("/metrics", headers=basic("far", "far"), source="127.0.0.12"), 401)
refused(web.get("/metrics", headers=basic("x" * 500, "y"), source="127.0.0.12"), 401)
refused(web.get("/metrics", headers={"Authorization": "Basic %%%"}), 401)
refused(web.get("/metrics", headers={"Authorization": "Bearer looker"}), 401)
got = web.get("/metrics", headers=basic("looker", "looker"))
same("a cookie", got.getheader("Set-Cookie"), None)
refused(web.ask("POST", COMMAND, TEST, headers=basic("admin", "123456")), 401)
web.stop()

# The same where the password is hashed, and is judged elsewhere meanwhile.
web = Web(conf="[web]\nread = login\n", users=f"[safe]\npassword = {hashed('s:fe')}\n")
judge = Judge(web.dir + "/run")
same("metrics", web.get("/metrics", headers=basic("safe", "s:fe")).status, 200)
refused(web.get("/metrics", headers=basic("safe", "safe"), source="127.0.0.11"), 401)
same("a session", web.login("safe", "s:fe").get("/api/v1/state").status, 200)
judge.kill()
web.stop()
