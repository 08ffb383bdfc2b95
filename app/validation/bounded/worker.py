"""The process that checks: it loads what a check needs once, then forks for each set of files.

A fork has its own bounds and ends when it has answered. Nothing that it says is more than text:
{"at": path} while it goes on, {"stopped": why}, or the verdict. Started by `checker`, with one end
of a pair of sockets as standard input, over which each set comes as a socket of its own.
"""

from __future__ import annotations

import gc
import json
import math
import os
import resource
import signal
import socket
import sys
from time import process_time
from typing import NoReturn

from app.engine.limits import telling
from app.validation import gate
from app.validation.bounded import frames, verdict

TIME, MEMORY = "time", "memory"
_DRAWING = (
    b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="x">'
    b'<process id="p" isExecutable="true"><startEvent id="s"/></process></definitions>'
)


def main() -> None:
    gate.check({"bpmn/p.bpmn": _DRAWING, "forms/f.form": b"{}", "bpmn/d.dmn": b"<x/>"})
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asked = socket.socket(fileno=os.dup(0))
    while True:
        said, given, _, _ = socket.recv_fds(asked, 1024, 1)
        if not given:
            return
        if os.fork() == 0:
            asked.close()
            _answer(socket.socket(fileno=given[0]), json.loads(said))
        os.close(given[0])


def _answer(to: socket.socket, limits: dict[str, float]) -> NoReturn:
    """Checks what comes, says the verdict, and ends; or is ended by its bounds."""
    try:
        meter = _Meter(to, limits["new"])
        _bound(limits)
        gc.disable()  # it ends before anything that lies about could matter
        known = frozenset(json.loads(frames.receive(to) or b"[]"))
        files = frames.receive_files(to)
        with telling(lambda path: meter.at(path, path in known)):
            checked = gate.check(files, last=known)
        answer = verdict.written(verdict.of(checked), process_time())
    except MemoryError:
        answer = json.dumps({"stopped": MEMORY}).encode("ascii")
    try:
        frames.send(to, answer)
    finally:
        os._exit(0)


class _Meter:
    """Says which file is looked at, and lets run only so long what is not known."""

    def __init__(self, to: socket.socket, seconds: float) -> None:
        self._to = to
        self._left = seconds
        signal.signal(signal.SIGPROF, self._stop)
        signal.signal(signal.SIGXCPU, self._stop)

    def at(self, path: str, known: bool) -> None:
        left, _ = signal.setitimer(signal.ITIMER_PROF, 0)
        self._left = left or self._left
        frames.send(self._to, json.dumps({"at": path}).encode("ascii"))
        if not known:
            signal.setitimer(signal.ITIMER_PROF, self._left)

    def _stop(self, *_: object) -> None:
        frames.send(self._to, json.dumps({"stopped": TIME}).encode("ascii"))
        os._exit(0)


def _bound(limits: dict[str, float]) -> None:
    seconds = math.ceil(limits["all"])
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(math.ceil(limits["wall"]))
    used = _pages() * resource.getpagesize()
    memory = used + int(limits["megabytes"]) * 1_000_000
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _pages() -> int:
    """Of memory that this process has mapped by now: Python, its libraries, what is loaded."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0])


if __name__ == "__main__":
    main()
    sys.exit(0)
