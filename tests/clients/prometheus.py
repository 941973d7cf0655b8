#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Holds what is in packaging/prometheus and packaging/grafana against docs/page.md, 7.

usage: prometheus.py families PAGE             prints the documented families
       prometheus.py names PAGE RULES FILE…    each metric that the files name is a family
                                               or a record of RULES
       prometheus.py queries DASHBOARD         the dashboard can be shown; prints its queries
                                               as a rules file, for promtool
"""

import json
import re
import sys

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


def main():
    match sys.argv[1:]:
        case ["families", page]:
            print("\n".join(families(page)))
        case ["names", page, rules, *files]:
            names(page, rules, *files)
        case ["queries", path]:
            print(as_rules(queries(path)))
        case _:
            die(__doc__)


if __name__ == "__main__":
    main()
