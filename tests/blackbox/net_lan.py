#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""`allowfrom = lan`, asked by a neighbour on a real cable: the private and link-local
networks of our interfaces that are up, as they come and go."""

from nslib import Neighbour, enter, ip, ipv6

enter()

from netlib import Net, same, wait_for  # noqa: E402  (starts no thread before enter())

USERS = "[admin]\npassword = 123456\nupsmon slave\nallowfrom = localhost lan\n"
cable = Neighbour()


def addresses(ours, theirs):
    nodad = ["nodad"] if ":" in ours else []
    ip("addr", "add", ours, "dev", "eth0", *nodad)
    with cable:
        ip("addr", "add", theirs, "dev", "eth0", *nodad)


def allowed(net, address, source=None):
    """True when the neighbour, from `source`, may log in at our `address`."""
    with cable:
        c = net.client(address, source)
    with c:
        c.login("admin", "123456")
        return c.ask("LOGIN qnapups") == "OK\n"


def becomes(what, net, address, source, expected):
    wait_for(what, lambda: allowed(net, address, source) == expected, 1)


addresses("192.168.77.9/24", "192.168.77.20/24")
addresses("203.0.113.9/24", "203.0.113.20/24")
ip("link", "set", "eth0", "up")
with cable:
    ip("route", "add", "10.9.0.9", "dev", "eth0")
    ip("addr", "add", "10.9.0.20/32", "dev", "eth0")
ip("addr", "add", "10.9.0.9/32", "dev", "lo")
ip("route", "add", "10.9.0.20", "dev", "eth0")
net = Net(conf="MAXAGE 2\nDEBUG_MIN 1\n", users=USERS, address="0.0.0.0")

same("from the LAN", allowed(net, "192.168.77.9", "192.168.77.20"), True)
same("from a public network of ours", allowed(net, "203.0.113.9", "203.0.113.20"), False)
same("from a private network that is not ours", allowed(net, "10.9.0.9", "10.9.0.20"), False)
same("by another of our addresses", allowed(net, "203.0.113.9", "192.168.77.20"), True)
with net.client() as c:
    c.login("admin", "123456")
    same("from here", c.ask("LOGIN qnapups"), "OK\n")

# An address comes, its prefix counts; it goes; the interface goes down.
ip("addr", "add", "10.9.0.9/24", "dev", "eth0")
becomes("a new network", net, "10.9.0.9", "10.9.0.20", True)
ip("addr", "del", "10.9.0.9/24", "dev", "eth0")
becomes("the network went away", net, "10.9.0.9", "10.9.0.20", False)
ip("addr", "add", "10.9.0.9/27", "dev", "eth0")
becomes("a smaller one", net, "10.9.0.9", "10.9.0.20", True)
ip("addr", "del", "10.9.0.9/27", "dev", "eth0")
ip("addr", "add", "10.9.0.9/28", "dev", "eth0")
becomes("one that is too small", net, "10.9.0.9", "10.9.0.20", False)

# What an interface that is down or no broadcast interface is on does not count.
ip("addr", "add", "192.168.55.1/24", "dev", "lo")
with net.client("192.168.55.1", "192.168.55.1") as c:
    c.login("admin", "123456")
    same("from lo's network", c.ask("LOGIN qnapups"), "ERR ACCESS-DENIED\n")
with net.client("192.168.77.9", "192.168.77.9") as c:
    c.login("admin", "123456")
    same("from ourselves by the LAN", c.ask("LOGIN qnapups"), "OK\n")
ip("link", "set", "eth0", "down")


def denied():
    with net.client("192.168.77.9", "192.168.77.9") as own:
        own.login("admin", "123456")
        return own.ask("LOGIN qnapups") == "ERR ACCESS-DENIED\n"


wait_for("eth0 is down", denied, 1)
ip("link", "set", "eth0", "up")
becomes("eth0 is up again", net, "192.168.77.9", "192.168.77.20", True)
said = [line for line in net.log().splitlines() if "networks of broadcast" in line]
same("the same number said twice", [a for a, b in zip(said, said[1:]) if a == b], [])
same("lines that say why", net.log().count(
    "LOGIN refused to user admin from 10.9.0.20: upsd.users:4: allowfrom does not hold"), 1)
net.stop()

# IPv6: unique local and link-local, no global address.
if ipv6():
    addresses("fd00:77::9/64", "fd00:77::20/64")
    addresses("2001:db8::9/64", "2001:db8::20/64")
    addresses("fe80::9/64", "fe80::20/64")
    net = Net(users=USERS, address="::")
    same("from a unique local address", allowed(net, "fd00:77::9", "fd00:77::20"), True)
    same("from a global address", allowed(net, "2001:db8::9", "2001:db8::20"), False)
    same("by link-local", allowed(net, "fe80::9%eth0"), True)
    net.stop()
