# SPDX-License-Identifier: ISC
"""WinNUT 2.3 (.NET): two connections of which one says nothing for ever, lines that end in
CR CR LF, LOGIN without a name, words of errors and of the status read into enums."""

from kit import Trip, number, tries

CLIENT = "WinNUT"

# Its enum of answers, hyphens gone; another word is an exception that breaks the connection.
ERRORS = set(
    """ACCESSDENIED UNKNOWNUPS VARNOTSUPPORTED CMDNOTSUPPORTED INVALIDARGUMENT
    INSTCMDFAILED SETFAILED READONLY TOOLONG FEATURENOTSUPPORTED FEATURENOTCONFIGURED
    ALREADYSSLMODE DRIVERNOTCONNECTED DATASTALE ALREADYLOGGEDIN INVALIDPASSWORD
    ALREADYSETPASSWORD INVALIDUSERNAME ALREADYSETUSERNAME USERNAMEREQUIRED PASSWORDREQUIRED
    UNKNOWNCOMMAND INVALIDVALUE""".split()
)
STATES = set("OL OB LB HB CHRG DISCHRG FSD BYPASS CAL OFF OVER TRIM BOOST ALARM".split())
ONCE = "ups.mfr ups.model ups.serial ups.firmware battery.capacity output.frequency.nominal"
EACH = """battery.charge battery.voltage battery.runtime output.frequency input.frequency
    input.voltage output.voltage ups.load ups.realpower ups.realpower.nominal
    ups.power.nominal ups.current.nominal"""
TEXTS = "ups.mfr", "ups.model", "ups.serial", "ups.firmware"


def query(wire, question):
    """The answer as a line; an error word must be one that it knows."""
    wire.send(question + "\r\r\n")
    answer = wire.line(question).strip(" ")
    if answer.startswith("ERR"):
        word = (answer.upper().replace("-", "").split(" ") + [""])[1]
        if word not in ERRORS:
            raise Trip(f"{question}: {answer} is not in its enum, the connection breaks")
    elif not answer:
        raise Trip(f"{question}: an empty answer")
    return answer


def value(wire, ups, name):
    """None when it is told that there is none; it has fallbacks then."""
    answer = query(wire, f"GET VAR {ups} {name}")
    if answer == "ERR VAR-NOT-SUPPORTED":
        return None
    if answer.startswith("ERR"):
        raise Trip(f"{name}: {answer}, it reads Nothing as a number")
    return answer.replace('"', "").split(" ", 3)[-1]


@tries("signs on: bare LOGIN, five words of VER, NETVER")
def sign_on(server):
    wire = server.connect(10)
    if server.user:
        query(wire, f"USERNAME {server.user}")
        query(wire, f"PASSWORD {server.password}")
    query(wire, "LOGIN")
    version = query(wire, "VER")
    if not version.upper().startswith("NETWORK") or len(version.split(" ")) < 5:
        raise Trip(f"VER is {version!r}: not `Network` and at least five words")
    if query(wire, "NETVER").startswith("ERR"):
        raise Trip("NETVER is refused")


@tries("two polls; the other connection stays open and silent")
def polls(server):
    idle = server.connect(10)
    wire = server.connect(10)
    for name in (ONCE + " " + 2 * (EACH + " ")).split():
        got = value(wire, server.ups, name)
        if got is not None and name not in TEXTS:
            number(got, name)
    idle.silent(0.2)


@tries("knows every word of ups.status")
def status(server):
    wire = server.connect(10)
    query(wire, "LOGIN")
    text = value(wire, server.ups, "ups.status") or ""
    unknown = [word or "a double blank" for word in text.split(" ") if word not in STATES]
    if unknown:
        raise Trip(f"ups.status is {text!r}: {unknown[0]} drops the whole update")


@tries("the window of all variables: LIST VAR, GET DESC of each")
def window(server):
    wire = server.connect(10)
    if query(wire, f"LIST VAR {server.ups}").startswith("ERR"):
        raise Trip("LIST VAR is refused")
    names = []
    while not (row := wire.line("LIST VAR")).startswith("END"):
        parts = row.split(" ", 3)
        if len(parts) < 4:
            raise Trip(f"{row!r} has less than four words")
        names.append(parts[2])
    for name in names:
        if len(query(wire, f"GET DESC {server.ups} {name}").split(" ", 3)) < 4:
            raise Trip(f"GET DESC of {name} has no text")
