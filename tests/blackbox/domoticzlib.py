#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Domoticz for the black-box scripts: a stand-in that answers as its version 2024.7 does, and
its API as an administrator uses it. With DOMOTICZ_URL (http://admin:password@host:8080) the
scripts that only use the API run against that one instead.

As a program: domoticzlib.py PORT [plain]   until it is interrupted; user admin, password
domoticz; plain: "Allow Basic-Auth over plain HTTP"."""

import base64
import copy
import http.client
import http.server
import json
import os
import re
import socket
import sys
import threading
import time
import urllib.parse

DUMMY = 15
VIEWER, USER, ADMIN = 0, 1, 2

# sensormappedtype: its words in a list, the first value.
TYPES = {
    0xF306: ("General", "Percentage", "0.0"),
    0xF308: ("General", "Voltage", "0.000"),
    0xF317: ("General", "Current", "0.0"),
    0xF801: ("Usage", "Electric", "0"),
    0xF31D: ("General", "kWh", "0;0.0"),
    0x5005: ("Temp", "LaCrosse TX3", "0.0"),
    0xF313: ("General", "Text", "Hello World"),
    0xF316: ("General", "Alert", "No Alert!"),
    0xF449: ("Light/Switch", "Switch", "100"),
    0xF31F: ("General", "Custom Sensor", "0.0"),
}


def shown(row):
    """What a list of devices says of the value of one."""
    text, kind = row["svalue"], row["subtype"]
    number = float(m.group()) if (m := re.match(r"-?[0-9.]+", text)) else 0.0
    if kind == "Switch":
        on = "On" if row["nvalue"] else "Off"
        return {"Data": on, "Status": on}
    if kind == "Alert":
        return {"Data": text, "Level": row["nvalue"]}
    if kind == "kWh":
        watts, _, hours = text.partition(";")
        return {"Data": f"{float(hours or 0) / 1000:.3f} kWh", "Usage": f"{float(watts):g} Watt"}
    if kind == "LaCrosse TX3":
        return {"Data": f"{number:.1f} C", "Temp": number}
    unit = {"Percentage": "%", "Voltage": " V", "Current": " A", "Electric": " Watt"}.get(kind)
    if kind == "Custom Sensor":
        unit = " " + row["options"].partition(";")[2]
    return {"Data": text if unit is None else f"{number:g}{unit}"}


class House:
    """The data base of a Domoticz, and its commands: each returns HTTP status and answer."""

    def __init__(self, version="2024.7"):
        self.version, self.lock = version, threading.Lock()
        self.hardware = {1: {"name": "Motherboard", "type": 23},
                         2: {"name": "Switches", "type": DUMMY}}
        self.devices, self.scenes = {}, {1: "All off"}
        for name, mapped in ("Memory", 0xF306), ("A lamp", 0xF449):
            self.add_device(2 if "lamp" in name else 1, name, mapped, "", 4711 + mapped)
        self.users = {"admin": ["domoticz", ADMIN, None]}  # password, rights, devices (all)
        self.trusted = self.plain = False
        self.open_hardware = False  # any login may list the hardware
        self.forbids = 200  # the status without a right; 403 since 2025.2
        self.written = []  # (idx, nvalue, svalue, battery), as they came

    def add_device(self, hardware, name, mapped, options, serial):
        """As in its data base: one that is there by hardware, serial and type is that one."""
        kind, subtype, value = TYPES[mapped]
        for idx, row in self.devices.items():
            if (row["hardware"], row["serial"], row["mapped"]) == (hardware, serial, mapped):
                return idx
        idx = max(self.devices, default=0) + 1
        self.devices[idx] = {"hardware": hardware, "name": name, "mapped": mapped, "type": kind,
                             "subtype": subtype, "options": options, "serial": serial,
                             "nvalue": 0, "svalue": value, "battery": 255, "at": time.time()}
        return idx

    def login(self, authorization, secure):
        """Who asks: his name and rights; None: nobody."""
        if authorization and authorization.startswith("Basic "):
            if not (secure or self.plain):
                return None  # from a trusted network, too
            name, _, password = base64.b64decode(authorization[6:]).decode().partition(":")
            user = self.users.get(name)
            return (name, user[1]) if user and user[0] == password else None
        return ("admin", ADMIN) if self.trusted else None

    def ask(self, query, who):
        """What a command answers: null, without a status, where a right or a device is
        missing."""
        q = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
        if q.get("type") != "command":
            return 404, None
        command = getattr(self, "do_" + q.get("param", ""), None)
        if command is None:
            return 200, None
        if who is None and q["param"] != "getversion":
            return 401, None
        with self.lock:
            return command(q, who)

    def do_getversion(self, q, who):
        answer = {"status": "OK", "title": "GetVersion"}
        if who:
            answer.update(version=self.version, build_time="2024-07-11 10:29:24", hash="4711",
                          dzvents_version="3.1.8", python_version="3.11.2 (main)",
                          HaveUpdate=False, UseUpdate=False)
        return 200, answer

    def do_gethardware(self, q, who):
        if who[1] != ADMIN and not self.open_hardware:
            return self.forbids, None
        rows = [{"idx": str(i), "Name": h["name"], "Type": h["type"], "Enabled": "true",
                 "Address": "", "Port": 1, "SerialPort": "", "Username": "", "Password": "",
                 "Extra": "", "Mode1": 0, "Mode2": 0, "Mode3": 0, "Mode4": 0, "Mode5": 0,
                 "Mode6": 0, "DataTimeout": 0, "LogLevel": 7} for i, h in self.hardware.items()]
        return 200, {"result": rows, "status": "OK", "title": "gethardware"}

    def do_addhardware(self, q, who):
        if who[1] != ADMIN:
            return self.forbids, None
        if not (q.get("name") and q.get("enabled") and q.get("htype") and q.get("port")):
            return 200, None
        idx = max(self.hardware, default=0) + 1
        self.hardware[idx] = {"name": q["name"], "type": int(q["htype"])}
        return 200, {"idx": str(idx), "status": "OK", "title": "AddHardware"}

    def do_createdevice(self, q, who):
        if who[1] != ADMIN:
            return self.forbids, None
        mapped = int(q.get("sensormappedtype", "0"), 16)
        if not q.get("idx") or not q.get("sensorname") or mapped not in TYPES or (
                mapped == 0xF31F and not q.get("sensoroptions")):
            return 200, None
        # It expects the new row to be MAX(ID) + 1, and tries on with other serials.
        serial = wanted = max(self.devices, default=0) + 1
        while self.add_device(int(q["idx"]), q["sensorname"], mapped,
                              q.get("sensoroptions", ""), 82000 + serial) != wanted:
            serial += 1
        return 200, {"idx": str(wanted), "status": "OK", "title": "CreateSensor"}

    def visible(self, who, idx):
        name, rights = who
        only = self.users[name][2] if name in self.users else None
        return rights == ADMIN or only is None or idx in only

    def do_getdevices(self, q, who):
        rows = []
        if q.get("filter") == "all" and "rid" not in q:
            rows = [{"idx": str(i), "Name": n, "Type": "Scene", "TypeImg": "scene",
                     "Status": "Off", "Data": "Off"} for i, n in self.scenes.items()]
        only = [int(i) for i in q.get("rid", "").split(",") if i]
        for idx, row in self.devices.items():
            hardware = self.hardware.get(row["hardware"], {"name": "Unknown?", "type": 0})
            if (only and idx not in only) or not self.visible(who, idx) or (
                    q.get("hwidx") and int(q["hwidx"]) != row["hardware"]) or (
                    row["name"].startswith("$") and q.get("displayhidden") != "1"):
                continue
            rows.append({"idx": str(idx), "Name": row["name"], "HardwareID": row["hardware"],
                         "HardwareName": hardware["name"], "HardwareTypeVal": hardware["type"],
                         "HardwareType": "Dummy (Does nothing, use for virtual switches only)",
                         "Type": row["type"], "SubType": row["subtype"], "Unit": 1, "Used": 1,
                         "ID": f"{row['serial']:08X}", "BatteryLevel": row["battery"],
                         "Favorite": 0, "SignalLevel": 12, "PlanID": "0", **shown(row)})
        return 200, {"ActTime": int(time.time()), "app_version": self.version,
                     **({"result": rows} if rows else {}), "status": "OK", "title": "Devices"}

    def do_udevice(self, q, who):
        idx = int(q.get("idx") or 0)
        if who[1] == VIEWER or not self.visible(who, idx):
            return self.forbids, None
        if not q.get("nvalue") and not q.get("svalue"):
            return 200, None
        row = self.devices.get(idx)
        if row is None:
            return 200, None
        row.update(nvalue=int(q.get("nvalue") or 0), svalue=q.get("svalue", ""), at=time.time(),
                   battery=int(q.get("battery", 255)))
        self.written.append((idx, row["nvalue"], row["svalue"], row["battery"]))
        return 200, {"status": "OK", "title": "Update Device"}

    def do_renamedevice(self, q, who):
        if who[1] != ADMIN:
            return self.forbids, None
        self.devices[int(q["idx"])]["name"] = q["name"]
        return 200, {"status": "OK", "title": "RenameDevice"}

    def do_deletedevice(self, q, who):
        if who[1] != ADMIN:
            return self.forbids, None
        for idx in q["idx"].split(";"):
            self.devices.pop(int(idx), None)
        return 200, {"status": "OK", "title": "DeleteDevice"}

    def do_deletehardware(self, q, who):
        if who[1] != ADMIN:
            return self.forbids, None
        idx = int(q["idx"])
        self.hardware.pop(idx, None)
        self.devices = {i: d for i, d in self.devices.items() if d["hardware"] != idx}
        return 200, {"status": "OK", "title": "DeleteHardware"}

    def backup(self):
        with self.lock:
            return copy.deepcopy((self.hardware, self.devices))

    def restore(self, saved):
        with self.lock:
            self.hardware, self.devices = copy.deepcopy(saved)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    STOCK = {401: "Unauthorized", 404: "Not Found"}

    def do_GET(self):
        domoticz, authorization = self.server.domoticz, self.headers.get("Authorization")
        domoticz.asked.append((self.path, authorization))
        try:
            if domoticz.fault is None or not domoticz.fault(self):
                self.usual(domoticz.house, authorization)
        except OSError:
            self.close_connection = True  # nobody waits any more

    def usual(self, house, authorization):
        path, _, query = self.path.partition("?")
        if path != "/json.htm":
            return self.answer(404, self.stock(404))
        who = house.login(authorization, self.server.domoticz.tls is not None)
        status, said = house.ask(query, who)
        if status in self.STOCK:
            return self.answer(status, self.stock(status))
        return self.answer(status, json.dumps(said, indent=3, separators=(",", " : ")) + "\n",
                           "application/json;charset=UTF-8")

    def stock(self, status):
        return (f"<html><head><title>{self.STOCK[status]}</title></head>"
                f"<body><h1>{status} {self.STOCK[status]}</h1></body></html>")

    def answer(self, status, body, kind="text/html", **headers):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body.encode())))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode())
        return True

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def get_request(self):
        s, address = super().get_request()
        self.domoticz.open.append(s)
        return s, address

    def handle_error(self, *_):
        pass  # the script has closed its connection


class Domoticz:
    """The stand-in, as a server that ends and begins. `fault`, a function of the handler, may
    answer instead (true: it has)."""

    def __init__(self, tls=None, port=0, version="2024.7", trusted=True):
        self.port, self.tls, self.asked, self.open, self.fault = port, tls, [], [], None
        self.house = House(version)
        self.house.trusted = trusted
        self.begin()

    def begin(self):
        self.server = Server(("127.0.0.1", self.port), Handler)
        self.server.domoticz = self
        self.port = self.server.server_address[1]
        if self.tls:
            self.server.socket = self.tls.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def end(self):
        self.server.shutdown()
        self.server.server_close()
        for s in self.open:
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.open = []

    def url(self):
        return f"http{'s' if self.tls else ''}://127.0.0.1:{self.port}"

    def device(self, name):
        """The row of a device by its name, or None."""
        with self.house.lock:
            return next((dict(d, idx=i) for i, d in self.house.devices.items()
                         if d["name"] == name), None)


class Api:
    """The API as an administrator uses it, of the stand-in or of the real one."""

    def __init__(self, url):
        parts = urllib.parse.urlsplit(url)
        self.at = (parts.hostname, parts.port or 80)
        self.headers = {}
        if parts.username:
            token = base64.b64encode(f"{parts.username}:{parts.password}".encode()).decode()
            self.headers["Authorization"] = f"Basic {token}"

    def ask(self, param, **values):
        query = urllib.parse.urlencode(dict(type="command", param=param, **values))
        connection = http.client.HTTPConnection(*self.at, timeout=20)
        connection.request("GET", f"/json.htm?{query}", headers=self.headers)
        answer = json.loads(connection.getresponse().read())
        connection.close()
        return answer or {}

    def devices(self):
        """Name → row of all devices, by what a list says of them."""
        rows = self.ask("getdevices", filter="all", used="all", displayhidden=1)
        return {r["Name"]: r for r in rows.get("result", []) if "HardwareID" in r}

    def hardware(self):
        return {r["Name"]: r for r in self.ask("gethardware").get("result", [])}


def real_url():
    """The Domoticz that somebody wants to be tried, or None."""
    return os.environ.get("DOMOTICZ_URL")


if __name__ == "__main__":
    domoticz = Domoticz(port=int(sys.argv[1]), trusted=False)
    domoticz.house.plain = "plain" in sys.argv
    print(f"Domoticz at {domoticz.url()}")
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        domoticz.end()
