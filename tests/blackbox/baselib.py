# SPDX-License-Identifier: ISC
"""What all the black-box scripts share: how they fail, wait, and listen."""

import os
import socket
import subprocess
import sys
import threading
import time

BUILD = os.environ.get("BUILD") or os.path.join(os.path.dirname(__file__), "../../build")

PATIENCE = 40  # s; only guards against hanging: a busy machine takes its time

failed = False


def die(text):
    global failed
    failed = True
    print(text)
    sys.exit(1)


def excepthook(*args):
    global failed
    failed = True
    sys.__excepthook__(*args)


sys.excepthook = excepthook


def same(what, got, wanted):
    if got != wanted:
        die(f"{what} is {got!r}, expected {wanted!r}")


def offspring(pid):
    """A process, and all below it."""
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as f:
            found = [int(child) for child in f.read().split()]
    except OSError:
        found = []
    return [pid, *(p for child in found for p in offspring(child))]


def waited(pid):
    """How many seconds it has waited for a CPU so far (0 where the kernel does not count)."""
    try:
        with open(f"/proc/{pid}/schedstat") as f:
            return int(f.read().split()[1]) / 1e9
    except (OSError, IndexError):
        return 0


class Stopwatch:
    """How long something takes: `real` for what may not happen too early. For what may not
    happen too late `ran`, which leaves out when this machine let nobody run: who sleeps for
    10 ms and wakes up after a second has not seen a second of the others' work. It leaves out,
    too, how long that program of this script had to wait for a CPU that had to wait longest, of
    those that still live."""

    TICK = 0.01
    ticks, thread = 0, None
    root = os.getpid()  # whose programs they are

    def __init__(self):
        if Stopwatch.thread is None:
            Stopwatch.thread = threading.Thread(target=Stopwatch.count, daemon=True)
            Stopwatch.thread.start()
        self.waited = {pid: waited(pid) for pid in self.programs()}
        self.begun, self.first = time.monotonic(), Stopwatch.ticks

    @classmethod
    def count(cls):
        while True:
            time.sleep(cls.TICK)
            cls.ticks += 1

    @classmethod
    def programs(cls):
        return [pid for pid in offspring(cls.root)[1:] if pid != os.getpid()]

    def real(self):
        return time.monotonic() - self.begun

    def ran(self):
        ran = min(self.real(), (Stopwatch.ticks - self.first + 1) * self.TICK)
        return ran - max((waited(pid) - self.waited.get(pid, 0) for pid in self.programs()),
                         default=0)

    def check(self, what, least, most):
        real, ran = self.real(), self.ran()
        if not (real >= least and ran <= most):
            die(f"{what} after {real:.2f} s ({ran:.2f}), not {least} to {most} s")


def soon(what, most, attempt, tries=10):
    """attempt() does it, and returns how many seconds it took: whoever waits where he should
    not is late each time, and a busy machine lets one of them through."""
    took = []
    while not took or min(took) > most:
        if len(took) == tries:
            die(f"{what} took {', '.join(f'{t:.2f}' for t in took)} s, never {most}")
        took.append(attempt())


def wait_for(what, condition, seconds=None):
    """Returns what the condition came to. `seconds` only where it has to be so soon."""
    watch = Stopwatch()
    while not (got := condition()):
        real = watch.real()
        if real > PATIENCE + (seconds or 0) or seconds and real > seconds < watch.ran():
            die(f"{what}: not within {seconds or PATIENCE} s")
        time.sleep(0.005)
    return got


def logged(program, *texts, times=None):
    """Its log comes to say all of that, and each as often as that."""
    for text in texts:
        wait_for(f"'{text}' in the log", lambda: program.log().count(text) >= (times or 1))
        same(f"lines '{text}'", program.log().count(text), times or program.log().count(text))


class Program(subprocess.Popen):
    """One whose end is not waited for for ever."""

    def wait(self, timeout=PATIENCE):
        return super().wait(timeout)


def listen_unix(path):
    """accept() does not wait for ever."""
    if os.path.exists(path):
        os.unlink(path)
    s = socket.socket(socket.AF_UNIX)
    s.bind(path)
    s.listen(5)
    s.settimeout(PATIENCE)
    return s


def connected(path, kind=socket.SOCK_STREAM):
    """A connection to a socket whose name is there a moment before anybody listens."""
    s = socket.socket(socket.AF_UNIX, kind)

    def connects():
        try:
            s.connect(path)
        except (FileNotFoundError, ConnectionRefusedError):
            return False
        return True

    wait_for(f"a listener at {path}", connects)
    return s
