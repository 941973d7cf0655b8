#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""What meson installs, and the lists of the Debian packages: each file is in exactly one
package, no list names what there is none of, and each unit that NUT's software calls is
there. (tests/run/deb builds and looks into the real ones.)"""

import glob
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
BUILD = os.environ.get("BUILD") or f"{ROOT}/build"
DEBIAN = f"{ROOT}/packaging/debian"
# The folders that packaging/debian/rules asks for, and those that this build may have.
MOVED = [(r"^usr/local/", "usr/"), (r"^usr/share/zsh/site-functions", "usr/share/zsh/vendor-completions"),
         (r"^usr/lib/(systemd/system|udev)", r"lib/\1"), (r"^usr/lib/x86_64-linux-gnu/", "usr/libexec/"),
         (r"^usr/sbin/\.\./bin", "usr/bin")]


def installed():
    with tempfile.TemporaryDirectory(prefix="holdup-test.") as dest:
        made = subprocess.run(["meson", "install", "-C", BUILD, "--no-rebuild", "--quiet",
                               "--destdir", dest], capture_output=True, text=True)
        if made.returncode != 0:
            sys.exit(f"meson install fails: {made.stderr}")
        found = []
        for folder, _, names in os.walk(dest):
            for name in names:
                path = os.path.relpath(f"{folder}/{name}", dest)
                for pattern, instead in MOVED:
                    path = re.sub(pattern, instead, path)
                found.append(path)
        return sorted(found)


def lists():
    """Of each package: what its list takes out of the installed tree."""
    packages = {}
    for path in glob.glob(f"{DEBIAN}/*.install"):
        lines = [line.split() for line in open(path).read().splitlines()]
        name = os.path.basename(path)[:-len(".install")]
        packages[name] = [words[0] for words in lines if not words[0].startswith("debian/")]
        for words in lines:
            if words[0].startswith("debian/") and not os.path.exists(f"{ROOT}/packaging/{words[0]}"):
                sys.exit(f"{path}: there is no packaging/{words[0]}")
    return packages


files, packages, faults, used = installed(), lists(), [], set()
for file in files:
    owners = []
    for package, entries in packages.items():
        for entry in entries:
            # dh_install takes folders whole, and compressed pages later.
            if file == entry or file.startswith(entry + "/"):
                owners.append(package)
                used.add((package, entry))
    if len(owners) != 1:
        faults.append(f"{file} is in {len(owners)} packages {' '.join(owners)}")
for package, entries in packages.items():
    faults += [f"{package}.install: {entry} is not installed" for entry in entries
               if (package, entry) not in used]

# The other names are in the package alone: `meson install` must not write over NUT's units.
links = open(f"{DEBIAN}/holdup-client.links").read().split()
for name in "nut-server", "nut-monitor", "nut-client":
    if f"lib/systemd/system/{name}.service" not in links:
        faults.append(f"{name}.service is no other name of holdup.service")
    if any(f"{name}.service" in file for file in files):
        faults.append(f"meson installs {name}.service")
if faults:
    sys.exit("\n".join(faults))
