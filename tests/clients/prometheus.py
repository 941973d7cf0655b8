#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Holds what is in packaging/prometheus and packaging/grafana against docs/page.md, 7.

usage: prometheus.py families PAGE             prints the documented families
       prometheus.py names PAGE RULES FILE…    each metric that the files name is a family
                                               or a record of RULES
       prometheus.py queries DASHBOARD         the dashboard can be shown; prints its queries
                                               as a rules file, for promtool
       prometheus.py get METRICS [TYPE]        prints METRICS (http://…), as text of 0.0.4 or
                                               what is asked for
       prometheus.py live PROMETHEUS METRICS PAGE DASHBOARD
                                               the Prometheus at that address has scraped
                                               METRICS twice, and has all that is documented
       prometheus.py value PROMETHEUS QUERY    prints what comes of a query
"""

import json
import re
import sys
import time
import urllib.parse
import urllib.request

PATIENCE = 40  # s; only guards against hanging
OPENMETRICS = "application/openmetrics-text"

# What a UPS may not tell, or nobody knows of it yet.
MAY_LACK = {"holdup_battery_runtime_learned_seconds", "holdup_battery_health_ratio",
            "holdup_ups_power_watts", "holdup_input_frequency_hertz",
            "holdup_last_change_timestamp_seconds"}

VARIABLES = {"$instance": ".*", "$ups": ".*", "${datasource}": ""}
PANELS = {"gauge", "stat", "state-timeline", "table", "timeseries"}
COLUMNS = 24


def die(text):
    sys.exit(text)


def families(page):
    """The names in section 7 of the page."""
    with open(page, encoding="utf-8") as f:
        section = f.read().split("\n## 7.")[1].split("\n## ")[0]
    return sorted(set(re.findall(r"`(holdup_[a-z_]+)", section)))


def names(page, rules, *files):
    with open(rules, encoding="utf-8") as f:
        known = set(families(page)) | set(re.findall(r"record: (\S+)", f.read()))
    for path in (rules, *files):
        with open(path, encoding="utf-8") as f:
            used = set(re.findall(r"\bholdup[_:][a-z0-9_:]+", f.read()))
        used -= {"holdup_now", "holdup_sums", "holdup_battery", "holdup_plan"}  # groups
        if unknown := sorted(used - known):
            die(f"{path}: there is no {', '.join(unknown)}")


def check_panel(panel, taken):
    """One panel: what Grafana wants of it, and a place of its own on the grid."""
    title = panel["title"]
    at = panel["gridPos"]
    if panel["type"] not in PANELS:
        die(f"{title}: {panel['type']} is no panel that every Grafana has")
    if at["x"] + at["w"] > COLUMNS:
        die(f"{title}: wider than the grid")
    cells = {(x, y) for x in range(at["x"], at["x"] + at["w"])
             for y in range(at["y"], at["y"] + at["h"])}
    if cells & taken:
        die(f"{title}: lies on another panel")
    taken |= cells
    if not panel["description"]:
        die(f"{title}: no description")
    if panel["datasource"]["uid"] != "${datasource}":
        die(f"{title}: a data source that only one Grafana has")
    if not panel["targets"] or "defaults" not in panel["fieldConfig"]:
        die(f"{title}: nothing to show")
    refs = [target["refId"] for target in panel["targets"]]
    if len(set(refs)) != len(refs):
        die(f"{title}: two queries called {refs}")


def plain(query):
    for name, value in VARIABLES.items():
        query = query.replace(name, value)
    if "$" in query:
        die(f"a variable that the dashboard does not have: {query}")
    return query


def queries(path):
    """All queries of a dashboard, checked on the way."""
    with open(path, encoding="utf-8") as f:
        dashboard = json.load(f)
    if dashboard["id"] is not None or not dashboard["uid"] or dashboard["schemaVersion"] < 36:
        die(f"{path}: cannot be imported")
    variables = {f"${v['name']}" for v in dashboard["templating"]["list"]}
    if variables != {"$datasource", "$instance", "$ups"}:
        die(f"{path}: has the variables {variables}")
    ids = [panel["id"] for panel in dashboard["panels"]]
    if len(set(ids)) != len(ids):
        die(f"{path}: two panels have one id")
    taken = set()
    found = [note["expr"] for note in dashboard["annotations"]["list"]]
    for panel in dashboard["panels"]:
        check_panel(panel, taken)
        found += [target["expr"] for target in panel["targets"]]
    return [plain(query) for query in found]


def as_rules(found):
    """A rules file; JSON is YAML."""
    rules = [{"record": f"query{i}", "expr": query} for i, query in enumerate(found)]
    return json.dumps({"groups": [{"name": "dashboard", "rules": rules}]}, indent=1)


def fetch(url, accept="*/*"):
    """The content type and the text behind an address."""
    request = urllib.request.Request(url, headers={"Accept": accept})
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return answer.headers["Content-Type"], answer.read().decode()


def api(prometheus, path, **parameters):
    search = urllib.parse.urlencode(parameters)
    answer = json.loads(fetch(f"{prometheus}/api/v1/{path}?{search}")[1])
    if answer["status"] != "success" or answer.get("warnings"):
        die(f"{path} {parameters}: {answer}")
    return answer["data"]


def ask(prometheus, query):
    """The series that a query has now."""
    return api(prometheus, "query", query=query)["result"]


def exposed(text):
    """The families of an exposition, by their TYPE lines, as the page names them."""
    types = re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE)
    suffix = {"counter": "_total", "info": "_info"}
    return {name if name.endswith(suffix.get(kind, "")) else name + suffix[kind]
            for name, kind in types}


def check_families(page, text):
    """Each documented family has a type and, where it can, a sample. Returns those."""
    documented, typed = set(families(page)), exposed(text)
    sampled = set(re.findall(r"^(holdup_[a-z_]+)[{ ]", text, re.MULTILINE))
    if unknown := (typed | sampled) - documented:
        die(f"not in {page}: {', '.join(sorted(unknown))}")
    if untyped := sampled - typed:
        die(f"without a type: {', '.join(sorted(untyped))}")
    if missing := documented - sampled - MAY_LACK:
        die(f"documented, but not there: {', '.join(sorted(missing))}")
    return sampled


def live(prometheus, metrics, page, dashboard):
    begun = time.monotonic()
    while not ask(prometheus, 'count_over_time(up{job="holdup"}[1h]) >= 2'):
        if time.monotonic() - begun > PATIENCE:
            die("it has not scraped twice")
        time.sleep(0.2)
    for target in api(prometheus, "targets")["activeTargets"]:
        if target["health"] != "up" or target["lastError"]:
            die(f"{target['scrapeUrl']} is {target['health']}: {target['lastError']}")
    if any(one["value"][1] != "1" for one in ask(prometheus, 'min_over_time(up[1h])')):
        die("a scrape has failed")

    kind, text = fetch(metrics, f"{OPENMETRICS};version=1.0.0")
    if not kind.startswith(OPENMETRICS) or not text.endswith("# EOF\n"):
        die(f"this is no OpenMetrics: {kind}, ... {text[-40:]!r}")
    plain_kind, plain_text = fetch(metrics, "text/plain;version=0.0.4")
    if not plain_kind.startswith("text/plain; version=0.0.4"):
        die(f"asked for text 0.0.4, got {plain_kind}")
    check_families(page, plain_text)
    for name in check_families(page, text):
        if not ask(prometheus, name):
            die(f"Prometheus has no {name}")

    for query in queries(dashboard):
        ask(prometheus, query)
    rules = [r for g in api(prometheus, "rules")["groups"] for r in g["rules"]]
    if bad := [f"{r['name']}: {r.get('lastError')}" for r in rules if r["health"] == "err"]:
        die("\n".join(bad))
    if not rules:
        die("no rules are loaded")


def main():
    match sys.argv[1:]:
        case ["families", page]:
            print("\n".join(families(page)))
        case ["names", page, rules, *files]:
            names(page, rules, *files)
        case ["queries", path]:
            print(as_rules(queries(path)))
        case ["get", metrics, *kind]:
            print(fetch(metrics, *kind or ["text/plain;version=0.0.4"])[1], end="")
        case ["live", prometheus, metrics, page, dashboard]:
            live(prometheus, metrics, page, dashboard)
        case ["value", prometheus, query]:
            print(*(one["value"][1] for one in ask(prometheus, query)))
        case _:
            die(__doc__)


if __name__ == "__main__":
    main()
