#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# takes 20 s
"""`out`, its publisher and the process that writes are killed in whatever moment, dozens of
times: what was handed on once is handed on again, with its number, until it is taken; what was
taken, and is on the disk, never; everything that happened is there, in its order."""

import os
import random
import signal
import time

from baselib import die, same, wait_for
from wirelib import Wire

ROUNDS = 60
SEED = int(os.environ.get("SEED", random.randrange(10**6)))


def children_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as f:
        return [int(child) for child in f.read().split()]


class Trial:
    def __init__(self):
        self.random = random.Random(SEED)
        self.wire = Wire()
        self.status = "OL"
        self.seen = {}          # id → kind and text
        self.taken = 0          # the last that we said to be taken: it may not be heard;
        self.sure = 0           # ... that the file knows of
        self.lives = 0          # of publishers, since out was started
        self.begin()

    def fail(self, text):
        die(f"SEED={SEED}: {text}")

    def begin(self):
        self.p = self.wire.publisher()
        self.last = 0
        self.over = self.sure  # this one is not to see them

    def event(self):
        e = self.p.event()
        if e.id <= self.last:
            self.fail(f"{e.id} {e.kind} comes behind {self.last}")
        if e.id <= self.over:
            self.fail(f"{e.id} {e.kind} was taken")
        if self.seen.setdefault(e.id, (e.kind, e.text)) != (e.kind, e.text):
            self.fail(f"{e.id} is {e.kind}, and was {self.seen[e.id]}")
        # Nothing that was handed on before, and is not taken, is left out.
        between = [i for i in self.seen if max(self.taken, self.last) < i < e.id]
        if between:
            self.fail(f"{e.id} comes, and {between} are left out")
        self.last = e.id
        # out has not heard, or not kept, that this one was taken.
        if e.id <= self.taken:
            self.p.send(f"TAKEN {e.id}\n")
        # Where 16 are not taken no more would come.
        if sum(self.taken < i <= self.last for i in self.seen) > 9:
            self.taken = self.last
            self.p.send(f"TAKEN {self.taken}\n")
        return e

    def until(self, kind):
        while (e := self.event()).kind != kind:
            pass
        return e

    def happens(self):
        """The mains fails, or is back: it is handed on."""
        self.status = "OB DISCHRG" if self.status == "OL" else "OL"
        self.wire.core.set("ups.status", self.status)
        self.until("onbatt" if self.status != "OL" else "online")

    def take(self):
        """Some of what has come; the file knows it soon."""
        self.taken = self.random.choice(
            [self.taken, *(i for i in self.seen if self.taken < i <= self.last)])
        self.p.send(f"TAKEN {self.taken}\n")
        if self.random.random() < 0.5:
            self.make_sure()

    def make_sure(self):
        """Says it until the file knows: what was said before may have been lost on the way, and
        more than it was handed nobody takes."""
        def known():
            self.p.send(f"TAKEN {self.taken}\n")
            time.sleep(0.02)
            return f"READER mqtt {self.taken}\n".encode() in self.wire.file()
        if self.taken > 0:
            wait_for("the file", known)
            self.sure = self.taken

    def kill_publisher(self):
        self.lives += 1
        if self.lives > 2:
            return  # the next start would be later each time
        os.kill(self.p.pid, signal.SIGKILL)
        self.begin()

    def kill_writer(self):
        for pid in children_of(self.wire.process.pid):
            with open(f"/proc/{pid}/comm") as f:
                if f.read() == "out-writer\n":
                    os.kill(pid, signal.SIGKILL)
                    self.wire.says("the process that writes is gone")
                    return

    def kill_out(self):
        self.wire.kill()
        self.restart()

    def restart(self):
        self.lives = 0
        self.wire.start()
        self.wire.core.reader_is(f'qnapups SETINFO ups.status "{self.status}"')
        self.begin()
        self.until("start")

    def end_out(self):
        """It ends as it should, and what happens at last waits, too."""
        self.make_sure()
        self.wire.stop()
        self.restart()

    def round(self):
        for act in self.random.choices((self.happens, self.take), (2, 1), k=3):
            act()
        self.random.choices(
            (self.kill_publisher, self.kill_out, self.end_out, self.happens),
            (3, 3, 1, 3))[0]()


trial = Trial()
for _ in range(ROUNDS):
    trial.round()
# Without its writer events come all the same, and in the end all of them are on the disk.
trial.kill_writer()
trial.happens()
trial.wire.says("is written again")
trial.kill_out()
trial.wire.stop()
