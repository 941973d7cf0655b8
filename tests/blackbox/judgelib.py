# SPDX-License-Identifier: ISC
"""What the black-box scripts of hashed passwords share: `judge` as holdupd starts it, and
hashes as `holdup passwd` makes them."""

import atexit
import os
import subprocess

from baselib import BUILD, die, listen_unix


def hashed(password):
    """The hash that `holdup passwd` prints for a password."""
    made = subprocess.run(
        [BUILD + "/cli/holdup", "passwd"],
        input=password + "\n",
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
    ).stdout
    word, equals, text = made.split()
    if (word, equals) != ("password", "="):
        die(f"holdup passwd says {made!r}")
    return text


class Judge:
    """A `judge`, and the socket that it gets from holdupd: who connects while it is away
    waits for the next one."""

    def __init__(self, run):
        self.listener = listen_unix(run + "/holdup.judge")
        self.log_path = run + "/judge.log"
        self.process = None
        atexit.register(self.kill)
        self.start()

    def start(self):
        env = {**os.environ, "NUT_STATEPATH": os.path.dirname(self.log_path)}
        fd = self.listener.fileno()
        with open(self.log_path, "a") as log:
            self.process = subprocess.Popen(
                [BUILD + "/judge/judge", "-S", str(fd)],
                stderr=log, stdin=subprocess.DEVNULL, pass_fds=[fd], env=env,
            )

    def kill(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def memory(self):
        """What it has of the machine's memory for itself, in kB."""
        with open(f"/proc/{self.process.pid}/status") as f:
            rows = dict(line.split(":", 1) for line in f)
        return int(rows["RssAnon"].split()[0])

    def log(self):
        with open(self.log_path) as f:
            return f.read()
