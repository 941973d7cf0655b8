#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""What each service gets for an event, as its documentation has it, and what its answers mean."""

import base64
import time

from notifylib import Channel, Receiver, die, same, tried, wait_for

ON = "On battery: the mains is away, charge 97 %."
FACTS = "battery.charge=97", "battery.runtime=2520"


def told(via, more="", path="", **env):
    """A channel before a receiver, after one power failure."""
    receiver = Receiver()
    channel = Channel(f"via = {via}\nurl = \"{receiver.url(path)}\"\n{more}", **env)
    number = channel.event("onbatt", ON, *FACTS)
    asked = receiver.gets()
    wait_for("what it told is kept", lambda: "told" in channel.kept)
    return receiver, channel, number, asked


def clock(number):
    return time.strftime("%H:%M:%S", time.localtime(number / 1000))


def text_of(number):
    return f"{ON} About 42 min are left.\n{clock(number)}"


def ntfy():
    _, channel, number, asked = told("ntfy", "token = tk_secret", "/my-topic")
    same("method and path", (asked.method, asked.path), ("POST", "/"))
    same("Authorization", asked.headers["Authorization"], "Bearer tk_secret")
    same("body", asked.json(), {"topic": "my-topic", "title": "Power failure: Server",
                                "message": text_of(number), "priority": 4,
                                "tags": ["electric_plug"]})
    same("told", channel.kept["told"].split(" ", 3)[2:], ["ok", "Power failure: Server"])
    _, _, _, asked = told("ntfy", "user = ups\npassword = \"päss\"", "/my-topic")
    same("Authorization", asked.headers["Authorization"],
         "Basic " + base64.b64encode("ups:päss".encode()).decode())


def telegram():
    receiver, channel, number, asked = told("telegram", "token = 123:ABC\nto = -10012345")
    same("path", asked.path, "/bot123:ABC/sendMessage")
    same("body", asked.json(), {"chat_id": "-10012345", "disable_notification": False,
                                "text": "Power failure: Server\n" + text_of(number),
                                "link_preview_options": {"is_disabled": True}})
    # It says in the body how long it wants to be left alone, and which chat there is not.
    receiver.answer = lambda asked: (429, {}, '{"ok":false,"parameters":{"retry_after":2}}')
    channel.event("lowbatt", "The battery is low.")
    receiver.gets(2)
    receiver.answer = lambda asked: (200, {}, '{"ok":true}')
    receiver.gets(3)
    if receiver.asked[2].at - receiver.asked[1].at < 2:
        die("retry_after of Telegram is not obeyed")
    if "123:ABC" in channel.log():
        die("the token is in the log")
    receiver.answer = lambda asked: (400, {}, '{"description":"Bad Request: chat not found"}')
    text, status = tried(f"via = telegram\nurl = {receiver.url()}\ntoken = 123:ABC\nto = 5")
    same("exit status", status, 1)
    if "look at to =" not in text or "chat not found" not in text:
        die(f"a chat that is not there: {text}")


def discord():
    _, _, number, asked = told("discord", path="/api/webhooks/1/secret")
    same("path", asked.path, "/api/webhooks/1/secret?wait=true")
    body = asked.json()
    same("mentions", body["allowed_mentions"], {"parse": []})
    same("flags", body["flags"], 4)
    same("content", body["content"],
         "**Power failure: Server**\n" + text_of(number))


def pushover():
    receiver, channel, number, asked = told("pushover", "token = app\nto = me")
    same("path", asked.path, "/1/messages.json")
    same("body", asked.json(), {"token": "app", "user": "me", "title": "Power failure: Server",
                                "message": text_of(number), "priority": 1,
                                "timestamp": number // 1000})
    channel.event("lowbatt", "The battery is low.")
    body = receiver.gets(2).json()
    same("emergency", (body["priority"], body["retry"], body["expire"]), (2, 60, 3600))


def matrix():
    receiver, channel, number, asked = told("matrix", "token = secret\nto = \"!room:example.org\"")
    same("method", asked.method, "PUT")
    same("path", asked.path, "/_matrix/client/v3/rooms/%21room%3Aexample.org/send/m.room.message/"
         f"holdup.{number:x}")
    same("body", asked.json(), {"msgtype": "m.text",
                                "body": "Power failure: Server\n" + text_of(number)})
    # The answer is lost: the same transaction comes again, after a crash, too.
    receiver.answer = lambda asked: lambda handler: None
    number = channel.event("lowbatt", "The battery is low.")
    wait_for("two tries", lambda: len(receiver.asked) >= 3)
    channel.dies()
    receiver.answer = lambda asked: (200, {}, "{}")
    channel.start()
    channel.tells(number)
    same("transactions", len({asked.path for asked in receiver.asked[1:]}), 1)


def webhook():
    _, _, number, asked = told("webhook", 'header = "X-Key: a b"\ntoken = secret', "/hook?a=1")
    same("path", asked.path, "/hook?a=1")
    same("headers", (asked.headers["X-Key"], asked.headers["Content-Type"],
                     asked.headers["Authorization"]), ("a b", "application/json", "Bearer secret"))
    body = asked.json()
    same("facts", body["facts"], {"battery.charge": 97, "battery.runtime": 2520})
    same("rest", (body["id"], body["late"], body["ups"], body["event"], body["priority"]),
         (f"{number:x}", False, "office", "onbatt", 4))
    # A template: values as JSON wants them, those of now, those that nobody knows.
    body = (r'body = "{\"text\": \"{text}\", \"charge\": {battery.charge}, \"low\": '
            r'{input.transfer.low}, \"load\": {ups.load}, \"desc\": {ups.load|none}, '
            r'\"p\": {priority}}"')
    _, _, number, asked = told("webhook", body)
    same("filled in", asked.json(), {"text": f"{ON} About 42 min are left.", "charge": 97,
                                     "low": 170, "load": None, "desc": "none", "p": 4})
    _, _, number, asked = told("webhook", 'body = "{ups} {time} {battery.charge}%"\n'
                               'type = text/plain')
    same("plain", (asked.body.decode(), asked.headers["Content-Type"]),
         (f"office {clock(number)} 97%", "text/plain"))


def templates():
    _, _, _, asked = told("ntfy", 'title = "{site}: {event}"\ntext = "{text} {{x} {ups.load|?}"',
                          "/t", site="[mqtt]\nsite = beach\n")
    same("title", asked.json()["title"], "beach: onbatt")
    same("text", asked.json()["message"], f"{ON} About 42 min are left. {{x}} ?")


for check in ntfy, telegram, discord, pushover, matrix, webhook, templates:
    check()
